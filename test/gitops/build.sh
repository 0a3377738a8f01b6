#!/usr/bin/env bash
# Copyright 2026 The JointPlan Authors.
# SPDX-License-Identifier: Apache-2.0
#
# Builds the part of Argo CD that the tests run into bin/argocd, if it is missing
# or if what it is made from (go.mod, go.sum, its main package, the Go version) has
# changed since. Usage: test/gitops/build.sh

set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
out="$(cd ../.. && pwd)/bin/argocd"

# The same flags as the tests have, so that both share what is compiled.
export CGO_ENABLED=0 GOWORK=off GOFLAGS="-mod=readonly -buildvcs=false -trimpath"

if ! command -v redis-server >/dev/null; then
  echo "test/gitops: redis-server is missing: install it (on Debian and Ubuntu: apt-get install redis-server)" >&2
  exit 1
fi

wanted="$({ go env GOVERSION && git hash-object --no-filters go.mod go.sum build.sh argocd/*.go; } | git hash-object --stdin)"
if [[ -x "${out}/argocd" && -f "${out}/.stamp" && "$(<"${out}/.stamp")" == "${wanted}" ]]; then
  exit 0
fi

mkdir -p "${out}"
log="$(mktemp)" child=""
trap '[[ -z "${child}" ]] || kill "${child}" 2>/dev/null || true; rm -f "${log}" "${out}/argocd.new"' EXIT

echo "argocd: building (the first time takes 5 to 15 minutes on two cores, and the download)"
go build -v -ldflags='-s -w' -o "${out}/argocd.new" ./argocd >"${log}" 2>&1 &
child=$!
begun="${SECONDS}" next=$((SECONDS + 10))
while kill -0 "${child}" 2>/dev/null; do
  sleep 1
  if ((SECONDS >= next)); then
    next=$((SECONDS + 10))
    echo "argocd: $((SECONDS - begun))s, $(wc -l <"${log}") packages fetched or compiled"
  fi
done
if ! wait "${child}"; then
  echo "argocd: the build failed:" >&2
  tail -n 30 "${log}" >&2
  exit 1
fi
child=""
mv "${out}/argocd.new" "${out}/argocd"
echo "${wanted}" >"${out}/.stamp"
echo "argocd: built bin/argocd/argocd in $((SECONDS - begun))s"
