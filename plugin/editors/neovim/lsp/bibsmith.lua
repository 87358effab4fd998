-- For vim.lsp.enable('bibsmith') of Neovim 0.11, instead of the plugin's own start (autostart = false).
return {
  cmd = { 'bibsmith', 'lsp' },
  filetypes = { 'tex', 'plaintex', 'context', 'rnoweb', 'bib', 'markdown', 'pandoc', 'quarto', 'rmd', 'typst', 'org' },
  root_markers = { 'bibsmith.toml', '.latexmkrc', 'latexmkrc', 'typst.toml', '_quarto.yml', '.git' },
}
