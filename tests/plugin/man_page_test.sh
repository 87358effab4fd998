#!/usr/bin/env bash
# The man page is set without a warning, and says which version it is of.
set -uo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
page=$root/plugin/cli/bibsmith.1

complaints=$(groff -man -Tutf8 -wall "$page" 2>&1 >/dev/null) || complaints="${complaints:-groff failed}"
if [ -n "$complaints" ]; then
  echo "$complaints"
  exit 1
fi
version=$(sed -n 's/^project(bibsmith VERSION \([0-9.]*\) .*/\1/p' "$root/CMakeLists.txt")
grep -qF "\"bibsmith $version\"" "$page" || {
  echo "the first line of bibsmith.1 does not say \"bibsmith $version\""
  exit 1
}
