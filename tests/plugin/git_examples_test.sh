#!/usr/bin/env bash
# git_examples_test.sh BIBSMITH EMULATOR: the hook and the commands of the workflow in examples/git, in a local
# repository.
set -uo pipefail
command -v git >/dev/null || { echo "skipped: git is not installed"; exit 0; }
root=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(mktemp -d)
failures=0

# expect NAME EXPECTED ACTUAL
expect() {
  [ "$2" = "$3" ] && return
  printf 'FAILED: %s\n  expected: %s\n  got:      %s\n' "$1" "$2" "$3"
  failures=$((failures + 1))
}

exec 3< <(exec "$2" --records "$root/tests/data/sample_papers.jsonl" --interval-ms 10 --run-seconds 120 2>/dev/null)
emulator=$!
trap 'kill "$emulator" 2>/dev/null; rm -rf "$folder"' EXIT
read -r line <&3
address=${line#listening on }
case "$address" in
  http://127.0.0.1:*) ;;
  *) echo "FAILED: the emulator said '$line'"; exit 1 ;;
esac

export HOME=$folder/home GIT_CONFIG_NOSYSTEM=1 LC_ALL=C.UTF-8
export GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=A GIT_COMMITTER_EMAIL=a@example.org
export BIBSMITH_ARXIV_URL=$address/api/query BIBSMITH_ARXIV_INTERVAL_MS=10
export BIBSMITH_CACHE_DIR=$folder/cache BIBSMITH_STATE_DIR=$folder/state
unset BIBSMITH_OFFLINE XDG_CONFIG_HOME GIT_DIR GIT_INDEX_FILE GIT_WORK_TREE
mkdir -p "$folder/home" "$folder/paper/my refs"
PATH=$(realpath "$(dirname "$1")"):$PATH
cd "$folder/paper" || exit 1
git init -q . 2>/dev/null
cp "$root/examples/git/pre-commit" .git/hooks/

commit() { git commit -q -m "$1" >"$folder/out" 2>&1; echo $?; }

good='@article{good,
  author = {Ann Roe},
  title = {On Keys},
  journal = {Annals of Keys},
  year = 2001,
}'
printf '%s\n' "$good" >"my refs/good.bib"
echo "no bib" >notes.txt
git add .
expect "a sound file is committed" 0 "$(commit first)"
expect "and nothing is said" "" "$(cat "$folder/out")"

printf '%s\n\n%s\n' "$good" "${good//good/bad}" | sed 's/2001,$/84,/' >refs.bib
git add refs.bib
expect "a file with a warning is refused" 1 "$(commit bad)"
expect "by its code and place" 1 "$(grep -c '^refs.bib:12:.*check.bad-year' "$folder/out")"
printf '%s\n' "${good//good/fine}" >refs.bib
expect "what is staged counts, not the working folder" 1 "$(commit bad)"
git add refs.bib
expect "the mended file is committed" 0 "$(commit mended)"

printf '%s\n\n%s\n\n%s\n' "${good//good/fine}" "${good//good/two}" "${good//good/three}" | sed '/three/,$s/^  /      /' >refs.bib
git add refs.bib
expect "a file that is laid out in two ways is refused" 1 "$(commit layout)"
expect "and named" 1 "$(grep -c 'would format refs.bib' "$folder/out")"
bibsmith -q format refs.bib
git add refs.bib
expect "bibsmith format mends it" 0 "$(commit layout)"

echo "more" >>notes.txt
printf 'broken @article{' >refs.bib
git add notes.txt
expect "files that are not staged are not looked at" 0 "$(commit notes)"
git checkout -q refs.bib
git rm -q "my refs/good.bib"
expect "a file that goes is not looked at" 0 "$(commit removed)"

