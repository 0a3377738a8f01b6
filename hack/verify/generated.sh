#!/usr/bin/env bash
# Fails if generating changes anything: what is generated must be committed as the generators write it. Usage:
#
#   hack/verify/generated.sh PATH... -- COMMAND...
set -euo pipefail

paths=()
while [ "$1" != "--" ]; do
  paths+=("$1")
  shift
done
shift

sums() { find "${paths[@]}" -type f -print0 | sort -z | xargs -0 sha256sum; }

before=$(mktemp)
trap 'rm -f "$before"' EXIT
sums >"$before"
"$@"
if ! sums | diff "$before" - >/dev/null; then
  echo "generated files were not up to date; they are now: look at the difference and commit it" >&2
  sums | diff "$before" - | sed -n 's/^[<>] [0-9a-f]*  /  /p' | sort -u >&2
  exit 1
fi
