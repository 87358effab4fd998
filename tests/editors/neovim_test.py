"""The plugin in the real Neovim, which runs without a terminal and is told what to do through its socket."""
import json
import os
import shutil
import subprocess
import sys
import unittest

import scenario
import world

PLUGIN = scenario.ROOT / "plugin" / "editors" / "neovim"


class Neovim(scenario.Project):
    def setUp(self):
        super().setUp()
        self.environment["XDG_RUNTIME_DIR"] = str(self.folder)
        self.socket = str(self.folder / "nvim")
        self.script = self.folder / "call.lua"
        self.process = subprocess.Popen(
            ["nvim", "--clean", "-n", "--headless", "--listen", self.socket,
             "--cmd", f"set runtimepath^={PLUGIN}", "--cmd", "filetype plugin on", "paper.tex"],
            cwd=self.project, env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT)
        self.addCleanup(self.end)
        world.wait_until(lambda: os.path.exists(self.socket) or self.process.poll() is not None, "Neovim listens")
        self.lua("_G.told = {}; vim.notify = function(text) table.insert(_G.told, text) end")
        self.wait("#vim.lsp.buf_get_clients(0) > 0 or next(vim.lsp.buf_get_clients(0)) ~= nil")

    def end(self):
        self.process.kill()
        self.process.communicate()

    def remote(self, *arguments):
        done = subprocess.run(["nvim", "--clean", "--headless", "--server", self.socket, *arguments], env=self.environment,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=world.LIMIT_S)
        return done.stdout + done.stderr  # 0.7 prints what it evaluated on standard error

    def lua(self, code):
        """Runs Lua in the editor; what it returns."""
        self.script.write_text(f"local run = function() {code}\nend\n"
                               "local ok, result = pcall(run)\n"
                               "return vim.json.encode({ ok = ok, result = result })")
        printed = self.remote("--remote-expr", f"luaeval('dofile(_A)', '{self.script}')")
        try:
            answer = json.loads(printed)
        except json.JSONDecodeError:
            raise RuntimeError(f"Neovim answered {printed!r} to {code}") from None
        if not answer["ok"]:
            raise RuntimeError(answer["result"])
        return answer.get("result")

    def wait(self, expression):
        try:
            world.wait_until(lambda: self.lua(f"return ({expression}) and true or false"), expression)
        except TimeoutError as late:
            raise TimeoutError(f"{late}; the text is {self.text()!r}; told {self.lua('return _G.told')}") from late

    def keys(self, keys):
        self.remote("--remote-send", keys)

    def text(self):
        return self.lua("return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\\n')")

    def wait_for_text(self, part):
        self.wait(f"vim.fn.search({json.dumps(chr(92) + 'V' + part.replace(chr(92), chr(92) * 2))}, 'nw') > 0")

    def choose(self, number):
        """Whatever is asked next is answered with that choice; what was offered is kept in `offered`."""
        self.lua("vim.ui.select = function(items, options, done) _G.offered = {}\n"
                 "for i, item in ipairs(items) do\n"
                 "_G.offered[i] = options.format_item and options.format_item(item) or tostring(item) end\n"
                 f"_G.select_done = function() done(items[{number}], {number}) end\nvim.schedule(_G.select_done) end")

    def go_to(self, mark):
        self.lua(f"vim.api.nvim_win_set_cursor(0, {{1, 0}}); vim.fn.search({json.dumps(chr(92) + 'V' + mark)}, 'c')")

    def codes(self):
        return self.lua("local codes = {}; for _, one in ipairs(vim.diagnostic.get(0)) do\n"
                        "table.insert(codes, one.code or one.user_data.lsp.code) end; return codes")

    def test_from_a_missing_citation_to_an_updated_bibliography(self):
        self.wait("#vim.diagnostic.get(0) == 1")
        self.assertEqual(self.codes(), ["bibsmith.fetchable"])

        self.choose(1)
        self.go_to("1706")
        self.lua("vim.lsp.buf.code_action()")
        self.wait_for_text("cite{vaswani2017attention}")
        self.assertIn("Fetch arXiv:1706.03762 and add it to refs.bib", self.lua("return _G.offered")[0])
        self.assertIn("@misc{vaswani2017attention,", (self.project / "refs.bib").read_text())
        self.wait("#vim.diagnostic.get(0) == 0")

        # by words of the title, as it is typed
        self.keys("4Gi\\cite{stochastc optim<C-x><C-u>")
        self.wait("vim.fn.getline(4) == '\\\\cite{kingma2014adam'")
        self.keys("}<Esc>")
        self.wait("vim.fn.mode() == 'n'")
        self.assertEqual(self.lua("return vim.fn.getline(4)"), "\\cite{kingma2014adam}")

        self.go_to("vaswani")
        self.lua("vim.lsp.buf.hover()")
        self.wait("#vim.api.nvim_list_wins() == 2")
        shown = self.lua("local wins = vim.api.nvim_list_wins()\n"
                         "return vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(wins[2]), 0, -1, false)")
        self.assertIn("Attention", " ".join(shown))

        self.go_to("kingma")
        self.lua("vim.lsp.buf.rename('adam')")
        self.wait_for_text("\\cite{adam}")
        self.assertNotIn("kingma2014adam", self.text())
        self.lua("vim.cmd('silent wall | edit refs.bib')")
        self.assertIn("@misc{adam,", self.text())

        # with a preview: first no, then yes
        self.wait("next(vim.lsp.buf_get_clients(0)) ~= nil")
        self.choose(2)
        self.lua("vim.cmd('Bibsmith update adam')")
        self.wait("_G.offered and _G.offered[1] == 'Yes' and vim.bo.filetype == 'bib'")
        self.assertEqual(self.text().lower().count("archiveprefix"), 1)
        self.choose(1)
        self.lua("vim.cmd('Bibsmith update adam')")
        self.wait("vim.bo.filetype == 'bib' and _G.told[#_G.told] == 'bibsmith: 1 entry'")
        self.assertEqual(self.text().lower().count("archiveprefix"), 2)

    def test_the_commands(self):
        self.assertEqual(self.lua("return vim.fn.getcompletion('Bibsmith ', 'cmdline')"),
                         ["add", "cite", "fetch", "search", "status", "update", "verify"])
        self.lua("vim.cmd('Bibsmith')")
        self.wait("(_G.told[1] or ''):match('^bibsmith %d')")
        self.lua("vim.cmd('Bibsmith nonsense')")
        self.assertEqual(self.lua("return _G.told[#_G.told]"),
                         "bibsmith: there is no nonsense; there are add, cite, fetch, search, status, update, verify")
        self.lua("vim.cmd('Bibsmith fetch')")
        self.wait_for_text("cite{vaswani2017attention}")
        self.choose(1)
        self.lua("vim.fn.cursor(4, 1); vim.cmd('Bibsmith search deep residual learning')")
        self.wait_for_text("he2015deep")
        self.assertIn("Deep Residual Learning", self.lua("return _G.offered")[0])
        self.lua("vim.fn.cursor(4, 1); vim.fn.setline(4, ''); vim.cmd('Bibsmith add 1810.04805')")
        self.wait("vim.fn.getline(4) ~= ''")
        self.assertIn("devlin", self.lua("return vim.fn.getline(4)"))
        self.lua("vim.fn.setline(4, ''); vim.cmd('Bibsmith cite stochastic')")
        self.wait("vim.fn.getline(4) == 'kingma2014adam'")
        self.lua("vim.cmd('Bibsmith update')")
        self.assertEqual(self.lua("return _G.told[#_G.told]"), "bibsmith: open the bibliography that is to be updated")
        self.lua("vim.cmd('Bibsmith verify')")
        self.assertEqual(self.lua("return _G.told[#_G.told]"), "bibsmith: open the bibliography that is to be verified")

    def test_references_are_verified_and_accepted_for_a_reason(self):
        (self.project / "refs.bib").write_text("@misc{nothing, title = {Entirely Unheard Of}, author = {Body, No}, year = 2018}\n")
        self.lua("vim.cmd('silent edit! refs.bib')")
        self.wait("next(vim.lsp.buf_get_clients(0)) ~= nil")
        self.lua("vim.cmd('Bibsmith verify nothing')")
        self.wait("(_G.told[#_G.told] or ''):match('^bibsmith: 0 verified, 0 with wrong fields, 1 not found')")
        self.lua("vim.ui.input = function(options, done) _G.asked = options.prompt; done(' a talk ') end\n"
                 "vim.lsp.commands['bibsmith.accept']({ command = 'bibsmith.accept', arguments = "
                 "{ { uri = vim.uri_from_bufnr(0), key = 'nothing', reason = 'accepted in the editor' } } })")
        self.wait("vim.fn.filereadable('bibsmith.toml') == 1 or _G.told[#_G.told]:match('^bibsmith: n')")
        self.assertEqual(self.lua("return _G.asked"), "Why is nothing right as it is? ")

    def test_accepting_a_paper_of_arxiv_fetches_it(self):
        self.keys("4Gi\\cite{deep residual learning<C-x><C-u>")
        self.wait("vim.fn.getline(4) == '\\\\cite{arXiv:1512.03385'")
        self.keys("<C-y>")
        self.wait_for_text("\\cite{he2015deep")
        self.assertIn("@misc{he2015deep", (self.project / "refs.bib").read_text())

    def test_a_peer_that_comes_later_is_told_to_the_server(self):
        self.wait("#vim.diagnostic.get(0) == 1")
        self.lua("vim.fn.setline(4, '\\\\cite{nobody}')")
        self.wait("#vim.diagnostic.get(0) == 2")
        # A second server of ours, under the name of the peer, is as good as the peer.
        self.lua("local compat = require('bibsmith.compat'); local clients = compat.clients\n"
                 "compat.clients = function(buffer)\n"
                 "return vim.list_extend({ { name = 'texlab' } }, clients(buffer)) end\n"
                 "require('bibsmith.lsp').tell_peers()")
        self.wait("#vim.diagnostic.get(0) == 1")
        self.assertEqual(self.codes(), ["bibsmith.fetchable"])

    def test_the_health_check_and_the_manual(self):
        self.lua("vim.cmd('silent checkhealth bibsmith')")
        self.wait("vim.bo.filetype == 'checkhealth' or vim.fn.search('servers\\\\? run', 'nw') > 0")
        self.assertRegex(self.text(), r"OK: bibsmith \d+\.\d+\.\d+ at /")
        self.assertIn("1 server runs", self.text())
        copy = self.folder / "doc"
        shutil.copytree(PLUGIN / "doc", copy)
        self.lua(f"vim.cmd('helptags {copy}')")
        tags = (copy / "tags").read_text()
        for name in self.lua("return require('bibsmith.commands').names()"):
            self.assertIn(f":Bibsmith-{name}\t", tags)

    def test_the_telescope_picker(self):
        # Telescope is not packaged by Debian: its interface, as far as it is used, stands in for it.
        self.lua("""
          package.loaded['telescope'] = { register_extension = function(given) return given end }
          package.loaded['telescope.actions'] = {
            close = function() end,
            select_default = { replace = function(_, f) _G.accept = f end } }
          package.loaded['telescope.actions.state'] = {
            get_selected_entry = function() return _G.picker.finder.entry_maker(_G.picker.finder.results[1]) end }
          package.loaded['telescope.finders'] = { new_table = function(given) return given end }
          package.loaded['telescope.sorters'] = { get_generic_fuzzy_sorter = function() return {} end }
          package.loaded['telescope.config'] = { values = { grep_previewer = function() return {} end } }
          package.loaded['telescope.pickers'] = { new = function(_, given) return { find = function()
            _G.picker = given; given.attach_mappings(1) end } end }
          vim.fn.cursor(4, 1)
          require('telescope._extensions.bibsmith').exports.bibsmith({})""")
        self.wait("_G.accept ~= nil")
        self.assertIn("Stochastic", self.lua("return _G.picker.finder.entry_maker(_G.picker.finder.results[1]).ordinal"))
        self.lua("_G.accept()")
        self.assertEqual(self.lua("return vim.fn.getline(4)"), "kingma2014adam")


if __name__ == "__main__":
    if not shutil.which("nvim"):
        print("there is no nvim: skipped")
        sys.exit(scenario.SKIPPED)
    unittest.main()
