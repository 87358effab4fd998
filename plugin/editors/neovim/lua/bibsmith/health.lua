-- :checkhealth bibsmith
local M = {}

local health = vim.health or require('health')
local start = health.start or health.report_start
local ok = health.ok or health.report_ok
local warn = health.warn or health.report_warn
local fail = health.error or health.report_error

function M.check()
  start('bibsmith')
  local program = require('bibsmith.config').get().cmd[1]
  if vim.fn.executable(program) == 0 then
    fail('there is no program ' .. program, { 'install bibsmith, or set `cmd` in setup()' })
    return
  end
  ok(vim.fn.trim(vim.fn.system({ program, '--version' })) .. ' at ' .. vim.fn.exepath(program))
  local count = 0
  for _, client in ipairs(require('bibsmith.compat').clients()) do
    count = count + (client.name == 'bibsmith' and 1 or 0)
  end
  ok(count == 1 and '1 server runs' or count .. ' servers run')
  local peers = require('bibsmith.lsp').peers()
  if #peers > 0 then
    ok('silent in what these do: ' .. table.concat(peers, ', '))
  end
  if not pcall(require, 'telescope') then
    warn('telescope.nvim is absent: papers are chosen with vim.ui.select')
  end
end

return M
