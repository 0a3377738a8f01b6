#!/usr/bin/env bash
# Copyright 2026 The JointPlan Authors.
# SPDX-License-Identifier: Apache-2.0
#
# Checks the manifests of a change and says what it changes, for a pull request
# or merge request: a page in Markdown, and a report for the forge. Run it in
# the clone of the repository that holds them:
#
#   ci/review.sh -f PATH... [--base REVISION] [--out FOLDER] [--report FORMAT]
#                [--at INSTANT] [--severity SEVERITY] [--prune]
#
#   -f PATH              a file or folder of the repository, from its root on;
#                        may be given several times
#   --base REVISION      what to compare with, such as origin/main: the commit
#                        at which the change left it. Without it nothing is
#                        compared
#   --out FOLDER         where review.md and the report go: jointplan-review
#   --report FORMAT      sarif (lint.sarif) or gitlab (code-quality.json)
#   --at INSTANT         of the evaluation; now
#   --severity SEVERITY  fail on findings as grave: Error, Warning or Info
#   --prune              objects that the change deletes go
#
# JOINTPLAN_PLUGIN names the plugin, if it is not kubectl-jointplan in PATH.
#
# Exit codes: 0 nothing as grave as --severity; 1 something is, or the API
# server would refuse a manifest; 2 it could not be checked. The page says which,
# but for a wrong command line.
set -euo pipefail

plugin=${JOINTPLAN_PLUGIN:-kubectl-jointplan}
page_bytes=60000 # a comment holds some 65,000 characters
page_lines=50    # of findings

fail() {
  echo "review.sh: $*" >&2
  exit 2
}

paths=() base='' out=jointplan-review report=sarif at='' severity=Error prune=()
while [ $# -gt 0 ]; do
  case $1 in
    -f | --base | --out | --report | --at | --severity) [ $# -gt 1 ] || fail "$1 needs a value" ;;
  esac
  case $1 in
    -f) paths+=("$2") && shift ;;
    --base) base=$2 && shift ;;
    --out) out=$2 && shift ;;
    --report) report=$2 && shift ;;
    --at) at=$2 && shift ;;
    --severity) severity=$2 && shift ;;
    --prune) prune=(--prune) ;;
    *) fail "unknown argument \"$1\": see the top of this script" ;;
  esac
  shift
done
[ ${#paths[@]} -gt 0 ] || fail "no manifests: name files or folders with -f"
case $report in
  sarif) file=lint.sarif ;;
  gitlab) file=code-quality.json ;;
  *) fail "--report \"$report\": must be sarif or gitlab" ;;
esac
command -v "$plugin" >/dev/null || fail "there is no $plugin: put the plugin into a folder of PATH, or name it in JOINTPLAN_PLUGIN"
root=$(git rev-parse --show-toplevel 2>/dev/null) || fail "$PWD is not in a clone of a git repository"
cd "$root"
at=${at:-$(date -u +%Y-%m-%dT%H:%M:%SZ)} # one instant for all
for i in "${!paths[@]}"; do
  path=${paths[$i]#./}
  paths[i]=${path%/}
  case /${paths[$i]}/ in
    //* | */../*) [ "${paths[$i]}" ] && fail "-f ${paths[$i]}: name a path within the repository, from its root on" ;;
  esac
  [ "${paths[$i]}" ] || paths[i]=.
  case ${paths[$i]} in
    -*) fail "-f ${paths[$i]}: a path does not begin with a hyphen here: name a folder" ;;
    *,*) fail "-f ${paths[$i]}: a path has no comma here, which would divide it: give -f several times" ;;
  esac
done

mkdir -p "$out"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
page=$out/review.md
head_files=() base_files=()
for path in "${paths[@]}"; do head_files+=(-f "$path"); done