# The commands of the workflow, word by word.
run_step() { bash -c "$(sed -n "s/^        run: \(git ls-files.*bibsmith $1 .*\)/\1/p" "$root/examples/git/bibliography.yml")" 2>&1; }
run_step check >"$folder/out"
expect "the workflow's check of sound files" 0 $?
printf '%s\n' "${good//2001/84}" >old.bib
git add old.bib
run_step check >"$folder/out"
expect "the workflow's check tells of a warning" 123 $?
expect "as GitHub reads it" 1 "$(grep -c '^::warning file=old.bib,line=5' "$folder/out")"
git rm -q --cached old.bib
run_step update >"$folder/out"
expect "the workflow's update of files without preprints" 0 $?
printf '@article{ads,\n  author = {Maldacena, Juan},\n  title = {The large {N} limit of superconformal field theories and supergravity},\n  journal = {CoRR},\n  volume = {abs/hep-th/9711200},\n  year = {1997},\n}\n' >preprints.bib
git add preprints.bib
run_step update >"$folder/out"
expect "the workflow's update of a paper that was published" 123 $?
expect "shows what would change" 1 "$(grep -c '^+  journal = {Advances in Theoretical and Mathematical Physics}' "$folder/out")"

# The hook that verifies. The emulator has arXiv alone, so that one paper is found and another is nowhere.
git rm -q --cached refs.bib preprints.bib >/dev/null 2>&1
rm -f -- *.bib
cp "$root/examples/git/pre-push" .git/hooks/
git init -q --bare "$folder/remote.git" 2>/dev/null
git remote add origin "$folder/remote.git"
printf '@misc{kingma,\n  author = {Kingma, Diederik P. and Ba, Jimmy},\n  title = {Adam: A Method for Stochastic Optimization},\n  year = {2014},\n  eprint = {1412.6980},\n  archiveprefix = {arXiv},\n}\n' >found.bib
git add -A . && git -c core.hooksPath=/dev/null commit -q -m found
expect "a push of references that are verified" 0 "$(git push -q origin HEAD:refs/heads/one >"$folder/out" 2>&1; echo $?)"
printf '@article{nowhere,\n  author = {No Body},\n  title = {Entirely Unheard Of},\n  journal = {Annals of Nothing},\n  year = {2001},\n}\n' >nowhere.bib
git add -A . && git -c core.hooksPath=/dev/null commit -q -m nowhere
expect "a push of one that is not is refused" 1 "$(git push -q origin HEAD:refs/heads/two >"$folder/out" 2>&1; echo $?)"
expect "by its verdict and place" 1 "$(grep -c '^nowhere.bib:1: could not verify: nowhere' "$folder/out")"

# The same before a commit: what could not be verified is told, what is wrong is refused, what was accepted is not.
cp "$root/examples/git/pre-commit-verify" .git/hooks/pre-commit
printf '\n' >>nowhere.bib && git add nowhere.bib
expect "a commit of one that could not be verified" 0 "$(git commit -q -m open >"$folder/out" 2>&1; echo $?)"
expect "which is told" 1 "$(grep -c '^nowhere.bib:1: could not verify: nowhere' "$folder/out")"
sed -i 's/year = {2014}/year = {2004}/' found.bib && git add found.bib
expect "a commit of a wrong year is refused" 1 "$(git commit -q -m wrong >"$folder/out" 2>&1; echo $?)"
bibsmith verify -q found.bib --accept kingma --reason "the year of the draft" && git add bibsmith.toml
expect "and not once it is accepted" 0 "$(git commit -q -m accepted >"$folder/out" 2>&1; echo $?)"

if python3 -c 'import yaml' 2>/dev/null; then
  expect "the workflow that verifies is YAML" 7 "$(python3 -c 'import sys, yaml
print(len(yaml.safe_load(open(sys.argv[1]))["jobs"]["references"]["steps"]))' "$root/examples/git/verify.yml")"
  expect "the workflow is YAML" 7 "$(python3 -c 'import sys, yaml
print(len(yaml.safe_load(open(sys.argv[1]))["jobs"]["bibliography"]["steps"]))' "$root/examples/git/bibliography.yml")"
else
  echo "skipped: there is no PyYAML to read the workflow with"
fi

echo "git examples: $failures failure(s)"
[ "$failures" -eq 0 ]
