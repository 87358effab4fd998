#!/usr/bin/env bash
# The man pages are set without a warning, and say which version they are of.
set -uo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
version=$(sed -n 's/^project(bibsmith VERSION \([0-9.]*\) .*/\1/p' "$root/CMakeLists.txt")

for page in "$root/plugin/cli/bibsmith.1" "$root/plugin/abi/libbibsmith.3"; do
  complaints=$(groff -man -Tutf8 -wall "$page" 2>&1 >/dev/null) || complaints="${complaints:-groff failed}"
  if [ -n "$complaints" ]; then
    echo "$complaints"
    exit 1
  fi
  head -1 "$page" | grep -qF "\"bibsmith $version\"" || {
    echo "the first line of $page does not say \"bibsmith $version\""
    exit 1
  }
done
