-- Completion by title and author for 'completefunc' (CTRL-X CTRL-U). The omnifunc of Neovim before 0.11 drops items
-- that do not begin with what was typed, so that words of a title would find nothing.
local lsp = require('bibsmith.lsp')

local M = {}

local function word_of(item, buffer_line)
  local edit = item.textEdit
  local byte = vim.str_byteindex(buffer_line, edit.range.start.character, true)
  return byte, {
    word = edit.newText,
    abbr = item.label,
    kind = item.command and 'arXiv' or '',
    menu = item.detail or '',
    -- The server has chosen by title and author; what is typed need not be in the key.
    equal = 1,
    user_data = { nvim = { lsp = { completion_item = item } } },
  }
end

function M.func(find_start)
  if find_start == 0 then
    return {}
  end
  local line, tick = vim.api.nvim_get_current_line(), vim.api.nvim_buf_get_changedtick(0)
  lsp.request('textDocument/completion', vim.lsp.util.make_position_params(0, 'utf-16'), function(result)
    local items = result and result.items or {}
    if #items == 0 or vim.api.nvim_buf_get_changedtick(0) ~= tick or vim.fn.mode() ~= 'i' then
      return
    end
    local start, words = nil, {}
    for _, item in ipairs(items) do
      local byte, word = word_of(item, line)
      start = byte
      table.insert(words, word)
    end
    vim.fn.complete(start + 1, words)
  end)
  return -2 -- nothing yet, and the mode stays
end

return M
