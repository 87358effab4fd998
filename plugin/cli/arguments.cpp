#include "plugin/cli/arguments.hpp"

#include <memory>
#include <sstream>

#include <CLI/CLI.hpp>

#include "plugin/cli/file_arguments.hpp"
#include "plugin/cli/source_arguments.hpp"

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
  app.add_option("--store", common.store,
                 "Keep answers in this SQLite file or PostgreSQL database, not in the cache folder")
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
      ->add_option(
          "--format", get.format,
          "bibtex, biblatex, csl-json, ris, hayagriva or a plugin's; without it output.dialect of the "
          "settings, else bibtex")
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
  command->add_flag("--local", search.local, "Search the local index, without a network; typos are forgiven");
  command->footer(
      footer_of("Examples:\n"
                "  bibsmith search --author 'del maestro' --title luttinger\n"
                "  bibsmith search diffusion models --category cs.LG --from 2023 --sort submitted\n"
                "  bibsmith search --author vaswani | cut -f1 | bibsmith add - --to refs.bib"));
  return command;
}

CLI::App* add_author(CLI::App& app, AuthorArguments& author) {
  CLI::App* command =
      app.add_subcommand("author", "An author's papers on arXiv, with profile and statistics");
  command->add_option("NAME", author.who, "A name, arXiv's author id (lee_j_1) or an ORCID")->type_name("");
  command
      ->add_option("--from", author.from,
                   "These papers, in this order: an id a line, or a .bib file; '-': standard input")
      ->type_name("FILE");
  command->add_option("--bib", author.bib, "Insert the papers into a .bib file, as add does")
      ->type_name("FILE");
  command->add_option("--html", author.html, "Write a web page that needs nothing else; '-': standard output")
      ->type_name("FILE");
  command->add_option("--max", author.max, "List so many papers, the newest; statistics are of all")
      ->check(CLI::Range(1, 100000))
      ->type_name("N");
  command->add_option("--include", author.include, "These papers are theirs; remembered")
      ->expected(1)
      ->allow_extra_args(false)
      ->take_all()
      ->type_name("ID,...");
  command->add_option("--exclude", author.exclude, "These papers are a namesake's; remembered")
      ->expected(1)
      ->allow_extra_args(false)
      ->take_all()
      ->type_name("ID,...");
  command->add_flag("--no-similar", author.no_similar, "Do not look for similar authors: one request less");
  command->footer(
      footer_of("Examples:\n"
                "  bibsmith author 'Jason D. Lee'\n"
                "  bibsmith author 'Lee, Jason D.' --html lee.html --bib lee.bib\n"
                "  bibsmith author lee_j_1 --json | jq .statistics.papers\n"
                "  bibsmith author 'Jason D. Lee' --exclude hep-ph/9901001\n"
                "  bibsmith author 'Jason D. Lee' --from ids.txt --html page.html\n"
                "\n"
                "Namesakes are told apart by co-authors, categories and years: see docs/authors.md."));
  return command;
}

CLI::App* add_match(CLI::App& app, MatchArguments& match) {
  CLI::App* command = app.add_subcommand("match", "Turn a reading list into entries");
  command
      ->add_option(
          "FILE", match.file,
          "Titles, one a line, an author's page as text or HTML, a .bib file, or references pasted from a "
          "PDF; '-' reads standard input")
      ->required()
      ->type_name("");
  command->add_option("--to", match.to, "Insert the entries into this .bib file")->type_name("FILE");
  command->add_flag("--report", match.report, "Print what became of each line: status, line, id, title, why");
  command->footer(footer_of(
      "Examples:\n"
      "  bibsmith match reading-list.txt --to refs.bib\n"
      "  bibsmith match page.html --report\n"
      "  pbpaste | bibsmith match - > refs.bib\n"
      "\n"
      "The local index is asked first, then arXiv, for many titles in one request. A title that only "
      "resembles\n"
      "another is refused. See docs/matching.md."));
  return command;
}

