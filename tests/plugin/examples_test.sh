#!/usr/bin/env bash
# examples_test.sh BIBSMITH EMULATOR: the scripts in examples/ do what examples/README.md shows.
set -uo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(mktemp -d)
failures=0

# expect NAME EXPECTED ACTUAL
expect() {
  [ "$2" = "$3" ] && return
  printf 'FAILED: %s\n  expected: %s\n  got:      %s\n' "$1" "$2" "$3"
  failures=$((failures + 1))
}

# The first line that the emulator prints says where it listens, and comes when it does.
exec 3< <(exec "$2" --records "$root/tests/data/sample_papers.jsonl" --interval-ms 10 --run-seconds 120 2>/dev/null)
emulator=$!
trap 'kill "$emulator" 2>/dev/null; rm -rf "$folder"' EXIT
read -r line <&3
address=${line#listening on }
case "$address" in
  http://127.0.0.1:*) ;;
  *) echo "FAILED: the emulator said '$line'"; exit 1 ;;
esac

export HOME=$folder BIBSMITH_ARXIV_URL=$address/api/query BIBSMITH_ARXIV_INTERVAL_MS=10
export BIBSMITH_CACHE_DIR=$folder/cache BIBSMITH_STATE_DIR=$folder/state
unset BIBSMITH_OFFLINE XDG_CONFIG_HOME
PATH=$(realpath "$(dirname "$1")"):$PATH
cd "$folder" || exit 1
cite=$root/examples/cite.sh
reading_list=$root/examples/reading-list.sh

expect "cite.sh" '\cite{vaswani2017attention,maldacena1997large}' \
  "$("$cite" refs.bib 1706.03762 https://arxiv.org/abs/hep-th/9711200 2>/dev/null)"
expect "cite.sh wrote both" 2 "$(grep -c '^@' refs.bib)"

before=$(cksum refs.bib)
expect "cite.sh again" '' "$("$cite" refs.bib 1706.03762 2>/dev/null)"
expect "cite.sh again leaves the file alone" "$before" "$(cksum refs.bib)"

expect "cite.sh with an unknown paper" '\cite{kingma2014adam}' "$("$cite" other.bib 2411.99999 1412.6980 2>/dev/null)"
"$cite" other.bib 2411.99999 >/dev/null 2>&1
expect "status of cite.sh with an unknown paper" 1 $?

expect "reading-list.sh" kingma2014adam "$("$reading_list" refs.bib --author kingma --title adam 2>/dev/null)"
expect "reading-list.sh again" '' "$("$reading_list" refs.bib --author kingma --title adam 2>/dev/null)"
expect "reading-list.sh added to the file" 3 "$(grep -c '^@' refs.bib)"
"$reading_list" empty.bib zzzyzzx >/dev/null 2>&1
expect "status of reading-list.sh when nothing matches" 1 $?
[ ! -e empty.bib ] || expect "reading-list.sh when nothing matches" "no file" "a file"

echo "examples: $failures failure(s)"
[ "$failures" -eq 0 ]
