#include "plugin/cli/arguments.hpp"

#include <sstream>

#include <CLI/CLI.hpp>

#include "plugin/cli/file_arguments.hpp"

namespace bibsmith::plugin {

std::string footer_of(const char* text) {
  return std::string(text) +
         "\n\nEvery command takes --json, --offline, --config, --store, -q and -v: see bibsmith --help.";
}

namespace {

constexpr const char* examples =
    "Examples:\n"
    "  bibsmith get 1706.03762 hep-th/9901001 https://arxiv.org/pdf/2303.08774v3\n"
    "  bibsmith get --format biblatex - < ids.txt\n"
    "  bibsmith add 1706.03762 --to refs.bib\n"
    "  bibsmith search attention --author vaswani --max 5\n"
    "  bibsmith check refs.bib\n"
    "  bibsmith keys refs.bib --pattern '[auth:lower][year]' --tex paper.tex\n"
    "  bibsmith undo refs.bib\n"
    "\n"
    "Exit status: 0 all done; 1 something was not found; 2 usage; 3 a source could not be asked;\n"
    "4 a file could not be read, written or locked; 70 a bug of bibsmith's.";

void add_common(CLI::App& app, CommonArguments& common) {
  app.add_option("--config", common.config, "Read this file, and not the user's config.toml")
      ->type_name("FILE");
  app.add_option("--store", common.store, "Keep answers in this SQLite file, and not in the cache folder")
      ->type_name("URL");
  app.add_flag("--offline", common.offline, "Answer from the cache alone");
  app.add_flag("--json", common.json, "Print one JSON document (docs/cli.md)");
  app.add_option("--color", common.color, "auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->type_name("WHEN");
  auto* quiet = app.add_flag("-q,--quiet", common.quiet, "Errors only");
  app.add_flag("-v,--verbose", common.verbose, "Say what is done")->excludes(quiet);
}

CLI::App* add_get(CLI::App& app, GetArguments& get) {
  CLI::App* command = app.add_subcommand("get", "Print entries for arXiv ids");
  command
      ->add_option("ID", get.ids,
                   "arXiv ids, links or arXiv DOIs; '-' reads them from standard input, one a line")
      ->required()
      ->type_name("");
  command
      ->add_option("--format", get.format,
                   "bibtex, biblatex, csl-json, ris or hayagriva; without it output.dialect of the settings, "
                   "else bibtex")
      ->check(CLI::IsMember({"bibtex", "biblatex", "csl-json", "ris", "hayagriva"}))
      ->type_name("FORMAT");
  command->add_option("--encoding", get.encoding, "latex or utf8: how characters outside ASCII are written")
      ->check(CLI::IsMember({"latex", "utf8"}))
      ->type_name("ENCODING");
  command->add_option("--authors-max", get.authors_max, "Cut longer author lists with 'and others'; 0: never")
      ->type_name("N");
  command->add_flag("--no-publish", get.no_publish,
                    "The preprint, even where the record tells of the published paper");
  command->add_flag("--explain", get.explain, "Say where each field came from and which rule made it");
  command->footer(footer_of(
      "Examples:\n"
      "  bibsmith get 1706.03762\n"
      "  bibsmith get arXiv:hep-th/9901001v2 'https://arxiv.org/abs/2303.08774' >> refs.bib\n"
      "  bibsmith get --json 1706.03762 | jq -r '.entries[].key'\n"
      "\n"
      "An id with a version (1706.03762v5) dates the entry by that version and keeps it in eprint;\n"
      "without one, the first version dates it."));
  return command;
}

CLI::App* add_add(CLI::App& app, AddArguments& add) {
  CLI::App* command = app.add_subcommand("add", "Insert entries into a .bib file, in its style");
  command->add_option("ID", add.ids, "arXiv ids as for get; '-' reads standard input")
      ->required()
      ->type_name("");
  command->add_option("--to", add.to, "The .bib file; it is made if it does not exist")
      ->required()
      ->type_name("FILE");
  command->footer(
      footer_of("Examples:\n"
                "  bibsmith add 1706.03762 --to refs.bib\n"
                "\n"
                "Prints the citation keys of the new entries. A paper that is in the file "
                "already is reported and not\n"
                "doubled. No other byte of the file changes."));
  return command;
}

CLI::App* add_search(CLI::App& app, SearchArguments& search) {
  CLI::App* command = app.add_subcommand("search", "Search arXiv; prints id, year, authors, title");
  command->add_option("QUERY", search.words, "Words that must occur anywhere")->type_name("");
  command->add_option("--title", search.title, "Words of the title")->type_name("WORDS");
  command->add_option("--author", search.author, "An author's name")->type_name("NAME");
  command->add_option("--abstract", search.abstract, "Words of the abstract")->type_name("WORDS");
  command->add_option("--category", search.category, "cs.CL, cs.*, hep-th …")->type_name("CAT");
  command->add_option("--from", search.from, "First submitted on this day or later")->type_name("DATE");
  command->add_option("--to", search.to, "First submitted on this day or before")->type_name("DATE");
  command->add_option("--max", search.max, "At most so many results (20)")
      ->check(CLI::Range(1, 10000))
      ->type_name("N");
  command->add_option("--sort", search.sort, "relevance, submitted or updated")
      ->check(CLI::IsMember({"relevance", "submitted", "updated"}))
      ->type_name("BY");
  command->footer(
      footer_of("Examples:\n"
                "  bibsmith search --author 'del maestro' --title luttinger\n"
                "  bibsmith search diffusion models --category cs.LG --from 2023 --sort submitted\n"
                "  bibsmith search --author vaswani | cut -f1 | bibsmith add - --to refs.bib"));
  return command;
}

CLI::App* add_cache(CLI::App& app, CacheArguments& cache) {
  using Action = CacheArguments::Action;
  CLI::App* command = app.add_subcommand("cache", "Look at or empty the cache of answers");
  command->require_subcommand(1);
  command->footer(
      footer_of("Examples:\n"
                "  bibsmith cache stats\n"
                "  bibsmith cache export answers.sqlite"));
  const auto action = [&](const char* name, const char* what, Action value) {
    CLI::App* sub = command->add_subcommand(name, what);
    sub->group("Actions");
    sub->fallthrough();
    sub->callback([&cache, value] { cache.action = value; });
    return sub;
  };
  action("stats", "How much it holds", Action::stats);
  action("clear", "Forget every answer", Action::clear);
  action("path", "Print where it is", Action::path);
  action("export", "Write it to one file, for another machine", Action::export_to)
      ->add_option("FILE", cache.file, "The new file")
      ->required()
      ->type_name("");
  action("import", "Read what export wrote; newer answers win", Action::import_from)
      ->add_option("FILE", cache.file, "A file of export")
      ->required()
      ->type_name("");
  return command;
}

// CLI11's sentences as ours: lower case, no stop.
std::string message_of(const CLI::ParseError& error, const CLI::App& app) {
  std::string command = "bibsmith";
  for (const CLI::App* sub : app.get_subcommands()) command += ' ' + sub->get_name();
  std::string message = error.what();
  if (error.get_name() == "RequiredError" && app.get_subcommands().empty()) {
    message =
        "name a command: get, add, search, update, dedupe, cache, check, format, keys, undo, history or "
        "export";
    // What was taken for no command is left over.
    for (const std::string& word : app.remaining()) {
      if (!word.starts_with('-')) {
        message = "there is no command '" + word +
                  "': get, add, search, update, dedupe, cache, check, format, keys, undo, history and export "
                  "are there";
        break;
      }
    }
  } else if (message.starts_with("A subcommand")) {
    message = "name an action: stats, clear, path, export or import";
  } else if (message.starts_with("The ")) {
    message.front() = 't';
  }
  return message + " (see " + command + " --help)";
}

}  // namespace

tl::expected<Arguments, EarlyExit> parse_arguments(int argc, const char* const* argv) {
  Arguments arguments;
  GetArguments get;
  AddArguments add;
  SearchArguments search;
  CacheArguments cache;
  CheckArguments check;
  UpdateArguments update;
  FormatArguments format;
  DedupeArguments dedupe;
  KeysArguments keys;
  UndoArguments undo;
  HistoryArguments history;
  ExportArguments export_arguments;

  CLI::App app{"BibTeX from arXiv, and a bibliography that stays right", "bibsmith"};
  app.set_version_flag("--version", "bibsmith " BIBSMITH_VERSION);
  app.set_help_all_flag("--help-all", "Help of all commands");
  app.get_formatter()->label("SUBCOMMAND", "COMMAND");
  app.require_subcommand(1);
  app.fallthrough();  // common options may stand behind the command
  app.footer(examples);
  add_common(app, arguments.common);
  CLI::App* get_command = add_get(app, get);
  CLI::App* add_command = add_add(app, add);
  CLI::App* search_command = add_search(app, search);
  add_cache(app, cache);
  CLI::App* check_command = add_check(app, check);
  CLI::App* update_command = add_update(app, update);
  CLI::App* format_command = add_format(app, format);
  CLI::App* dedupe_command = add_dedupe(app, dedupe);
  CLI::App* keys_command = add_keys(app, keys);
  CLI::App* undo_command = add_undo(app, undo);
  CLI::App* history_command = add_history(app, history);
  CLI::App* export_command = add_export(app, export_arguments);
  for (CLI::App* command : app.get_subcommands({})) {
    command->fallthrough();
    command->group("Commands");
  }

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {  // CLI11 reports by exception; it ends here
    std::ostringstream out;
    std::ostringstream err;
    const bool is_help = app.exit(error, out, err) == 0;
    if (is_help) return tl::unexpected(EarlyExit{ExitStatus::done, out.str()});
    return tl::unexpected(EarlyExit{ExitStatus::usage, message_of(error, app)});
  }
  if (get_command->parsed()) {
    arguments.command = std::move(get);
  } else if (add_command->parsed()) {
    arguments.command = std::move(add);
  } else if (search_command->parsed()) {
    arguments.command = std::move(search);
  } else if (check_command->parsed()) {
    arguments.command = std::move(check);
  } else if (update_command->parsed()) {
    arguments.command = std::move(update);
  } else if (format_command->parsed()) {
    arguments.command = std::move(format);
  } else if (dedupe_command->parsed()) {
    arguments.command = std::move(dedupe);
  } else if (keys_command->parsed()) {
    arguments.command = std::move(keys);
  } else if (undo_command->parsed()) {
    arguments.command = std::move(undo);
  } else if (history_command->parsed()) {
    arguments.command = std::move(history);
  } else if (export_command->parsed()) {
    arguments.command = std::move(export_arguments);
  } else {
    arguments.command = std::move(cache);
  }
  return arguments;
}

}  // namespace bibsmith::plugin
