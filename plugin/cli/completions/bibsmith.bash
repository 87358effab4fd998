# bash completion for bibsmith

_bibsmith_words() {  # WORDS: those that begin as the word at the cursor
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur")
}

_bibsmith_files() {  # PATTERN: files of that name, and folders on the way to them
  compopt -o filenames 2>/dev/null || true  # fails outside of a completion, as in a test
  mapfile -t COMPREPLY < <(compgen -d -- "$cur"; compgen -f -X "!$1" -- "$cur")
}

# The command and the cache action among the words before the cursor.
_bibsmith_find_command() {
  command="" action=""
  local i
  for ((i = 1; i < COMP_CWORD; ++i)); do
    case "${COMP_WORDS[i]}" in
      --config | --store | --color) ((++i)) ;;  # a value follows
      -*) ;;
      get | add | search | match | harvest | author | update | dedupe | cache | check | verify | format | keys | sync | library | plugin | resolve | tex-run | subset | watch | serve | lsp) [ -n "$command" ] || command=${COMP_WORDS[i]} ;;
      history | undo) if [ -z "$command" ]; then command=${COMP_WORDS[i]}; elif [ "$command" = library ]; then action=${COMP_WORDS[i]}; fi ;;
      export) if [ -z "$command" ]; then command=export; elif [ "$command" = cache ]; then action=export; fi ;;
      list | create | members | grant | revoke) [ "$command" != library ] || action=${COMP_WORDS[i]} ;;
      stats | clear | path | import) [ "$command" != cache ] || action=${COMP_WORDS[i]} ;;
    esac
  done
}

_bibsmith() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command action
  COMPREPLY=()
  # "--format=bib" arrives as three words, because '=' breaks words in bash.
  if [ "$cur" = = ]; then
    cur=""
  elif [ "$prev" = = ]; then
    prev=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  _bibsmith_find_command

  case "$command:$prev" in
    *:--config) _bibsmith_files '*.toml'; return ;;
    *:--store) _bibsmith_files '*'; return ;;
    *:--color) _bibsmith_words "auto always never"; return ;;
    serve:--socket-path) _bibsmith_files '*'; return ;;
    serve:--tokens) _bibsmith_files '*'; return ;;
    serve:--port | serve:--rate | serve:--public-url) return ;;
    serve:--library) _bibsmith_files '*.bib'; return ;;
    export:--from) _bibsmith_words "bib csl-json ris hayagriva"; return ;;
    get:--format | export:--format) _bibsmith_words "bibtex biblatex csl-json ris hayagriva"; return ;;
    check:--format) _bibsmith_words "text json github"; return ;;
    verify:--format) _bibsmith_words "text json github html"; return ;;
    check:--dialect) _bibsmith_words "auto bibtex biblatex"; return ;;
    format:--delimiters) _bibsmith_words "braces quotes"; return ;;
    format:--case) _bibsmith_words "lower upper"; return ;;
    keys:--tex | dedupe:--tex) _bibsmith_files '*.tex'; return ;;
    get:--encoding) _bibsmith_words "latex utf8"; return ;;
    add:--to | match:--to) _bibsmith_files '*.bib'; return ;;
    resolve:--to) _bibsmith_files '*.bib'; return ;;
    resolve:--lock) _bibsmith_files '*'; return ;;
    resolve:--map) _bibsmith_files '*'; return ;;
    tex-run:--to) _bibsmith_files '*.bib'; return ;;
    tex-run:--lock) _bibsmith_files '*'; return ;;
    subset:--to) _bibsmith_files '*.bib'; return ;;
    watch:--to) _bibsmith_files '*.bib'; return ;;
    watch:--lock) _bibsmith_files '*'; return ;;
    search:--sort) _bibsmith_words "relevance submitted updated"; return ;;
    get:--authors-max | search:--title | search:--author | search:--abstract | search:--category) return ;;
    author:--from) _bibsmith_files '*'; return ;;
    author:--bib) _bibsmith_files '*.bib'; return ;;
    author:--html) _bibsmith_files '*.html'; return ;;
    author:--max | author:--include | author:--exclude) return ;;
    search:--from | search:--to | search:--max | harvest:--set | harvest:--from | harvest:--until) return ;;
    sync:--library | sync:--keep-file | sync:--keep-library | library:--max | library:--person) return ;;
    update:--only | update:--fields | update:--keep) return ;;
    check:--only | check:--ignore | format:--indent | format:--align | keys:--pattern) return ;;
  esac

  if [[ $cur == -* ]]; then
    local options="--help --help-all --config --store --offline --json --color --quiet --verbose -h -q -v"
    case "$command" in
      "") options+=" --version" ;;
      get) options+=" --format --encoding --authors-max --no-publish --explain" ;;
      add) options+=" --to" ;;
      update) options+=" --dry-run --diff --check --only --fields --keep --no-publish --overwrite --search" ;;
      check) options+=" --format --dialect --only --ignore --online" ;;
      verify) options+=" --format --accept --reason" ;;
      format) options+=" --check --diff --indent --align --delimiters --case" ;;
      dedupe) options+=" --merge --tex --dry-run --diff" ;;
      keys) options+=" --pattern --tex --dry-run" ;;
      undo) options+=" --dry-run --diff" ;;
      sync) options+=" --library --keep-file --keep-library --delete --dry-run --diff --follow" ;;
      library) case $action in history) options+=" --max --person" ;; undo) options+=" --dry-run" ;; esac ;;
      export) options+=" --format --from" ;;
      lsp) options+=" --stdio" ;;
      serve) options+=" --socket --socket-path --http --port --cayw --library --tokens --rate --public-url --log" ;;
      resolve) options+=" --to --lock --locked --ids --rewrite --titles --map" ;;
      tex-run) options+=" --to --lock --locked" ;;
      subset) options+=" --to" ;;
      watch) options+=" --to --lock --locked" ;;
      author) options+=" --from --bib --html --max --include --exclude --no-similar" ;;
      search) options+=" --title --author --abstract --category --from --to --max --sort --local" ;;
      match) options+=" --to --report" ;;
      harvest) options+=" --set --from --until" ;;
    esac
    _bibsmith_words "$options"
    return
  fi

  case "$command:$action" in
    :) _bibsmith_words "get add search match harvest author update dedupe cache check verify format keys undo history sync library export plugin resolve tex-run subset watch serve lsp" ;;
    verify:) _bibsmith_files '*' ;;
    update: | dedupe: | check: | format: | keys: | undo: | history: | sync:) _bibsmith_files '*.bib' ;;
    export: | match:) _bibsmith_files '*' ;;
    library:) _bibsmith_words "list create members grant revoke history undo" ;;
    plugin:) _bibsmith_words "list" ;;
    resolve:) _bibsmith_files '*' ;;
    tex-run:) _bibsmith_files '*' ;;
    subset:) _bibsmith_files '*' ;;
    watch:) _bibsmith_files '*' ;;
    cache:) _bibsmith_words "stats clear path export import" ;;
    cache:export | cache:import) _bibsmith_files '*' ;;
  esac
}

complete -F _bibsmith bibsmith
