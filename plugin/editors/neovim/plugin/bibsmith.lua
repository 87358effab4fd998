-- Works without setup(): the server starts with the first file that cites, and :Bibsmith is there at once.
if vim.g.loaded_bibsmith then
  return
end
vim.g.loaded_bibsmith = true

vim.api.nvim_create_user_command('Bibsmith', function(call)
  require('bibsmith.commands').run(call)
end, {
  nargs = '*',
  bang = true,
  desc = 'Fetch, update, search and cite papers',
  complete = function(lead, line)
    return require('bibsmith.commands').complete(lead, line)
  end,
})

local group = vim.api.nvim_create_augroup('bibsmith', { clear = true })
vim.api.nvim_create_autocmd('FileType', {
  group = group,
  pattern = require('bibsmith.config').filetypes,
  desc = 'Start the Bibsmith language server',
  callback = function(event)
    -- Later, so that texlab and digestif, which start on the same event, are seen.
    vim.schedule(function()
      if vim.api.nvim_buf_is_loaded(event.buf) and require('bibsmith.config').get().autostart then
        require('bibsmith.lsp').start(event.buf)
      end
    end)
  end,
})
