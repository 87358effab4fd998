#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <tl/expected.hpp>

#include "plugin/cli/exit_status.hpp"

namespace bibsmith::plugin {

// The command line, read but not yet acted upon.
struct CommonArguments {
  std::string config;
  std::string store;
  bool offline = false;
  bool json = false;
  std::string color = "auto";
  bool quiet = false;
  bool verbose = false;
};

struct GetArguments {
  std::vector<std::string> ids;       // "-": standard input
  std::optional<std::string> format;  // none: that of the settings
  std::optional<std::string> encoding;
  std::optional<std::size_t> authors_max;
  bool no_publish = false;
  bool explain = false;
};

struct AddArguments {
  std::vector<std::string> ids;
  std::string to;
};

struct UpdateArguments {
  std::vector<std::string> files;
  std::vector<std::string> only, fields, keep;  // each with commas
  bool no_publish = false;
  bool overwrite = false;
  bool search = false;
  bool dry_run = false;
  bool diff = false;
  bool check = false;
};

struct SearchArguments {
  std::vector<std::string> words;
  std::string title, author, abstract, category, from, to;
  std::uint32_t max = 20;
  std::string sort = "relevance";
  bool local = false;
};

struct MatchArguments {
  std::string file;  // "-": standard input
  std::string to;
  bool report = false;
};

struct HarvestArguments {
  std::string set, from, until;
};

struct AuthorArguments {
  std::vector<std::string> who;  // words of a name, or an id
  std::string from;              // a file of ids; "-": standard input
  std::string bib;
  std::string html;  // "-": standard output
  std::optional<std::uint32_t> max;
  std::vector<std::string> include, exclude;  // ids, with commas
  bool no_similar = false;
};

struct CacheArguments {
  enum class Action : std::uint8_t { stats, clear, path, export_to, import_from };
  Action action = Action::stats;
  std::string file;
  std::vector<std::string> files;  // of import
};

struct CheckArguments {
  std::vector<std::string> files;
  std::string format = "text";
  std::string dialect = "auto";
  std::vector<std::string> only;
  std::vector<std::string> ignore;
  bool online = false;
};

struct VerifyArguments {
  std::vector<std::string> files;
  std::string format = "text";
  std::string accept;  // a citation key; empty: nothing is accepted
  std::string reason;
};

struct FormatArguments {
  std::vector<std::string> files;
  bool check = false;
  bool diff = false;
  std::string indent;      // a number of spaces, or "tab"
  std::string align;       // a column, or "none"
  std::string delimiters;  // "braces" or "quotes"
  std::string word_case;   // "lower" or "upper"
};

struct DedupeArguments {
  std::string file;
  std::vector<std::string> tex;
  bool merge = false;
  bool dry_run = false;
  bool diff = false;
};

struct KeysArguments {
  std::string file;
  std::string pattern;
  std::vector<std::string> tex;
  bool dry_run = false;
};

struct UndoArguments {
  std::string file;
  bool dry_run = false;
  bool diff = false;
};

struct HistoryArguments {
  std::string file;
};

struct SyncArguments {
  std::string file;
  std::string library;
  std::vector<std::string> keep_file, keep_library;  // each with commas
  bool may_delete_most = false;
  bool dry_run = false;
  bool diff = false;
  bool follow = false;
};

struct LibraryArguments {
  enum class Action : std::uint8_t { list, create, members, grant, revoke, history, undo };
  Action action = Action::list;
  std::string name;
  std::string person;
  std::string role;  // empty: none
  int max = 100;
  std::int64_t revision = 0;  // of undo
  bool dry_run = false;
};

struct ExportArguments {
  std::string file;
  std::optional<std::string> from;  // none: as the file's name tells
  std::string format;
};

struct PluginArguments {};  // list is the one action

// What becomes of the request keys that sources cite.
struct ResolveArguments {
  std::vector<std::string> sources;
  std::string to;
  bool ids = false;
  bool rewrite = false;
  bool titles = false;
  std::string map;
  std::string lock;
  bool locked = false;
};

struct TexRunArguments {
  std::string tool;  // "bibtex" or "biber"
  std::string base;  // "main", of main.aux and main.bcf
  std::vector<std::string> command;
  std::string to;
  std::string lock;
  bool locked = false;
};

struct SubsetArguments {
  std::vector<std::string> sources;
  std::string to;
};

struct WatchArguments {
  std::string folder;
  std::string to;
  std::string lock;
  bool locked = false;
};

struct ServeArguments {
  bool socket = false;
  std::string socket_path;
  bool http = false;
  std::uint16_t port = 0;
  bool cayw = false;
  std::vector<std::string> libraries;
  std::string tokens;
  std::uint32_t rate = 0;  // 0: no limit
  std::string public_url;
  bool log = false;
};

struct LspArguments {
  bool stdio = false;  // what it does anyway: some clients always add it
};

struct Arguments {
  CommonArguments common;
  std::variant<GetArguments, AddArguments, SearchArguments, MatchArguments, HarvestArguments, AuthorArguments,
               CacheArguments, CheckArguments, VerifyArguments, FormatArguments, UpdateArguments,
               DedupeArguments, KeysArguments, UndoArguments, HistoryArguments, SyncArguments,
               LibraryArguments, ExportArguments, PluginArguments, ResolveArguments, TexRunArguments,
               SubsetArguments, WatchArguments, ServeArguments, LspArguments>
      command;
};

// There is nothing to run: help, the version, or a mistake.
struct EarlyExit {
  ExitStatus status = ExitStatus::usage;
  std::string text;  // for standard output if `status` is done, else for standard error
};

tl::expected<Arguments, EarlyExit> parse_arguments(int argc, const char* const* argv);

}  // namespace bibsmith::plugin