# shorten prints a text without the names of the folders of this run.
shorten() {
  local text
  text=$(cat)
  text=${text//"$work/"/}
  printf '%s\n' "${text//"$root/"/}"
}

# quoted prints lines as code, in which nothing is markup, link or mention.
quoted() { shorten | sed 's/^/    /'; }

# finish ends the page, cuts it to what a comment holds, and ends with a code.
finish() {
  printf '\n' >>"$work/page"
  if [ "$(wc -c <"$work/page")" -gt $page_bytes ]; then
    # whole lines only, so that no character is cut in two
    LC_ALL=C awk -v most=$page_bytes '{ bytes += length($0) + 1 } bytes > most { exit } { print }' "$work/page" >"$page"
    printf '\n**The rest is left out, as a comment would not hold it.** The log of the job and its files have all of it.\n' >>"$page"
  else
    cp "$work/page" "$page"
  fi
  exit "$1"
}

# What the change is compared with, in a folder named after its commit.
if [ -n "$base" ]; then
  commit=$(git rev-parse --verify --quiet --end-of-options "$base^{commit}") && commit=$(git merge-base "$commit" HEAD) || {
    printf '### JointPlan\n\n**Not checked:** the clone does not have what the change is to be compared with. Fetch it with its history.\n' >"$work/page"
    echo "review.sh: --base \"$base\" has no commit in common with HEAD in this clone: fetch it with its history (fetch-depth: 0, GIT_DEPTH: 0)" >&2
    finish 2
  }
  name=$(git rev-parse --short "$commit")
  export GIT_INDEX_FILE="$work/index"
  git read-tree "$commit"
  git --literal-pathspecs ls-files -z -- "${paths[@]}" | git checkout-index --quiet -z --stdin --prefix="$work/$name/"
  unset GIT_INDEX_FILE
  for path in "${paths[@]}"; do
    [ -e "$work/$name/$path" ] || mkdir -p "$work/$name/$path" # an empty folder: nothing was there
    base_files+=(--base "$work/$name/$path")
  done
fi

# lint runs the plugin with an output, and with what was there before if that can be read.
lint() { "$plugin" lint "${head_files[@]}" ${base_files[@]+"${base_files[@]}"} --at "$at" --severity "$severity" -o "$1"; }

code=0
lint text >"$work/findings" 2>"$work/errors" || code=$?
unreadable=''
if [ $code = 2 ] && [ ${#base_files[@]} -gt 0 ] && grep -q -e '^--base' "$work/errors"; then
  unreadable=$(shorten <"$work/errors")
  base_files=() code=0
  lint text >"$work/findings" 2>"$work/errors" || code=$?
fi
lint "$report" >"$out/$file" 2>/dev/null || true
shorten <"$work/findings"
shorten <"$work/errors" >&2
[ $code -le 2 ] || exit $code # interrupted

{
  printf '### JointPlan\n\n'
  case $code in
    0) printf 'Nothing to correct' ;;
    1) printf '**To correct**' ;;
    *) printf '**Not checked**' ;;
  esac
  printf ', as of %s: ' "$at"
  if [ $code = 2 ]; then
    printf 'the manifests cannot be read.\n\n'
    quoted <"$work/errors"
  else
    tail -n 1 "$work/findings" | tr -d '\n'
    printf '.\n'
  fi
  if [ "$(wc -l <"$work/findings")" -gt 1 ]; then
    sed '$d' "$work/findings" >"$work/all"
    # the gravest first
    awk '{ rank = /(^|: )error [A-Za-z]+: / ? 1 : /(^|: )warning [A-Za-z]+: / ? 2 : 3; print rank "\t" $0 }' "$work/all" | sort -s -n -k 1,1 | cut -f 2- >"$work/sorted"
    open=''
    [ $code = 0 ] || open=' open'
    printf '\n<details%s><summary>Findings</summary>\n\n' "$open"
    head -n $page_lines "$work/sorted" | quoted
    more=$(($(wc -l <"$work/sorted") - page_lines))
    [ $more -le 0 ] || printf '    and %d more: %s has all\n' "$more" "$file"
    printf '\n</details>\n'
  fi
  printf '\n'
} >"$work/page"

if [ -n "$unreadable" ]; then
  printf '**Nothing is compared**, as what was there before cannot be read:\n\n' >>"$work/page"
  quoted <<<"$unreadable" >>"$work/page"
elif [ ${#base_files[@]} = 0 ]; then
  printf 'Nothing is compared, as there is nothing to compare with.\n' >>"$work/page"
elif [ $code = 2 ]; then
  printf 'What changes is said when the manifests can be read.\n' >>"$work/page"
else
  if "$plugin" diff "${head_files[@]}" "${base_files[@]}" ${prune[@]+"${prune[@]}"} --at "$at" -o markdown >"$work/changes" 2>"$work/errors"; then
    shorten <"$work/changes" >>"$work/page"
  elif [ $code = 1 ]; then
    printf 'What changes is said when the manifests are corrected.\n' >>"$work/page"
  else
    printf '**Not compared:**\n\n' >>"$work/page"
    quoted <"$work/errors" >>"$work/page"
    code=2
  fi
fi
finish $code
