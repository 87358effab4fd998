#!/bin/sh
# Searches arXiv and puts what it finds into a .bib file:
#   reading-list.sh refs.bib --author vaswani --from 2017 --max 5
# Everything behind the file is for `bibsmith search`. Run it again later: only what is new is added.
set -eu
bib=$1
shift

papers=$(bibsmith search "$@") # one line a paper: id, year, authors, title
printf '%s\n' "$papers" | cut -f 1 | bibsmith add - --to "$bib"
