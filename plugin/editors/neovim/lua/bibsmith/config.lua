-- What the user set, over what holds without a word.
local M = {}

M.filetypes = { 'tex', 'plaintex', 'context', 'rnoweb', 'bib', 'markdown', 'pandoc', 'quarto', 'rmd', 'typst', 'org' }

M.root_markers = { 'bibsmith.toml', '.latexmkrc', 'latexmkrc', 'typst.toml', '_quarto.yml', '.git' }

local defaults = {
  cmd = { 'bibsmith', 'lsp' },
  cmd_env = nil,
  autostart = true,
  -- :Bibsmith update shows what it would change and asks; :Bibsmith! update does not.
  preview = true,
  -- The settings of the server: docs/lsp.md.
  settings = {},
  on_attach = nil,
  capabilities = nil,
}

local options = defaults

function M.setup(given)
  options = vim.tbl_deep_extend('force', {}, defaults, given or {})
end

function M.get()
  return options
end

return M
