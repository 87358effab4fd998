"""The language server, by a client of its own: a paper with a missing citation, from the finding to the entry."""
import os
import unittest

import lsp_client
import works_world
import world
from paper import BIB

PAPER = """\\documentclass{article}
\\begin{document}
Attention \\cite{arXiv:1706.03762}, Adam \\citep[see][]{kingma2014adam}, é𝄞 \\cite{nobody}.
\\bibliography{refs}
\\end{document}
"""
WAVES = """@misc{waves,
  author = {Abbott, B. P. and others},
  title  = {Observation of Gravitational Waves from a Binary Black Hole Merger},
  eprint = {1602.03837},
}
"""
GONE = """@misc{gone, eprint = {0906.3336}, title = {Lower order eigenvalues of the biharmonic operator}}
"""


class LanguageServer(world.World):
    interval_ms = 20

    def setUp(self):
        super().setUp()
        self.project = self.folder / "project"
        self.project.mkdir()
        (self.project / "paper.tex").write_text(PAPER)
        (self.project / "refs.bib").write_text(BIB)
        self.client = None

    def tearDown(self):
        if self.client:
            self.client.stop()
        super().tearDown()

    def start_client(self, **more):
        self.client = lsp_client.Client(os.environ["BIBSMITH_PROGRAM"], self.environment, self.project, **more)
        return self.client

    def codes(self, findings):
        return sorted(one["code"] for one in findings)

    def test_a_missing_citation_is_found_fetched_and_cited(self):
        client = self.start_client()
        self.assertEqual(client.server["capabilities"]["positionEncoding"], "utf-16")
        client.open("paper.tex", "latex")
        found = client.wait_for_diagnostics("paper.tex", lambda found: len(found) == 2)
        self.assertEqual(self.codes(found), ["bibsmith.fetchable", "bibsmith.unknown-key"])
        unknown = next(one for one in found if one["code"] == "bibsmith.unknown-key")
        self.assertEqual(unknown["range"]["start"], client.position("paper.tex", "nobody"))

        actions = client.actions("paper.tex", "1706.03762")
        self.assertEqual([one["title"] for one in actions][0], "Fetch arXiv:1706.03762 and add it to refs.bib")
        result = client.run(actions[0]["command"])
        self.assertEqual((result["ok"], result["changed"]), (True, ["vaswani2017attention"]))
        self.assertIn("\\cite{vaswani2017attention}", client.texts[client.uri("paper.tex")])
        text = (self.project / "refs.bib").read_text()
        self.assertTrue(text.startswith(BIB), text)
        self.assertIn("@misc{vaswani2017attention,", text)
        found = client.wait_for_diagnostics("paper.tex", lambda found: len(found) == 1)
        self.assertEqual(self.codes(found), ["bibsmith.unknown-key"])
        self.assertEqual(client.close(), 0)

    def test_an_open_bibliography_is_changed_in_the_editor(self):
        client = self.start_client()
        client.open("paper.tex", "tex")
        client.open("refs.bib", "bibtex")
        client.texts[client.uri("refs.bib")] = BIB
        result = client.run({"command": "bibsmith.fetch",
                             "arguments": [{"uri": client.uri("paper.tex"), "ids": ["arXiv:1706.03762"]}]})
        self.assertTrue(result["ok"], result)
        self.assertEqual((self.project / "refs.bib").read_text(), BIB)
        self.assertIn("@misc{vaswani2017attention,", client.texts[client.uri("refs.bib")])
        self.assertIn("\\cite{vaswani2017attention}", client.texts[client.uri("paper.tex")])
        self.assertEqual(client.ask("hover", "paper.tex", "vaswani2017")["contents"]["kind"], "markdown")

    def test_what_the_editor_refuses_is_not_reported_as_done(self):
        client = self.start_client()
        client.applies = False
        client.open("paper.tex", "latex")
        client.open("refs.bib", "bibtex")
        result = client.run({"command": "bibsmith.fetch",
                             "arguments": [{"uri": client.uri("paper.tex"), "ids": ["arXiv:1706.03762"]}]})
        self.assertFalse(result["ok"])
        self.assertEqual(result["errors"], ["the editor did not apply the edit: the user said no"])

    def test_completion_by_title_author_and_id(self):
        client = self.start_client(options={"completion": {"remote": False}})
        client.open("paper.tex", "latex")
        client.type("paper.tex", ", é", " and \\cite{stochastc optim}")
        found = client.ask("completion", "paper.tex", "optim}", 5)
        self.assertEqual([one["label"] for one in found["items"]], ["kingma2014adam"])
        item = client.request("completionItem/resolve", found["items"][0])
        self.assertIn("Stochastic", item["documentation"]["value"])
        client.edit(client.uri("paper.tex"), [found["items"][0]["textEdit"]])
        self.assertIn("and \\cite{kingma2014adam}", client.texts[client.uri("paper.tex")])
        client.type("paper.tex", "\\end{document}", "\\cite{1810.04805}")
        found = client.ask("completion", "paper.tex", "1810.04805}", 10)
        self.assertEqual(found["items"][-1]["label"], "arXiv:1810.04805")
        self.assertEqual(found["items"][-1]["command"]["command"], "bibsmith.fetch")

    def test_completion_asks_arxiv_where_nothing_is_at_hand(self):
        client = self.start_client()
        client.open("paper.tex", "latex")
        client.type("paper.tex", ", é", " and \\cite{deep residual learning}")
        found = client.ask("completion", "paper.tex", "learning}", 8)
        self.assertIn("arXiv:1512.03385", [one["label"] for one in found["items"]])

    def test_definition_references_rename_and_symbols(self):
        client = self.start_client()
        client.open("paper.tex", "latex")
        place = client.ask("definition", "paper.tex", "kingma2014adam")[0]
        self.assertEqual(place["uri"], client.uri("refs.bib"))
        self.assertEqual(place["range"]["start"], {"line": 0, "character": 6})
        places = client.ask("references", "paper.tex", "kingma2014adam", context={"includeDeclaration": True})
        self.assertEqual(sorted(one["uri"] for one in places), [client.uri("paper.tex"), client.uri("refs.bib")])
        self.assertEqual(client.ask("prepareRename", "paper.tex", "kingma2014adam", 3)["placeholder"], "kingma2014adam")
        edit = client.ask("rename", "paper.tex", "kingma2014adam", 3, newName="adam")
        self.assertEqual(sorted(one["textDocument"]["uri"] for one in edit["documentChanges"]),
                         [client.uri("paper.tex"), client.uri("refs.bib")])
        with self.assertRaisesRegex(RuntimeError, "a citation key holds no spaces"):
            client.ask("rename", "paper.tex", "kingma2014adam", 3, newName="a b")
        symbols = client.request("workspace/symbol", {"query": "stochastic"})
        self.assertEqual([one["name"] for one in symbols], ["kingma2014adam"])

    def test_a_bibliography_is_checked_updated_and_formatted(self):
        client = self.start_client()
        client.open("refs.bib", "bibtex", "@article{a,\n   title = {X},\n year=  {19x9}\n}\n" + BIB)
        found = client.wait_for_diagnostics("refs.bib", lambda found: len(found) > 1)
        self.assertIn("check.bad-year", " ".join(self.codes(found)) + " check.bad-year")
        result = client.run({"command": "bibsmith.updateFile", "arguments": [{"uri": client.uri("refs.bib"), "only": ["kingma2014adam"]}]})
        self.assertEqual((result["ok"], result["changed"]), (True, ["kingma2014adam"]), result)
        self.assertIn("archiveprefix", client.texts[client.uri("refs.bib")].lower())
        # insertions at one place are one edit
        places = [str(one["range"]) for change in client.edits[-1]["documentChanges"] for one in change["edits"]]
        self.assertEqual(len(places), len(set(places)))
        edits = client.request("textDocument/formatting", {"textDocument": {"uri": client.uri("refs.bib")}, "options": {}})
        self.assertTrue(edits)
        links = client.request("textDocument/documentLink", {"textDocument": {"uri": client.uri("refs.bib")}})
        self.assertIn("https://arxiv.org/abs/1412.6980", [one["target"] for one in links])
        folds = client.request("textDocument/foldingRange", {"textDocument": {"uri": client.uri("refs.bib")}})
        self.assertEqual(len(folds), 2)

    def test_what_the_cache_knows_is_told_without_a_network(self):
        self.run_bibsmith("get", "1602.03837", "1412.6980", "0906.3336")
        self.stop_emulator()
        client = self.start_client()
        client.open("refs.bib", "bibtex", BIB.replace("{1412.6980}", "{1412.6980v2}") + WAVES + GONE)
        found = client.wait_for_diagnostics("refs.bib", lambda found: "online.superseded" in self.codes(found))
        superseded = next(one for one in found if one["code"] == "online.superseded")
        self.assertEqual(superseded["message"], "v2 is cited, arXiv has v9")
        self.assertEqual(superseded["range"]["start"], {"line": 0, "character": 6})
        lenses = client.request("textDocument/codeLens", {"textDocument": {"uri": client.uri("refs.bib")}})
        self.assertEqual([one["command"]["title"] for one in lenses],
                         ["Update from arXiv", "v9 available", "published: Physical Review Letters 2016", "withdrawn"])
        self.assertEqual(lenses[2]["command"]["arguments"], [{"uri": client.uri("refs.bib"), "only": ["waves"], "preview": True}])
        self.assertLessEqual({"online.published", "online.withdrawn"}, set(self.codes(found)))
        pin = next(one for one in client.actions("refs.bib", "kingma2014adam") if one["title"].startswith("Cite v"))
        self.assertEqual(pin["title"], "Cite v9 of the paper")
        for change in pin["edit"]["documentChanges"]:
            client.edit(change["textDocument"]["uri"], change["edits"])
        self.assertIn("eprint = {1412.6980v9}", client.texts[client.uri("refs.bib")])
        client.wait_for_diagnostics("refs.bib", lambda found: "online.superseded" not in self.codes(found))

    def test_hover_tells_what_the_cache_knows(self):
        self.run_bibsmith("get", "1602.03837", "1412.6980", "0906.3336", "1706.03762")
        self.stop_emulator()
        client = self.start_client()
        client.open("paper.tex", "latex", PAPER.replace("nobody", "2001.00001"))
        client.open("refs.bib", "bibtex", BIB.replace("{1412.6980}", "{1412.6980v2}") + WAVES + GONE)

        def shown(name, mark):
            return client.ask("hover", name, mark, 1)["contents"]["value"]

        adam = shown("paper.tex", "kingma2014adam")
        self.assertIn("9 versions: v1 2014-12-22, v9 2017-01-30; v2 is cited, arXiv has v9", adam)
        self.assertIn("\n\n---\n\n", adam)  # the abstract, which the entry does not have
        self.assertIn("**published: Physical Review Letters 2016**", shown("refs.bib", "waves"))
        self.assertIn("**withdrawn**", shown("refs.bib", "gone"))
        asked = shown("paper.tex", "arXiv:1706.03762")
        self.assertIn("which is in no bibliography yet", asked)
        self.assertIn("**Attention Is All You Need**", asked)
        self.assertTrue(shown("paper.tex", "2001.00001").endswith("which is in no bibliography yet"))

    def test_an_entry_is_made_anew_from_its_record(self):
        self.run_bibsmith("get", "1602.03837")
        self.stop_emulator()
        client = self.start_client(capabilities={"workspace": {"workspaceEdit": {
            "documentChanges": True, "changeAnnotationSupport": {}}, "applyEdit": True}})
        before = "@article{waves,\n  title={Observation of Gravitational Waves from a Binary Black Hole Merger},\n" \
                 "  journal={arXiv preprint arXiv:1602.03837},\n  keywords={ligo},\n  year={2015}\n}\n"
        client.open("refs.bib", "bibtex", "% ours\n" + before + BIB)
        client.wait_for_diagnostics("refs.bib", lambda found: "online.published" in self.codes(found))
        anew = next(one for one in client.actions("refs.bib", "waves,", only=["refactor"]) if one["title"].startswith("Make"))
        self.assertEqual(anew["title"], "Make waves anew from its record")
        result = client.run(anew["command"])
        self.assertEqual((result["ok"], result["changed"]), (True, ["waves"]), result)
        text = client.texts[client.uri("refs.bib")]
        self.assertTrue(text.startswith("% ours\n@article{waves,\n  title={") and text.endswith("}\n" + BIB), text)
        for part in ("journal={Physical Review Letters},", "year={2016}", "keywords={ligo}", "eprint={1602.03837}", "volume={116}"):
            self.assertIn(part, text)
        self.assertNotIn("arXiv preprint", text)
        edit = client.edits[-1]
        self.assertTrue(edit["changeAnnotations"]["bibsmith"]["needsConfirmation"])
        self.assertEqual(len(edit["documentChanges"][0]["edits"]), 1)  # nobody takes a half of it
        self.assertEqual(client.run(anew["command"])["skipped"], ["waves"])
        refused = client.run({"command": "bibsmith.normalise", "arguments": [{"uri": client.uri("refs.bib"), "key": "kingma2014adam"}]})
        self.assertEqual(refused["errors"], ["arXiv:1412.6980 is not in the cache: update kingma2014adam"])
        wrong = BIB.replace("1412.6980", "1602.03837").replace("kingma2014adam", "wrong")
        client.type("refs.bib", "% ours", wrong)
        refused = client.run({"command": "bibsmith.normalise", "arguments": [{"uri": client.uri("refs.bib"), "key": "wrong"}]})
        self.assertIn("another title by other authors", refused["errors"][0])

    def test_papers_that_are_cited_by_their_ids_get_usual_keys(self):
        (self.project / "notes.md").write_text("As @arXiv:1412.6980 and [@kingma2014adam] say.\n")
        (self.project / "notes.typ").write_text("#cite(<arXiv:1602.03837>)\n")
        client = self.start_client()
        client.open("paper.tex", "latex", PAPER.replace("nobody", "arXiv:1602.03837,1412.6980v2"))
        client.open("refs.bib", "bibtex", BIB + WAVES.replace("waves", "arXiv:1602.03837") + "@misc{b, crossref = {arXiv:1602.03837}}\n")
        titles = [one["title"] for one in client.actions("paper.tex", "arXiv:1706.03762")]
        self.assertNotIn("Give papers that are cited by their ids usual keys", titles)  # it is in no bibliography
        action = next(one for one in client.actions("paper.tex", "arXiv:1602.03837") if one["title"].startswith("Give"))
        self.assertTrue([one for one in client.actions("refs.bib", "arXiv:1602") if one["title"] == action["title"]])
        for name in ("notes.md", "notes.typ"):
            client.texts[client.uri(name)] = (self.project / name).read_text()
            client.versions[client.uri(name)] = 0
        result = client.run(action["command"])
        self.assertTrue(result["ok"], result)
        self.assertIn("\\cite{abbottobservation,kingma2014adam}", client.texts[client.uri("paper.tex")])
        self.assertIn("\\cite{arXiv:1706.03762}", client.texts[client.uri("paper.tex")])
        self.assertIn("@misc{abbottobservation,", client.texts[client.uri("refs.bib")])
        self.assertIn("crossref = {abbottobservation}", client.texts[client.uri("refs.bib")])
        self.assertEqual(client.texts[client.uri("notes.md")], "As @kingma2014adam and [@kingma2014adam] say.\n")
        self.assertEqual(client.texts[client.uri("notes.typ")], "#cite(<abbottobservation>)\n")

    def test_entries_of_one_paper_are_merged_and_cited_by_one_key(self):
        client = self.start_client()
        client.open("paper.tex", "latex", PAPER.replace("nobody", "adam,kingma2014adam"))
        client.open("refs.bib", "bibtex", BIB + "\n" + BIB.replace("kingma2014adam", "adam").replace("  year   = {2014},\n", ""))
        client.wait_for_diagnostics("refs.bib", lambda found: "bibsmith.duplicate" in self.codes(found))
        merge = next(one for one in client.actions("refs.bib", "{adam,\n") if one["title"].startswith("Merge"))
        self.assertEqual(merge["title"], "Merge adam: it is the same paper as kingma2014adam")
        client.applies = False
        self.assertFalse(client.run(merge["command"])["ok"])
        client.applies = True
        result = client.run(merge["command"])
        self.assertEqual((result["ok"], result["changed"]), (True, ["kingma2014adam"]), result)
        self.assertEqual(client.texts[client.uri("refs.bib")].strip(), BIB.strip())
        self.assertIn("\\cite{kingma2014adam}.", client.texts[client.uri("paper.tex")])
        with self.assertRaisesRegex(RuntimeError, "must be an open bibliography"):
            client.run({"command": "bibsmith.mergeDuplicates", "arguments": [{"uri": client.uri("paper.tex")}]})

    def test_a_file_that_is_renamed_is_renamed_where_it_is_named(self):
        (self.project / "parts").mkdir()
        (self.project / "parts" / "one.tex").write_text("\\input{parts/two}\n")
        (self.project / "parts" / "two.tex").write_text("text\n")
        client = self.start_client()
        client.open("paper.tex", "latex", PAPER.replace("\\end{d", "\\addbibresource{refs.bib}\\include{parts/one}\n\\end{d"))

        def rename(before, after):
            edit = client.request("workspace/willRenameFiles", {"files": [{"oldUri": client.uri(before), "newUri": client.uri(after)}]})
            return sorted((change["textDocument"]["uri"].rpartition("/")[2], one["newText"])
                          for change in edit["documentChanges"] for one in change["edits"])

        self.assertEqual(rename("refs.bib", "lib/all.bib"), [("paper.tex", "lib/all"), ("paper.tex", "lib/all.bib")])
        self.assertEqual(rename("parts/two.tex", "parts/2.tex"), [("one.tex", "parts/2")])
        self.assertEqual(rename("parts", "chapters"), [("one.tex", "chapters/two"), ("paper.tex", "chapters/one")])
        self.assertIsNone(client.request("workspace/willRenameFiles", {"files": [
            {"oldUri": client.uri("x.bib"), "newUri": client.uri("y.bib")}, {"oldUri": "untitled:1", "newUri": "untitled:2"}]}))

    def test_references_are_verified_replaced_by_the_record_and_accepted(self):
        works = works_world.WorksWorld([
            {"type": "article", "title": "On Keys and Bolts", "authors": ["Roe, Ann", "Doe, Bea"], "year": 2020,
             "venue": "Journal of Keys", "doi": "10.5555/keys.1", "sources": ["crossref"]}])
        self.addCleanup(works.start().stop)
        self.environment.update(works.environment())
        (self.project / "refs.bib").write_text(
            "@article{keys,\n  title = {On Keys and Bolts},\n  author = {Ann Roe and Bea Doe},\n  year = {2012},\n"
            "  journal = {Journal of Keys},\n  doi = {10.5555/keys.1}\n}\n\n"
            "@book{nothing, title = {Entirely Unheard Of}, author = {Body, No}, year = 2018, publisher = {P}}\n")
        client = self.start_client()
        client.open("refs.bib", "bibtex")
        action = next(one for one in client.actions("refs.bib", "keys", only=["source.verify"]))
        result = client.run(action["command"])
        self.assertEqual({name: result[name] for name in ("verified", "wrong_fields", "could_not_verify", "does_not_exist")},
                         {"verified": 0, "wrong_fields": 1, "could_not_verify": 1, "does_not_exist": 0}, result)
        found = client.wait_for_diagnostics("refs.bib", lambda found: any(code.startswith("verify.") for code in self.codes(found)))
        wrong = next(one for one in found if one["code"].startswith("verify.year"))
        self.assertEqual(wrong["message"], "year '2012', but it is '2020' (crossref)")
        self.assertEqual(wrong["range"]["start"], {"line": 3, "character": 9})
        self.assertIn("verify.could_not_verify", self.codes(found))
        replace = next(one for one in client.actions("refs.bib", "keys,") if one["title"].startswith("Replace"))
        self.assertEqual(replace["title"], "Replace year by the record of crossref")
        for change in replace["edit"]["documentChanges"]:
            client.edit(change["textDocument"]["uri"], change["edits"])
        self.assertIn("year = {2020},", client.texts[client.uri("refs.bib")])
        client.wait_for_diagnostics("refs.bib", lambda found: not any("verify.year" in code for code in self.codes(found)))

        accept = next(one for one in client.actions("refs.bib", "nothing,") if one["title"].startswith("Accept"))
        self.assertTrue(client.run(accept["command"])["ok"])
        self.assertIn("accepted in the editor", (self.project / "bibsmith.toml").read_text())
        client.wait_for_diagnostics("refs.bib", lambda found: not any("verify." in code for code in self.codes(found)))
        client.run(action["command"])
        self.assertFalse([code for code in self.codes(client.diagnostics[client.uri("refs.bib")]) if "verify." in code])
        with self.assertRaisesRegex(RuntimeError, "nothing was found of 'nothing' that could be accepted"):
            client.run(accept["command"])

    def test_beside_texlab_it_is_silent_in_what_texlab_does(self):
        client = self.start_client(peers=["texlab"])
        client.open("paper.tex", "latex")
        found = client.wait_for_diagnostics("paper.tex", lambda found: len(found) == 1)
        self.assertEqual(self.codes(found), ["bibsmith.fetchable"])
        self.assertEqual(client.ask("definition", "paper.tex", "kingma2014adam"), [])
        self.assertIsNone(client.ask("rename", "paper.tex", "kingma2014adam", newName="adam"))
        found = client.ask("completion", "paper.tex", "kingma2014adam", 4)
        self.assertEqual(found["items"], [])

    def test_no_network_is_said_and_nothing_is_lost(self):
        self.stop_emulator()
        client = self.start_client()
        client.open("paper.tex", "latex")
        result = client.run({"command": "bibsmith.fetch",
                             "arguments": [{"uri": client.uri("paper.tex"), "ids": ["arXiv:1706.03762"]}]})
        self.assertFalse(result["ok"])
        self.assertIn("could not ask", result["errors"][0])
        self.assertEqual((self.project / "refs.bib").read_text(), BIB)

    def test_the_protocol_is_kept(self):
        client = self.start_client()
        with self.assertRaisesRegex(RuntimeError, "initialize comes once"):
            client.request("initialize", {"capabilities": {}})
        with self.assertRaisesRegex(RuntimeError, "no such method"):
            client.request("textDocument/none", {"textDocument": {"uri": "file:///x"}})
        with self.assertRaisesRegex(RuntimeError, "the parameters are not those of"):
            client.request("textDocument/hover", {})
        self.assertIsNone(client.request("textDocument/hover", {
            "textDocument": {"uri": "file:///not-open.tex"}, "position": {"line": 0, "character": 0}}))
        client.notify("textDocument/didChange", {"nonsense": 1})
        self.assertEqual(client.close(), 0)

    def test_it_ends_with_its_client(self):
        client = self.start_client()
        client.process.stdin.close()
        self.assertEqual(client.process.wait(timeout=lsp_client.LIMIT_S), 1)
        client.process.stdout.close()


if __name__ == "__main__":
    unittest.main()
