#!/usr/bin/env bash
# completions_test.sh BIBSMITH: the completions do what they say, and every option of the help texts stands in
# them and in the man page. Shells that are not installed are skipped with a message.
set -uo pipefail
bibsmith=$1
cli=$(cd "$(dirname "$0")/../../plugin/cli" && pwd)
failures=0

fail() {
  echo "FAILED: $*"
  failures=$((failures + 1))
}

# expect NAME EXPECTED ACTUAL
expect() {
  [ "$2" = "$3" ] || fail "$1: expected '$2', got '$3'"
}

# --- bash

# shellcheck source=/dev/null
. "$cli/completions/bibsmith.bash"

# completed WORD...: what bash would offer for the last word, on one line, sorted
completed() {
  COMP_WORDS=("$@")
  COMP_CWORD=$(($# - 1))
  COMPREPLY=()
  _bibsmith
  printf '%s\n' "${COMPREPLY[@]}" | sort -u | paste -sd ' '
}

expect "a command" "get" "$(completed bibsmith g)"
expect "all commands" "add author cache check dedupe export format get harvest history keys library lsp match plugin resolve search serve subset sync tex-run undo update verify watch" "$(completed bibsmith "")"
expect "a command behind options" "search" "$(completed bibsmith --color never --offline sea)"
expect "an option" "--format" "$(completed bibsmith get --fo)"
expect "a common option behind the command" "--offline" "$(completed bibsmith search --off)"
expect "values" "biblatex bibtex" "$(completed bibsmith get --format bib)"
expect "values of another command" "github" "$(completed bibsmith check --format g)"
expect "values of verify" "html" "$(completed bibsmith verify --format h)"
expect "a value behind =" "utf8" "$(completed bibsmith get --encoding = u)"
expect "all values behind =" "biblatex bibtex csl-json hayagriva ris" "$(completed bibsmith get --format =)"
expect "options of another command" "" "$(completed bibsmith add --fo)"
expect "export is a command and an action" "--format" "$(completed bibsmith export --fo)"
expect "the action of plugin" "list" "$(completed bibsmith plugin l)"
expect "actions of the cache" "clear" "$(completed bibsmith cache cl)"
expect "an id" "" "$(completed bibsmith get 1706)"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/chapters"
touch "$folder/my refs.bib" "$folder/notes.txt" "$folder/config.toml"
expect "a .bib file" "$folder/chapters $folder/my refs.bib" "$(completed bibsmith add 1706.03762 --to "$folder/")"
expect "--to of search is a date" "" "$(completed bibsmith search x --to "$folder/")"
expect "a configuration" "$folder/config.toml" "$(completed bibsmith --config "$folder/con")"
expect "a file to import" "$folder/notes.txt" "$(completed bibsmith cache import "$folder/no")"

# --- the other shells: that they read the file without complaint

check_syntax() {  # SHELL FILE
  if command -v "$1" >/dev/null; then
    "$1" -n "$2" || fail "$1 does not take $2"
  else
    echo "skipped: $1 is not installed"
  fi
}
check_syntax zsh "$cli/completions/_bibsmith"
check_syntax fish "$cli/completions/bibsmith.fish"

# --- every option of the help texts

# options_of COMMAND...: the long options that its help lists
options_of() {
  "$bibsmith" "$@" --help | grep -oE '^ +(-[a-z],)?--[a-z-]+' | grep -oE -- '--[a-z-]+'
}

man_page=$(sed 's/\\-/-/g' "$cli/bibsmith.1")
seen=0
for command in "" get add search match harvest author update dedupe cache "cache export" "cache import" check verify format keys undo history sync library "library history" export plugin "plugin list" resolve tex-run subset watch serve lsp; do
  # shellcheck disable=SC2086
  for option in $(options_of $command); do
    seen=$((seen + 1))
    grep -qE -- "$option([ \\\\]|\$)" <<<"$man_page" || fail "bibsmith.1 lacks $option of bibsmith $command"
    grep -qE -- "${option}[ \"]" "$cli/completions/bibsmith.bash" || fail "bibsmith.bash lacks $option of bibsmith $command"
    grep -qE -- "$option(\\[|\\})" "$cli/completions/_bibsmith" || fail "_bibsmith lacks $option of bibsmith $command"
    grep -qE -- " -l ${option#--} " "$cli/completions/bibsmith.fish" || fail "bibsmith.fish lacks $option of bibsmith $command"
  done
done
[ "$seen" -ge 20 ] || fail "only $seen options found in the help texts"

# ... and every option that they complete exists.
known=$(for command in "" get add search match harvest author update dedupe cache check verify format keys undo history sync library "library history" export plugin "plugin list" resolve tex-run subset watch serve lsp; do options_of $command; done)
for option in $(grep -oE -- '--[a-z][a-z-]+' "$cli/completions/bibsmith.bash") \
  $(grep -oE -- '--[a-z][a-z-]+' "$cli/completions/_bibsmith") \
  $(grep '^complete' "$cli/completions/bibsmith.fish" | grep -oE -- ' -l [a-z-]+' | sed 's/ -l /--/') \
  $(grep -oE -- ' --[a-z][a-z-]+' <<<"$man_page"); do
  grep -qxF -- "$option" <<<"$known" || fail "$option is completed or documented, but no option"
done

echo "completions: $failures failure(s)"
[ "$failures" -eq 0 ]