CLI::App* add_harvest(CLI::App& app, HarvestArguments& harvest) {
  CLI::App* command = app.add_subcommand("harvest", "Copy arXiv's records into the local index, by OAI-PMH");
  command->add_option("--set", harvest.set, "cs, math, physics:hep-th …; without it all")->type_name("SET");
  command
      ->add_option("--from", harvest.from, "Changed on this day or later; without it since the last harvest")
      ->type_name("DAY");
  command->add_option("--until", harvest.until, "Changed on this day or before")->type_name("DAY");
  command->footer(footer_of(
      "Examples:\n"
      "  bibsmith harvest --set cs --from 2024-01-01\n"
      "  bibsmith harvest --set cs\n"
      "\n"
      "It keeps arXiv's pace. However it ends, the same command goes on from there. See docs/index.md."));
  return command;
}

CLI::App* add_cache(CLI::App& app, CacheArguments& cache) {
  using Action = CacheArguments::Action;
  CLI::App* command = app.add_subcommand("cache", "Look at or empty the cache of answers");
  command->require_subcommand(1);
  command->footer(
      footer_of("Examples:\n"
                "  bibsmith cache stats\n"
                "  bibsmith cache export answers.sqlite\n"
                "  bibsmith cache import arxiv-metadata-oai-snapshot.json"));
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
  action("import", "Read records: of export, arXiv's snapshot, or pages of OAI-PMH", Action::import_from)
      ->add_option("FILE", cache.files, "The files; '-' reads standard input")
      ->required()
      ->type_name("");
  return command;
}

CLI::App* add_plugin(CLI::App& app, PluginArguments&) {
  CLI::App* command = app.add_subcommand("plugin", "Look at the plugins that your settings name");
  command->require_subcommand(1);
  command->footer(
      footer_of("Examples:\n"
                "  bibsmith plugin list\n"
                "\n"
                "Plugins add sources, formats, keys and rules. They are named in config.toml or by "
                "BIBSMITH_PLUGIN_PATH: see docs/plugins.md."));
  CLI::App* list = command->add_subcommand("list", "What each of them can do, or why it is not used");
  list->group("Actions");
  list->fallthrough();
  return command;
}

// "get, add or search"
std::string commands_of(const CLI::App& app, const std::string& last_word) {
  const auto commands = app.get_subcommands([](const CLI::App*) { return true; });
  std::string list;
  for (std::size_t i = 0; i < commands.size(); ++i) {
    if (i > 0) list += i + 1 == commands.size() ? ' ' + last_word + ' ' : ", ";
    list += commands[i]->get_name();
  }
  return list;
}

CLI::App* add_serve(CLI::App& app, ServeArguments& serve) {
  constexpr std::uint16_t port_max = 65535;
  CLI::App* command = app.add_subcommand("serve", "Answer other programs: JSON-RPC and web pages");
  command->add_flag("--socket", serve.socket, "Listen on bibsmith.sock in the runtime folder");
  command->add_option("--socket-path", serve.socket_path, "Listen on a Unix socket of that name")
      ->type_name("FILE");
  command->add_flag("--http", serve.http, "Listen on this machine's port for HTTP, and print the address");
  command->add_option("--port", serve.port, "That port; 0 is one that is free")
      ->check(CLI::Range(std::uint16_t{0}, port_max))
      ->type_name("N");
  command->add_flag("--cayw", serve.cayw,
                    "With --http: let editors pick citations as they do from Better BibTeX");
  command
      ->add_option("--library", serve.libraries,
                   "A .bib file to show, to add to and to pick citations from; repeatable")
      ->type_name("FILE");
  command->add_option("--tokens", serve.tokens, "With --http: serve a group, whose tokens this file has")
      ->type_name("FILE");
  command->add_option("--rate", serve.rate, "With --tokens: at most so many requests a minute with each")
      ->check(CLI::Range(1u, 1'000'000u))
      ->type_name("N");
  command
      ->add_option("--public-url", serve.public_url,
                   "With --http: the address of the proxy that people reach it by")
      ->type_name("URL");
  command->add_flag("--log", serve.log, "With --tokens: each request as a line of JSON on standard error");
  command->footer(
      footer_of("Examples:\n"
                "  bibsmith serve < requests.json\n"
                "  bibsmith serve --socket\n"
                "  bibsmith serve --http --port 8123\n"
                "  bibsmith serve --http --port 8123 --cayw --library refs.bib\n"
                "  bibsmith serve --http --port 8123 --tokens tokens --rate 600 --log\n"
                "\n"
                "Without an option one client speaks JSON-RPC on standard input and output. Ctrl-C ends it. "
                "See docs/json-rpc.md, and\n"
                "docs/service.md for a group."));
  return command;
}

