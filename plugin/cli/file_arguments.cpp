#include "plugin/cli/file_arguments.hpp"

#include <string>

#include <CLI/CLI.hpp>

namespace bibsmith::plugin {

namespace {

// An option takes a number or one word: "4" or "tab".
CLI::Validator number_or(const std::string& word, unsigned max) {
  return CLI::Validator(
      [word, max](const std::string& text) -> std::string {
        if (text == word) return {};
        const bool is_number =
            !text.empty() && text.size() <= 3 && text.find_first_not_of("0123456789") == std::string::npos;
        if (is_number && std::stoul(text) <= max) return {};
        return "expected '" + word + "' or a number up to " + std::to_string(max) + ", got '" + text + "'";
      },
      "");
}

}  // namespace

CLI::App* add_check(CLI::App& app, CheckArguments& check) {
  CLI::App* command =
      app.add_subcommand("check", "Say what is wrong in .bib files, or with the citations of a source");
  command
      ->add_option("FILE", check.files,
                   "The .bib files, in the order of \\bibliography; or .tex, .aux, .md, .typ, .org")
      ->required()
      ->type_name("");
  command->add_option("--format", check.format, "text, json or github")
      ->check(CLI::IsMember({"text", "json", "github"}))
      ->type_name("FORMAT");
  command->add_option("--dialect", check.dialect, "bibtex, biblatex, or auto: as each file is written")
      ->check(CLI::IsMember({"auto", "bibtex", "biblatex"}))
      ->type_name("DIALECT");
  command->add_option("--only", check.only, "Show these codes alone; 'syntax' stands for all 'syntax....'")
      ->expected(1)
      ->allow_extra_args(false)
      ->take_all()
      ->type_name("CODE,...");
  command->add_option("--ignore", check.ignore, "Do not show these codes")
      ->expected(1)
      ->allow_extra_args(false)
      ->take_all()
      ->type_name("CODE,...");
  command->add_flag("--online", check.online,
                    "Ask the sources too: withdrawn, published since, another work");
  command->footer(
      footer_of("Examples:\n"
                "  bibsmith check refs.bib\n"
                "  bibsmith check IEEEabrv.bib refs.bib --ignore check.missing-field,check.page-hyphen\n"
                "  bibsmith check --format github *.bib\n"
                "  bibsmith check main.tex      # undefined, unused, twice, unsafe keys\n"
                "\n"
                "Exit status: 0 nothing but notes; 1 errors or warnings; 4 a file could not be read.\n"
                "docs/check.md says what each code means."));
  return command;
}

CLI::App* add_verify(CLI::App& app, VerifyArguments& verify) {
  CLI::App* command =
      app.add_subcommand("verify", "Say whether each reference exists and is right, and who says so");
  command
      ->add_option(
          "FILE", verify.files,
          "The .bib or .bbl files; .txt, .html or - (standard input): a list of references; .tex, .aux, "
          ".bcf, .md, .typ, .org: what they cite")
      ->required()
      ->type_name("");
  CLI::Option* const accept =
      command
          ->add_option("--accept", verify.accept, "Write into bibsmith.toml that this one is right as it is")
          ->type_name("KEY");
  CLI::Option* const reason =
      command->add_option("--reason", verify.reason, "Why it is accepted")->type_name("TEXT");
  accept->needs(reason);
  reason->needs(accept);
  command->add_option("--format", verify.format, "text, json, github or html")
      ->check(CLI::IsMember({"text", "json", "github", "html"}))
      ->type_name("FORMAT");
  command->footer(footer_of(
      "Examples:\n"
      "  bibsmith verify refs.bib\n"
      "  bibsmith verify main.aux --format github\n"
      "  bibsmith verify paper.bbl --format html > references.html\n"
      "  bibsmith verify refs.bib --accept roe1987 --reason 'the print edition is of 1987'\n"
      "\n"
      "Titles, DOIs and arXiv ids are sent to arXiv, Crossref, DataCite, DBLP and OpenAlex; nothing else, "
      "and\n"
      "nothing with --offline. Exit status: 0 all verified; 1 something is wrong or could not be verified;\n"
      "3 a source could not be asked; 4 a file could not be read. docs/verifying.md says what each verdict\n"
      "means."));
  return command;
}

CLI::App* add_update(CLI::App& app, UpdateArguments& update) {
  CLI::App* command =
      app.add_subcommand("update", "Refresh the entries of .bib files, and publish preprints");
  command->add_option("FILE", update.files, "The .bib files")->required()->type_name("");
  command->add_flag("--dry-run", update.dry_run, "Change nothing; say what would change");
  command->add_flag("--diff", update.diff, "Change nothing; print what would change as a diff");
  command->add_flag("--check", update.check, "Change nothing; status 1 if a file would change");
  const auto list = [&](const char* name, std::vector<std::string>& words, const char* what,
                        const char* type) {
    command->add_option(name, words, what)->expected(1)->allow_extra_args(false)->take_all()->type_name(type);
  };
  list("--only", update.only, "These entries alone, by citation key", "KEY,...");
  list("--fields", update.fields, "These fields alone may change", "NAME,...");
  list("--keep", update.keep, "These fields never change", "NAME,...");
  command->add_flag("--no-publish", update.no_publish, "Preprints stay preprints");
  command->add_flag("--overwrite", update.overwrite, "Also values that you wrote yourself");
  command->add_flag("--search", update.search,
                    "Also entries without an id, by title and authors: a request each");
  command->footer(
      footer_of("Examples:\n"
                "  bibsmith update --diff refs.bib\n"
                "  bibsmith update refs.bib --keep title,author\n"
                "  bibsmith update --check refs.bib   # for CI: status 1 if something is stale\n"
                "\n"
                "Values that you wrote stay; a preprint becomes the published entry whole or not at all.\n"
                "bibsmith undo FILE takes it back. An entry with bibsmith = {keep}, or behind a line\n"
                "'% bibsmith: keep', is left alone."));
  return command;
}

CLI::App* add_format(CLI::App& app, FormatArguments& format) {
  CLI::App* command = app.add_subcommand("format", "Lay out the entries of .bib files in one way");
  command->add_option("FILE", format.files, "The .bib files")->required()->type_name("");
  command->add_flag("--check", format.check, "Change nothing; status 1 if a file would change");
  command->add_flag("--diff", format.diff, "Change nothing; print what would change");
  command
      ->add_option("--indent", format.indent, "Spaces before each field, or 'tab'; else as the file has it")
      ->check(number_or("tab", 16))
      ->type_name("N|tab");
  command->add_option("--align", format.align, "The column of '=', counted from the field's name, or 'none'")
      ->check(number_or("none", 80))
      ->type_name("N|none");
  command->add_option("--delimiters", format.delimiters, "braces or quotes; else they stay")
      ->check(CLI::IsMember({"braces", "quotes"}))
      ->type_name("KIND");
  command->add_option("--case", format.word_case, "lower or upper: types and field names; else they stay")
      ->check(CLI::IsMember({"lower", "upper"}))
      ->type_name("CASE");
  command->footer(footer_of(
      "Examples:\n"
      "  bibsmith format --diff refs.bib\n"
      "  bibsmith format --indent 2 --align 14 refs.bib\n"
      "  bibsmith format --check *.bib\n"
      "\n"
      "Only white space between the parts of an entry changes, unless --delimiters or --case say more.\n"
      "Values, comments and the text between entries stay byte for byte."));
  return command;
}

CLI::App* add_dedupe(CLI::App& app, DedupeArguments& dedupe) {
  CLI::App* command = app.add_subcommand("dedupe", "Find the same paper under two keys, and merge");
  command->add_option("FILE", dedupe.file, "The .bib file")->required()->type_name("");
  command->add_flag("--merge", dedupe.merge, "Make one entry of each group whose values do not contradict");
  command->add_option("--tex", dedupe.tex, "TeX files that cite the entries")->type_name("FILE...");
  command->add_flag("--dry-run", dedupe.dry_run, "Change nothing; say what would be merged");
  command->add_flag("--diff", dedupe.diff, "Change nothing; print what --merge would change");
  command->footer(footer_of(
      "Examples:\n"
      "  bibsmith dedupe refs.bib\n"
      "  bibsmith dedupe --merge refs.bib --tex paper.tex --diff\n"
      "  bibsmith dedupe --merge refs.bib --tex paper.tex\n"
      "\n"
      "Without --merge nothing changes. Values that contradict each other are never merged: such a group "
      "is left,\n"
      "and so is one whose keys may be cited where neither biblatex's ids nor --tex keeps the citations.\n"
      "The status is 1 if duplicates are left. docs/dedupe.md says what counts as the same paper."));
  return command;
}

CLI::App* add_keys(CLI::App& app, KeysArguments& keys) {
  CLI::App* command =
      app.add_subcommand("keys", "Rename the citation keys of a .bib file, and where they are cited");
  command->add_option("FILE", keys.file, "The .bib file")->required()->type_name("");
  command
      ->add_option("--pattern", keys.pattern, "How keys are made, in the language of JabRef (docs/keys.md)")
      ->required()
      ->type_name("PATTERN");
  command->add_option("--tex", keys.tex, "TeX files that cite the entries")->type_name("FILE...");
  command->add_flag("--dry-run", keys.dry_run, "Change nothing; print the old and new keys");
  command->footer(footer_of(
      "Examples:\n"
      "  bibsmith keys refs.bib --pattern '[auth:lower][year][veryshorttitle:lower]' --tex paper.tex "
      "--dry-run\n"
      "  bibsmith keys refs.bib --pattern '[authEtAl]_[shortyear]' --tex *.tex\n"
      "\n"
      "Prints one line for each key that changes: the old one, a tab, the new one. Keys that would be the "
      "same\n"
      "get a, b, c behind them; an entry that has such a key keeps it."));
  return command;
}

CLI::App* add_undo(CLI::App& app, UndoArguments& undo) {
  CLI::App* command = app.add_subcommand("undo", "Take back the last change that bibsmith made to a file");
  command->add_option("FILE", undo.file, "The .bib file, or a TeX file that keys changed")
      ->required()
      ->type_name("");
  command->add_flag("--dry-run", undo.dry_run, "Change nothing; say what would be taken back");
  command->add_flag("--diff", undo.diff, "Change nothing; print what would change");
  command->footer(footer_of(
      "Examples:\n"
      "  bibsmith undo refs.bib\n"
      "  bibsmith undo --diff refs.bib\n"
      "\n"
      "Exactly what that change replaced comes back; what you edited elsewhere in the file stays. If you "
      "edited the\n"
      "same place, nothing is changed, and the status is 1. Called again it takes back the change before. "
      "An undo\n"
      "cannot be undone: run the command again that was taken back. docs/undo.md says more."));
  return command;
}

CLI::App* add_history(CLI::App& app, HistoryArguments& history) {
  CLI::App* command = app.add_subcommand("history", "What bibsmith changed in a file, newest first");
  command->add_option("FILE", history.file, "The .bib file, or a TeX file that keys changed")
      ->required()
      ->type_name("");
  command->footer(
      footer_of("Examples:\n"
                "  bibsmith history refs.bib\n"
                "  bibsmith history -v refs.bib\n"
                "\n"
                "Prints a line a change: number, time (UTC), command, entries, sources, and whether it was "
                "taken back,\n"
                "separated by tabs. With -v each text follows, old and new."));
  return command;
}

CLI::App* add_sync(CLI::App& app, SyncArguments& sync) {
  CLI::App* command = app.add_subcommand("sync", "Merge a .bib file with a group's library, both ways");
  command->add_option("FILE", sync.file, "The .bib file; it is made if it does not exist")
      ->required()
      ->type_name("");
  command->add_option("--library", sync.library, "Its name in the store")->required()->type_name("NAME");
  command->add_option("--keep-file", sync.keep_file, "Of these entries the file wins conflicts")
      ->expected(1)
      ->allow_extra_args(false)
      ->take_all()
      ->type_name("KEY,...");
  command->add_option("--keep-library", sync.keep_library, "Of these entries the library wins conflicts")
      ->expected(1)
      ->allow_extra_args(false)
      ->take_all()
      ->type_name("KEY,...");
  command->add_flag("--delete", sync.may_delete_most, "Also if most entries are gone from the file");
  command->add_flag("--dry-run", sync.dry_run, "Change nothing; say what would change");
  command->add_flag("--diff", sync.diff, "Change nothing; print what would change in the file");
  CLI::Option* follow = command->add_flag(
      "--follow", sync.follow, "Go on: again whenever the file or the library changes, until Ctrl-C");
  for (const char* once : {"--keep-file", "--keep-library", "--delete", "--dry-run", "--diff"})
    follow->excludes(command->get_option(once));
  command->footer(
      footer_of("Examples:\n"
                "  bibsmith --store postgresql://db.example.org/papers sync refs.bib --library group\n"
                "  bibsmith sync refs.bib --library group --keep-file smith2020\n"
                "  bibsmith sync refs.bib --library group --follow\n"
                "\n"
                "A field that changed on one side changes on the other. Where both sides changed it, each "
                "keeps its own,\n"
                "the two are printed, and the status is 1. docs/sync.md says how people share a library."));
  return command;
}

CLI::App* add_library(CLI::App& app, LibraryArguments& library) {
  using Action = LibraryArguments::Action;
  CLI::App* command = app.add_subcommand("library", "The libraries that a group shares, and who may what");
  command->require_subcommand(1);
  command->footer(
      footer_of("Examples:\n"
                "  bibsmith library create group\n"
                "  bibsmith library grant group anna writer\n"
                "  bibsmith library history group --person anna\n"
                "  bibsmith library undo group 42"));
  const auto action = [&](const char* name, const char* what, Action value) {
    CLI::App* sub = command->add_subcommand(name, what);
    sub->group("Actions");
    sub->fallthrough();
    sub->callback([&library, value] { library.action = value; });
    return sub;
  };
  const auto name_of = [&](CLI::App* sub) {
    sub->add_option("NAME", library.name, "The library")->required()->type_name("");
    return sub;
  };
  action("list", "Those that you may read, with your role in each", Action::list);
  name_of(action("create", "Make a library, and be its owner", Action::create));
  name_of(action("members", "Who may what", Action::members));
  CLI::App* grant = name_of(action("grant", "Give a person a role", Action::grant));
  grant->add_option("PERSON", library.person, "As the database calls its user")->required()->type_name("");
  grant->add_option("ROLE", library.role, "reader, writer or owner")
      ->required()
      ->check(CLI::IsMember({"reader", "writer", "owner"}))
      ->type_name("");
  CLI::App* revoke = name_of(action("revoke", "Take a person out", Action::revoke));
  revoke->add_option("PERSON", library.person, "As the database calls its user")->required()->type_name("");
  CLI::App* history = name_of(action("history", "Who changed what, newest first", Action::history));
  history->add_option("--max", library.max, "At most so many changes (100)")
      ->check(CLI::Range(1, 100000))
      ->type_name("N");
  history->add_option("--person", library.person, "Changes of this person alone")->type_name("PERSON");
  CLI::App* undo = name_of(action("undo", "Take a change back, whoever made it", Action::undo));
  undo->add_option("REVISION", library.revision, "Its number in the history")
      ->required()
      ->check(CLI::PositiveNumber)
      ->type_name("");
  undo->add_flag("--dry-run", library.dry_run, "Change nothing; say what would change");
  return command;
}

CLI::App* add_export(CLI::App& app, ExportArguments& arguments) {
  CLI::App* command = app.add_subcommand("export", "Print a file of references in another format");
  command->add_option("FILE", arguments.file, "A .bib file, or one in a format of --from")
      ->required()
      ->type_name("");
  command
      ->add_option("--format", arguments.format, "csl-json, ris, hayagriva, bibtex, biblatex or a plugin's")
      ->required()
      ->type_name("FORMAT");
  command
      ->add_option("--from", arguments.from,
                   "What FILE is: bib, csl-json, ris, hayagriva or a plugin's; else its name tells")
      ->type_name("FORMAT");
  command->footer(footer_of(
      "Examples:\n"
      "  bibsmith export refs.bib --format csl-json > refs.json\n"
      "  bibsmith export refs.bib --format hayagriva > refs.yml\n"
      "  bibsmith export refs.bib --format biblatex > refs-biblatex.bib\n"
      "  bibsmith export zotero.json --format bibtex > zotero.bib\n"
      "\n"
      "Macros are expanded, and what an entry inherits by crossref and xdata is filled in. LaTeX becomes "
      "Unicode\n"
      "in csl-json, ris and hayagriva. docs/export.md and docs/import.md have the tables of types and "
      "fields."));
  return command;
}

}  // namespace bibsmith::plugin
