#include <map>
#include <string>
#include <vector>

#include "bibtex/edit/text_edit.hpp"
#include "bibtex/update/planner.hpp"
#include "bibtex/update/rebuild.hpp"
#include "tests/support/catch.hpp"

namespace bibsmith::bibtex {
namespace {

Record published_record() {
  Record record;
  record.arxiv_id = *ArxivId::parse("0704.0001v2");
  record.title = "Calculation of prompt diphoton production";
  record.authors = {Author{.name = "C. Bal\\'azs"}, Author{.name = "C.-P. Yuan"}};
  record.categories = {"hep-ph"};
  record.published = {2007, 4, 2};
  record.updated = {2007, 7, 24};
  record.journal_ref = "Phys.Rev.D76:013009,2007";
  record.dois = {*Doi::parse("10.1103/PhysRevD.76.013009")};
  record.origins = {Origin{.source = "arxiv-atom",
                           .url = {},
                           .retrieved = std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}}};
  return record;
}

Record preprint_record() {
  Record record = published_record();
  record.journal_ref.clear();
  record.dois.clear();
  return record;
}

struct Planned {
  UpdatePlan plan;
  std::string text;  // of the file after the edits
};

Planned planned(const std::string& text, const Record& record, const UpdateOptions& options = {}) {
  const Document document = Document::parse(text);
  const std::vector<EntryQuestion> questions = update_questions(document, options.only);
  std::vector<EntryAnswer> answers(questions.size());
  for (EntryAnswer& answer : answers) answer.record = &record;
  Planned result{plan_update(document, questions, answers, options), {}};
  const auto edited = apply_edits(text, result.plan.edits());
  REQUIRE(edited);
  result.text = *edited;
  // A second run finds nothing to do.
  const Document after = Document::parse(result.text);
  const std::vector<EntryQuestion> again = update_questions(after, options.only);
  std::vector<EntryAnswer> same(again.size());
  for (EntryAnswer& answer : same) answer.record = &record;
  CHECK(plan_update(after, again, same, options).edits().empty());
  return result;
}

std::string reason_of(const Planned& result) {
  return std::string(name_of(result.plan.entries.at(0).status)) + ' ' + result.plan.entries.at(0).reason;
}

const std::string head =
    "% my list\n\n@article{balazs07, % do not touch\n  title   = {Calculation of Prompt Diphoton "
    "Production},\n  author  = {Bal{\\'a}zs, C. and Yuan, C.-P.},\n";

TEST_CASE("A preprint becomes the published entry, whole, in the style of its neighbours") {
  const Planned scholar = planned(head +
                                      "  journal = {arXiv preprint arXiv:0704.0001},\n  year    = {2007},\n  "
                                      "keywords = {mine}\n}\nrest\n",
                                  published_record());
  CHECK(reason_of(scholar) == "published publish");
  CHECK(scholar.text == head +
                            "  journal = {Physical Review D},\n  year    = {2007},\n  keywords = {mine},\n  "
                            "volume  = {76},\n  pages   = {013009},\n"
                            "  doi     = {10.1103/PhysRevD.76.013009},\n  eprint  = {0704.0001},\n  "
                            "archiveprefix = {arXiv},\n  primaryclass = {hep-ph}\n}\nrest\n");

  const Planned dblp = planned(
      "@article{a,title={Calculation of prompt diphoton production},author={C. "
      "Bal{\\'a}zs},journal={CoRR},volume={abs/0704.0001},year={2007},month=apr}",
      published_record());
  CHECK(reason_of(dblp) == "published publish");
  CHECK(dblp.text.find("volume={76}") != std::string::npos);
  CHECK(dblp.text.find("month") == std::string::npos);

  const Planned misc = planned(
      "@misc{a,\n  title = {Calculation of prompt diphoton production},\n  author = {C. Bal{\\'a}zs},\n  "
      "howpublished = {arXiv:0704.0001},\n  year = {2007}\n}\n",
      published_record());
  CHECK(misc.text.starts_with("@article{a,"));
  CHECK(misc.text.find("howpublished") == std::string::npos);
}

TEST_CASE("an identifier that stands in pages and eid leaves both") {
  const std::string both =
      "  journal = {arXiv e-prints},\n  eid = {arXiv:0704.0001},\n  pages = {arXiv:0704.0001},\n"
      "  year = {2007}\n}\n";
  const Planned bibtex = planned(head + both, published_record());
  CHECK(reason_of(bibtex) == "published publish");
  CHECK(bibtex.text.find("pages = {013009}") != std::string::npos);
  CHECK(bibtex.text.find("eid") == std::string::npos);
  const Planned biblatex = planned(head + both, published_record(), {.dialect = Dialect::biblatex});
  CHECK(biblatex.text.find("eid = {013009}") != std::string::npos);
  CHECK(biblatex.text.find("pages") == std::string::npos);
}

TEST_CASE("the month of the preprint gives way to that of the publication") {
  Record record = published_record();
  record.journal_ref.clear();
  Publication published;
  published.type = PublicationType::article;
  published.container = "Physical Review D";
  published.volume = "76";
  published.eid = "013009";
  published.date = {2007, 7, 0};
  record.publication = published;
  const std::string begin = head + "  eprint  = {0704.0001},\n  year    = {2007},\n  month   = ";
  for (const char* month : {"apr", "{April}", "4", "jul", "{July}", "{7}"}) {
    CAPTURE(month);
    CHECK(reason_of(planned(begin + month + "\n}\n", record)) == "published publish");
  }
  CHECK(planned(begin + "apr\n}\n", record).text.find("= jul") != std::string::npos);
  CHECK(reason_of(planned(begin + "dec\n}\n", record)) == "skipped keep.month");
}

TEST_CASE("biblatex keeps its own names, and a macro of the file is used") {
  const std::string entry =
      "@online{a,\n  title = {Calculation of prompt diphoton production},\n  author = {Balázs, C.},\n  date "
      "= {2007-04-02},\n  eprint = {0704.0001},\n  eprinttype = {arxiv},\n}\n";
  const Planned result = planned("@string{prd = {Phys. Rev. D}}\n" + entry, published_record(),
                                 {.dialect = Dialect::biblatex, .encoding = TextEncoding::utf8});
  CHECK(
      result.text ==
      "@string{prd = {Phys. Rev. D}}\n@article{a,\n  title = {Calculation of prompt diphoton production},\n  "
      "author = {Balázs, C.},\n  date = {2007},\n  eprint = {0704.0001},\n  eprinttype = {arxiv},\n"
      "  journaltitle = prd,\n  volume = {76},\n  eid = {013009},\n  doi = {10.1103/PhysRevD.76.013009},\n  "
      "eprintclass = {hep-ph},\n}\n");
}

TEST_CASE("What the user wrote stays, and an upgrade that it forbids does not happen at all") {
  const std::string before = head + "  journal = {arXiv preprint arXiv:0704.0001},\n  year    = {1999},\n}\n";
  const Planned year = planned(before, published_record());
  CHECK(reason_of(year) == "skipped keep.year");
  CHECK(year.text == before);
  CHECK(planned(head + "  eprint  = {0704.0001},\n  volume  = {12},\n  year    = {2007},\n}\n",
                published_record())
            .plan.entries[0]
            .reason == "keep.volume");
  CHECK(planned(before, published_record(), {.overwrite = true}).text.find("{2007}") != std::string::npos);

  const std::string preprint = head + "  eprint  = {0704.0001},\n  year    = {2007},\n}\n";
  CHECK(reason_of(planned(preprint, published_record(), {.keep = {"volume"}})) == "skipped keep.volume");
  CHECK(reason_of(planned(preprint, published_record(), {.fields = {"eprint", "doi"}})) ==
        "skipped keep.journal");
  const Planned no_publish = planned(preprint, published_record(), {.publish = false});
  CHECK(reason_of(no_publish) == "updated add");
  CHECK(no_publish.text == head +
                               "  eprint  = {0704.0001},\n  year    = {2007},\n  archiveprefix = {arXiv},\n  "
                               "primaryclass = {hep-ph},\n  doi     = {10.1103/PhysRevD.76.013009},\n}\n");
}

TEST_CASE("A published entry that agrees gets what it lacks, one that does not is left alone") {
  const Planned agrees = planned(
      "@article{a, title={Calculation of prompt diphoton production}, author={Bal{\\'a}zs, C.}, "
      "journal={Phys. Rev. D}, year={2007}, eprint={0704.0001}}",
      published_record());
  CHECK(agrees.text ==
        "@article{a, title={Calculation of prompt diphoton production}, author={Bal{\\'a}zs, C.}, "
        "journal={Phys. Rev. D}, year={2007}, eprint={0704.0001}, "
        "volume={76}, pages={013009}, doi={10.1103/PhysRevD.76.013009}, archiveprefix={arXiv}, "
        "primaryclass={hep-ph}}");
  const std::string other =
      "@article{a, title={Calculation of prompt diphoton production}, author={Bal{\\'a}zs, C.}, "
      "journal={Nature}, year={2007}, eprint={0704.0001}, archiveprefix={arXiv}, primaryclass={hep-ph}}";
  const Planned differs = planned(other, published_record());
  CHECK(differs.text == other);
  CHECK(differs.plan.entries[0].findings.at(0).code == "update.differs");
}

TEST_CASE("What Bibsmith wrote follows the record, what was changed since is the user's") {
  const std::string text =
      "@misc{a,\n  author = {Balázs, C. and Yuan, C.-P.},\n  title = {Calculation of prompt photons},\n  "
      "year = {2007},\n  eprint = {0704.0001},\n  archiveprefix = {arXiv},\n  primaryclass = {hep-ph},\n}\n";
  std::map<std::string, std::string> written = {{"title", "{Calculation of prompt photons}"},
                                                {"author", "{Somebody}"}};
  UpdateOptions options;
  options.encoding = TextEncoding::utf8;
  options.last_written = [&](std::string_view, std::string_view field) -> std::optional<std::string> {
    const auto found = written.find(std::string(field));
    return found == written.end() ? std::nullopt : std::optional(found->second);
  };
  const Document document = Document::parse(text);
  const auto questions = update_questions(document, options.only);
  const Record record = preprint_record();
  const UpdatePlan plan =
      plan_update(document, questions,
                  {EntryAnswer{.record = &record, .not_found = false, .could_not_ask = {}}}, options);
  REQUIRE(plan.entries.at(0).fields.size() == 1);
  CHECK(plan.entries[0].fields[0].name == "title");
  CHECK(plan.entries[0].fields[0].old_text == "{Calculation of prompt photons}");
  CHECK(plan.entries[0].fields[0].new_text == "{Calculation of prompt diphoton production}");
  CHECK(plan.entries[0].fields[0].reason == "refresh");
  CHECK(plan.edits().size() == 1);
}

TEST_CASE("a macro that Bibsmith wrote for a journal stays, whatever the text of it") {
  UpdateOptions options;
  options.last_written = [](std::string_view, std::string_view field) -> std::optional<std::string> {
    return field == "journal" ? std::optional<std::string>("prd") : std::nullopt;
  };
  const std::string text =
      "@string{prd = {Phys. Rev. D}}\n@article{a, title={Calculation of prompt diphoton production}, "
      "author={Bal{\\'a}zs, C.}, journal=prd, year={2007}, volume={76}, pages={013009}, "
      "doi={10.1103/PhysRevD.76.013009}, eprint={0704.0001}, archiveprefix={arXiv}, primaryclass={hep-ph}}";
  CHECK(planned(text, published_record(), options).text == text);
}

TEST_CASE("Entries that are not to be asked about say why") {
  const auto why = [](const std::string& entry) {
    const auto questions = update_questions(Document::parse(entry), {});
    return std::string(questions.empty() ? "none" : questions[0].skip);
  };
  CHECK(why("@misc{a, title = {x}}") == "skip.no-id");
  CHECK(why("@misc{a, eprint = {0704.0001}}").empty());
  CHECK(why("@misc{a, eprint = {0704.0001}, bibsmith = {keep}}") == "skip.opt-out");
  CHECK(why("junk\n% bibsmith: keep\n@misc{a, eprint = {0704.0001}}") == "skip.opt-out");
  CHECK(why("% bibsmith: keep\n\njunk\n@misc{a, eprint = {0704.0001}}").empty());
  CHECK(why("@misc{a, eprint = {0704.0001}, url = {https://arxiv.org/abs/0704.0002}}") == "skip.two-papers");
  CHECK(why("@misc{a, eprint = {0704.0001}, title = {x") == "skip.broken");
  CHECK(update_questions(Document::parse("@misc{a, eprint = {0704.0001}}"), {"b"}).empty());
}

TEST_CASE("An id that leads to another work is not believed; a withdrawn paper stays; silence is no answer") {
  const std::string other =
      "@misc{a, title = {Elements}, author = {Euclid}, eprint = {0704.0001}, archiveprefix = {arXiv}}";
  const Planned lying = planned(other, published_record());
  CHECK(reason_of(lying) == "skipped skip.other-work");
  CHECK(lying.text == other);
  Record withdrawn = published_record();
  withdrawn.withdrawn = true;
  CHECK(reason_of(planned(head + "eprint = {0704.0001}}", withdrawn)) == "withdrawn ");

  const Document document = Document::parse("@misc{a, eprint = {0704.0001}} @misc{b, eprint = {0704.0002}}");
  const auto questions = update_questions(document, {});
  const UpdatePlan plan = plan_update(document, questions,
                                      {{.record = nullptr, .not_found = true, .could_not_ask = {}},
                                       {.record = nullptr, .not_found = false, .could_not_ask = "offline"}},
                                      {});
  CHECK(plan.counts()[UpdateStatus::not_found] == 1);
  CHECK(plan.counts()[UpdateStatus::could_not_ask] == 1);
  CHECK(plan.edits().empty());
}

TEST_CASE("A version that the user cites stays a preprint of that version") {
  Record record = published_record();
  record.arxiv_id = *ArxivId::parse("0704.0001v1");
  const std::string pinned =
      "@misc{a, title={Calculation of prompt diphoton production}, author={Bal{\\'a}zs, C.}, year={2007}, "
      "eprint={0704.0001v1}, archiveprefix={arXiv}, primaryclass={hep-ph}, doi={10.1103/PhysRevD.76.013009}}";
  CHECK(planned(pinned, record).text == pinned);
}

// The entry "a" of a text made anew; the text as it is if there is nothing to do; why not.
std::string rebuilt(const std::string& text, const Record& record) {
  const Document document = Document::parse(text);
  const auto edit = rebuild_entry(document, *document.find("a"), record, normalize(record, {}).entry);
  if (!edit) return edit.error();
  if (!*edit) return text;
  const std::vector<TextEdit> edits{**edit};
  return *apply_edits(text, edits);
}

TEST_CASE("an entry made anew is its record, its key and what no record speaks of") {
  const std::string before =
      "% mine\n@misc{b}\n\n@misc{a,\n  Title = {Calculation of prompt diphoton production},\n"
      "  journal = {CoRR},\n  volume = {abs/0704.0001},\n  month = apr,\n  keywords = {x},\n"
      "  note = {read it},\n  eprint = {0704.0001}\n}\n";
  const std::string after = rebuilt(before, published_record());
  CHECK(after.starts_with("% mine\n@misc{b}\n\n@article{a,\n"));
  const Document document = Document::parse(after);
  const Block entry = *document.find("a");
  const auto value = [&](std::string_view name) {
    const auto field = document.find_field(entry, name);
    return field ? std::string(document.text(field->value)) : "-";
  };
  CHECK(value("keywords") == "{x}");
  CHECK(value("note") == "{read it}");
  CHECK(value("volume") == "{76}");
  CHECK(value("year") == "{2007}");
  CHECK(value("month") == "-");
  CHECK(value("journal") != "{CoRR}");
  CHECK(rebuilt(after, published_record()) == after);
}

TEST_CASE("a published entry made anew from a record that knows of no journal has none") {
  const std::string text =
      "@article{a, title = {Calculation of prompt diphoton production}, journal = {Phys. Rev. D}, volume = "
      "76,"
      " doi = {10.1103/PhysRevD.76.013009}, year = 2008, note = {arXiv:0704.0001}, eprint = {0704.0001}}\n";
  const std::string after = rebuilt(text, preprint_record());
  CHECK(after.starts_with("@misc{a,"));
  for (const char* gone : {"journal", "volume", "2008", "note", "doi"}) {
    CHECK(after.find(gone) == std::string::npos);
  }
}

TEST_CASE("what is kept, or of another work, is not made anew") {
  const std::string kept =
      "@misc{a, bibsmith = {keep}, title = {Calculation of prompt diphoton production}}\n";
  CHECK(rebuilt(kept, published_record()) == "a is kept as it is");
  CHECK(rebuilt("@misc{a, title = {Whales in the sea}, author = {Melville, H.}}\n", published_record()) ==
        "the paper of a is 'Calculation of prompt diphoton production', another title by other authors");
  CHECK(rebuilt("@misc{a, title = {Calculation of prompt {diphoton production}}\n", published_record()) ==
        "a cannot be read for certain");
}

}  // namespace
}  // namespace bibsmith::bibtex
