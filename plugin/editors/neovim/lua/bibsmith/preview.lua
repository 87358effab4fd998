-- What an update would change, shown before it is done.
local lsp = require('bibsmith.lsp')

local M = {}

-- The text with edits { offset, length, new_text } in bytes, which do not overlap, applied.
function M.edited(text, edits)
  table.sort(edits, function(a, b)
    return a.offset < b.offset
  end)
  local parts, at = {}, 0
  for _, edit in ipairs(edits) do
    table.insert(parts, text:sub(at + 1, edit.offset))
    table.insert(parts, edit.new_text)
    at = edit.offset + edit.length
  end
  table.insert(parts, text:sub(at + 1))
  return table.concat(parts)
end

local function show(diff)
  vim.cmd('botright new')
  local buffer = vim.api.nvim_get_current_buf()
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, vim.split(diff, '\n', { trimempty = true }))
  for name, value in pairs({ buftype = 'nofile', bufhidden = 'wipe', filetype = 'diff', modifiable = false }) do
    vim.api.nvim_buf_set_option(buffer, name, value)
  end
  vim.cmd('redraw')
  return buffer
end

-- Shows the update of the bibliography in this buffer, of all entries or those of `only`, and calls accepted().
function M.update(only, accepted)
  local text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n') .. '\n'
  local params = { text = text, only = #only > 0 and only or nil }
  lsp.execute('bibsmith.call', { method = 'bibsmith/bib.plan', params = params }, function(plan)
    if #plan.edits == 0 then
      vim.notify('bibsmith: nothing to update')
      return
    end
    local window = vim.api.nvim_get_current_win()
    local shown = show(vim.diff(text, M.edited(text, plan.edits)))
    vim.ui.select({ 'Yes', 'No' }, { prompt = 'Make these changes?' }, function(answer)
      vim.api.nvim_buf_delete(shown, { force = true })
      vim.api.nvim_set_current_win(window)
      if answer == 'Yes' then
        accepted()
      end
    end)
  end)
end

return M
