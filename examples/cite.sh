#!/bin/sh
# Puts papers into a .bib file and prints the \cite command for those that are new in it:
#   cite.sh refs.bib 1706.03762 https://arxiv.org/abs/hep-th/9711200
set -eu
bib=$1
shift

status=0
keys=$(bibsmith add "$@" --to "$bib") || status=$? # 1: one was not found; the others are in the file
[ -z "$keys" ] || printf '\\cite{%s}\n' "$(printf '%s\n' "$keys" | paste -sd , -)"
exit "$status"
