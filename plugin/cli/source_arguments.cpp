#include "plugin/cli/source_arguments.hpp"

#include <CLI/CLI.hpp>

#include "plugin/cli/file_arguments.hpp"

namespace bibsmith::plugin {

namespace {

// Where entries go, and what they are kept by: the same for every command that fetches.
template <typename Command>
void add_target(CLI::App& command, Command& target) {
  command
      .add_option(
          "--to", target.to,
          "The .bib file that gets new entries; else auto.bib if the source names it, else the only one "
          "that it names")
      ->type_name("FILE");
  command
      .add_option(
          "--lock", target.lock,
          "Keep what was fetched in this file; without it in bibsmith.lock beside the source, if it is "
          "there")
      ->type_name("FILE");
  command.add_flag("--locked", target.locked, "Ask nobody: entries come from the lock file alone");
}

}  // namespace

CLI::App* add_resolve(CLI::App& app, ResolveArguments& resolve) {
  CLI::App* command =
      app.add_subcommand("resolve", "Fetch the papers that a source cites and no .bib file has");
  command
      ->add_option("SOURCE", resolve.sources,
                   "A .tex, .aux, .bcf, .md, .typ or .org file; what it includes is read too")
      ->required()
      ->type_name("");
  add_target(*command, resolve);
  auto* ids =
      command->add_flag("--ids", resolve.ids, "Usual keys, and the request keys in biblatex's field ids");
  auto* rewrite = command->add_flag("--rewrite", resolve.rewrite,
                                    "Usual keys, cited so in the sources from now on; prints old and new");
  rewrite->excludes(ids);
  command->add_flag("--titles", resolve.titles,
                    "Keys of title words ask for papers too: attention-is-all-you-need");
  command->add_option("--map", resolve.map, "With --rewrite: old and new keys are added to this file too")
      ->needs(rewrite)
      ->type_name("FILE");
  command->footer(footer_of(
      "Examples:\n"
      "  bibsmith resolve main.aux --to auto.bib\n"
      "  bibsmith resolve paper.tex --rewrite\n"
      "  bibsmith resolve paper.tex --titles\n"
      "  bibsmith resolve main.aux --lock bibsmith.lock\n"
      "  bibsmith resolve main.aux --locked\n"
      "\n"
      "Request keys are arXiv:1706.03762, doi:10.48550/arXiv.1706.03762, and bare ids. Prints the keys of "
      "the\n"
      "new entries. If nothing is missing nobody is asked and no file changes. See docs/latex.md."));
  return command;
}

CLI::App* add_tex_run(CLI::App& app, TexRunArguments& tex_run) {
  CLI::App* command =
      app.add_subcommand("tex-run", "For latexmk: resolve, then run the real bibtex or biber");
  command->add_option("TOOL", tex_run.tool, "bibtex or biber: which file says what is cited")
      ->required()
      ->check(CLI::IsMember({"bibtex", "biber"}))
      ->type_name("");
  command->add_option("BASE", tex_run.base, "The document without its end: main, of main.aux or main.bcf")
      ->required()
      ->type_name("");
  command->add_option("COMMAND", tex_run.command, "Behind '--': what to run, with its arguments")
      ->required()
      ->type_name("");
  add_target(*command, tex_run);
  command->footer(
      footer_of("Examples:\n"
                "  bibsmith tex-run bibtex main -- bibtex main\n"
                "  bibsmith tex-run biber main -- biber main\n"
                "\n"
                "In .latexmkrc:\n"
                "  $bibtex_use = 2;\n"
                "  $bibtex = 'bibsmith tex-run bibtex %B -- bibtex %O %B';\n"
                "  $biber = 'bibsmith tex-run biber %B -- biber %O %S';\n"
                "\n"
                "The tool always runs, and its status is the status; what could not be fetched is a warning. "
                "Only with\n"
                "--locked is a missing entry an error."));
  return command;
}

CLI::App* add_subset(CLI::App& app, SubsetArguments& subset) {
  CLI::App* command = app.add_subcommand("subset", "Write a .bib file of only what a source cites");
  command->add_option("SOURCE", subset.sources, "A .tex, .aux, .bcf, .md, .typ or .org file")
      ->required()
      ->type_name("");
  command->add_option("--to", subset.to, "The new file; what it holds is replaced")
      ->required()
      ->type_name("FILE");
  command->footer(footer_of(
      "Examples:\n"
      "  bibsmith subset main.aux --to small.bib\n"
      "\n"
      "With the @string definitions, crossref parents and @preambles that the entries need; each byte for\n"
      "byte. The status is 1 if something is cited that no .bib file has."));
  return command;
}

CLI::App* add_watch(CLI::App& app, WatchArguments& watch) {
  CLI::App* command = app.add_subcommand("watch", "Resolve as citations appear while you write");
  command->add_option("DIR", watch.folder, "The folder of one paper")->required()->type_name("");
  add_target(*command, watch);
  command->footer(
      footer_of("Examples:\n"
                "  bibsmith watch .\n"
                "\n"
                "Looks at the sources in the folder and below it each half second. Ctrl-C ends it."));
  return command;
}

}  // namespace bibsmith::plugin
