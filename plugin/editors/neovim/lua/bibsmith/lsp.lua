-- The client of the language server.
local compat = require('bibsmith.compat')
local config = require('bibsmith.config')

local M = {}

-- Servers that do part of our work; ours is silent in that where they run.
local peers_known = { 'texlab', 'digestif' }

function M.peers()
  local found = {}
  for _, client in ipairs(compat.clients()) do
    if vim.tbl_contains(peers_known, client.name) then
      table.insert(found, client.name)
    end
  end
  table.sort(found)
  return found
end

-- A peer that started later, or ended.
function M.tell_peers()
  local now = M.peers()
  for _, client in ipairs(compat.clients()) do
    if client.name == 'bibsmith' then
      local settings = client.config.settings
      if not vim.deep_equal(settings.bibsmith.peers, now) and not config.get().settings.peers then
        settings.bibsmith.peers = now
        compat.notify_client(client, 'workspace/didChangeConfiguration', { settings = settings })
      end
    end
  end
end

-- Accepting an item that stands for a paper on arXiv fetches it. Neovim's own completion does not run the commands
-- of items before 0.11.
local function on_complete_done()
  local data = vim.v.completed_item and vim.v.completed_item.user_data
  local item = type(data) == 'table' and vim.tbl_get(data, 'nvim', 'lsp', 'completion_item')
  if type(item) == 'table' and type(item.command) == 'table' and item.command.command == 'bibsmith.fetch' then
    M.execute(item.command.command, item.command.arguments[1])
  end
end

local function on_attach(client, buffer)
  local group = vim.api.nvim_create_augroup('bibsmith_' .. buffer, { clear = true })
  vim.api.nvim_buf_set_option(buffer, 'completefunc', "v:lua.require'bibsmith'.complete")
  if vim.fn.has('nvim-0.11') == 0 then
    vim.api.nvim_create_autocmd('CompleteDone', { group = group, buffer = buffer, callback = on_complete_done })
  end
  local events = vim.fn.exists('##LspAttach') == 1 and { 'LspAttach', 'LspDetach' } or { 'CursorHold', 'InsertEnter' }
  vim.api.nvim_create_autocmd(events, { group = group, buffer = buffer, callback = M.tell_peers })
  if config.get().on_attach then
    config.get().on_attach(client, buffer)
  end
end

-- The configuration of the client for a buffer.
function M.client_config(buffer)
  local options = config.get()
  local path = vim.api.nvim_buf_get_name(buffer)
  local root = compat.root(path, config.root_markers) or vim.fn.fnamemodify(path, ':p:h')
  local settings = vim.tbl_extend('keep', options.settings, { peers = M.peers() })
  return {
    name = 'bibsmith',
    cmd = options.cmd,
    cmd_env = options.cmd_env,
    root_dir = root,
    workspace_folders = { { uri = vim.uri_from_fname(root), name = root } },
    init_options = settings,
    settings = { bibsmith = vim.deepcopy(settings) },
    capabilities = options.capabilities or vim.lsp.protocol.make_client_capabilities(),
    on_attach = on_attach,
  }
end

-- Starts the server for a buffer. Returns the client's id; nil: it could not start.
function M.start(buffer)
  buffer = buffer or vim.api.nvim_get_current_buf()
  if vim.api.nvim_buf_get_option(buffer, 'buftype') ~= '' then
    return nil
  end
  local program = config.get().cmd[1]
  if vim.fn.executable(program) == 0 then
    vim.notify_once('bibsmith: there is no program ' .. program .. '; see :checkhealth bibsmith', vim.log.levels.WARN)
    return nil
  end
  return compat.start(M.client_config(buffer), buffer)
end

-- Our client for a buffer; nil: none is attached.
function M.client(buffer)
  for _, client in ipairs(compat.clients(buffer or vim.api.nvim_get_current_buf())) do
    if client.name == 'bibsmith' then
      return client
    end
  end
end

-- Asks the server, and calls done(result) if it answers without an error, which is told else.
function M.request(method, params, done)
  local client = M.client()
  if not client then
    vim.notify('bibsmith: no server runs for this buffer', vim.log.levels.ERROR)
    return
  end
  compat.request(client, method, params, function(failure, result)
    if failure then
      vim.notify('bibsmith: ' .. failure.message, vim.log.levels.ERROR)
    elseif done then
      done(result)
    end
  end, vim.api.nvim_get_current_buf())
end

-- One of the commands "bibsmith.*" of docs/lsp.md, with its one argument.
function M.execute(command, argument, done)
  M.request('workspace/executeCommand', { command = command, arguments = { argument } }, done)
end

-- What a reference is accepted for as it is, its author says; the action of the server has no good reason.
function M.accept(command)
  local argument = command.arguments[1]
  vim.ui.input({ prompt = 'Why is ' .. argument.key .. ' right as it is? ' }, function(reason)
    if reason and vim.trim(reason) ~= '' then
      M.execute(command.command, vim.tbl_extend('force', argument, { reason = vim.trim(reason) }))
    end
  end)
end

vim.lsp.commands['bibsmith.accept'] = M.accept

return M
