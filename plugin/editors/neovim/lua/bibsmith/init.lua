-- Bibsmith in Neovim; :help bibsmith
local M = {}

-- Options: :help bibsmith-setup. Need not be called.
function M.setup(options)
  require('bibsmith.config').setup(options)
end

-- For 'completefunc': citations by key, author or words of the title.
function M.complete(find_start, _)
  return require('bibsmith.complete').func(find_start)
end

return M