CLI::App* add_lsp(CLI::App& app, LspArguments& lsp) {
  CLI::App* command = app.add_subcommand("lsp", "Language server for editors, on standard input and output");
  command->add_flag("--stdio", lsp.stdio, "What it does anyway; some editors add it");
  command->footer(footer_of("Editors start it: see docs/lsp.md."));
  return command;
}

// CLI11's sentences as ours: lower case, no stop.
std::string message_of(const CLI::ParseError& error, const CLI::App& app) {
  std::string command = "bibsmith";
  for (const CLI::App* sub : app.get_subcommands()) command += ' ' + sub->get_name();
  std::string message = error.what();
  if (error.get_name() == "RequiredError" && app.get_subcommands().empty()) {
    message = "name a command: " + commands_of(app, "or");
    // What was taken for no command is left over.
    for (const std::string& word : app.remaining()) {
      if (!word.starts_with('-')) {
        message = "there is no command '" + word + "': " + commands_of(app, "and") + " are there";
        break;
      }
    }
  } else if (message.starts_with("A subcommand")) {
    const bool is_plugin = command.ends_with(" plugin");
    const bool is_library = command.ends_with(" library");
    message = is_plugin    ? "name an action: list"
              : is_library ? "name an action: list, create, members, grant, revoke, history or undo"
                           : "name an action: stats, clear, path, export or import";
  } else if (message.starts_with("The ")) {
    message.front() = 't';
  }
  return message + " (see " + command + " --help)";
}

}  // namespace

tl::expected<Arguments, EarlyExit> parse_arguments(int argc, const char* const* argv) {
  Arguments arguments;
  CLI::App app{"BibTeX from arXiv, and a bibliography that stays right", "bibsmith"};
  app.set_version_flag("--version", "bibsmith " BIBSMITH_VERSION);
  app.set_help_all_flag("--help-all", "Help of all commands");
  app.get_formatter()->label("SUBCOMMAND", "COMMAND");
  app.require_subcommand(1);
  app.fallthrough();  // common options may stand behind the command
  app.footer(examples);
  add_common(app, arguments.common);
  const auto add = [&]<typename Command>(CLI::App* (*declare)(CLI::App&, Command&)) {
    const auto command = std::make_shared<Command>();
    declare(app, *command)->callback([&arguments, command] { arguments.command = *command; });
  };
  add(add_get);
  add(add_add);
  add(add_search);
  add(add_match);
  add(add_harvest);
  add(add_author);
  add(add_update);
  add(add_dedupe);
  add(add_cache);
  add(add_check);
  add(add_verify);
  add(add_format);
  add(add_keys);
  add(add_undo);
  add(add_history);
  add(add_sync);
  add(add_library);
  add(add_export);
  add(add_plugin);
  add(add_resolve);
  add(add_tex_run);
  add(add_subset);
  add(add_watch);
  add(add_serve);
  add(add_lsp);
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
  return arguments;
}

}  // namespace bibsmith::plugin
