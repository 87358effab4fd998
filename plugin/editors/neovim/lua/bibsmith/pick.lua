-- Choosing one of several papers: vim.ui.select, which others replace by what they like.
local M = {}

-- items: { label, detail, ... }. Calls chosen(item) unless nothing was chosen.
function M.pick(prompt, items, chosen)
  if #items == 0 then
    vim.notify('bibsmith: nothing found')
    return
  end
  vim.ui.select(items, {
    prompt = prompt,
    kind = 'bibsmith',
    format_item = function(item)
      return item.detail and item.detail ~= '' and item.label .. '  ' .. item.detail or item.label
    end,
  }, function(item)
    if item then
      chosen(item)
    end
  end)
end

-- Puts text where the cursor is in a window, behind it in normal mode.
function M.insert(window, text)
  local row, column = unpack(vim.api.nvim_win_get_cursor(window))
  local buffer = vim.api.nvim_win_get_buf(window)
  local line = vim.api.nvim_buf_get_lines(buffer, row - 1, row, false)[1]
  if vim.fn.mode() ~= 'i' and #line > 0 then
    column = math.min(column + 1, #line)
  end
  vim.api.nvim_buf_set_text(buffer, row - 1, column, row - 1, column, { text })
  vim.api.nvim_win_set_cursor(window, { row, column + #text })
end

return M
