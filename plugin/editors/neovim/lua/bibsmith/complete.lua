-- Completion by title and author for 'completefunc' (CTRL-X CTRL-U). The omnifunc of Neovim before 0.11 drops items
-- that do not begin with what was typed, so that words of a title would find nothing.
local lsp = require('bibsmith.lsp')

local M = {}

-- The byte in the line of a column that the server counted: Neovim 0.11 has agreed on UTF-8 with it, others on UTF-16.
local function byte_of(line, column, encoding)
  return encoding == 'utf-8' and column or vim.str_byteindex(line, column, encoding == 'utf-16')
end

local function word_of(item)
  local edit = item.textEdit
  return {
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
  local client = lsp.client()
  if not client then
    return -3
  end
  local encoding = client.offset_encoding or 'utf-16'
  local line, tick = vim.api.nvim_get_current_line(), vim.api.nvim_buf_get_changedtick(0)
  lsp.request('textDocument/completion', vim.lsp.util.make_position_params(0, encoding), function(result)
    local items = result and result.items or {}
    if #items == 0 or vim.api.nvim_buf_get_changedtick(0) ~= tick or vim.fn.mode() ~= 'i' then
      return
    end
    local start = byte_of(line, items[1].textEdit.range.start.character, encoding)
    vim.fn.complete(start + 1, vim.tbl_map(word_of, items))
  end)
  return -2 -- nothing yet, and the mode stays
end

return M
