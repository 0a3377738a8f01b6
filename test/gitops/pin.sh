#!/usr/bin/env bash
# Copyright 2026 The JointPlan Authors.
# SPDX-License-Identifier: Apache-2.0
#
# Sets the version of Argo CD that the tests run: writes it into go.mod, and with it
# the replacements of Argo CD's own go.mod, which Go takes from the main module only.
# The gitops engine is a folder of Argo CD's repository there; here it is a module,
# whose version belongs to the same release.
# So belongs the version of kustomize, which Argo CD's image holds: see
# hack/tool-versions.sh there. Example:
#
#   test/gitops/pin.sh v3.5.7 v0.0.0-20260914071520-c9c369efcc5b v5.8.1

set -euo pipefail

if (($# != 3)); then
  echo "usage: test/gitops/pin.sh ARGOCD_VERSION GITOPS_ENGINE_VERSION KUSTOMIZE_VERSION" >&2
  exit 2
fi
argocd="github.com/argoproj/argo-cd/v3" engine="github.com/argoproj/argo-cd/gitops-engine"

cd "$(dirname "${BASH_SOURCE[0]}")"
export GOWORK=off GOFLAGS=-mod=mod

theirs="$(go mod download -json "${argocd}@$1" | sed -n 's/^[[:space:]]*"GoMod": "\(.*\)",$/\1/p')"

# A fresh file, so that nothing of an older version stays.
rm -f go.mod go.sum
go mod init jointplan.dev/jointplan/test/gitops 2>/dev/null
go mod edit -go="$(sed -n 's/^go //p' "${theirs}")" -require="${argocd}@$1" -replace="${engine}=${engine}@$2" \
  -require="sigs.k8s.io/kustomize/kustomize/v5@$3"

# One replacement a line: PATH[ VERSION] => PATH VERSION. Those with a folder are Argo CD's own.
sed -n -e '/^replace (/,/^)/{s/^[[:space:]]*\([^ ]*\) => \([^ ]*\) \(v[^ ]*\).*/\1=\2@\3/p;}' \
  -e 's/^replace \([^ ]*\) => \([^ ]*\) \(v[^ ]*\).*/\1=\2@\3/p' "${theirs}" |
  while read -r replacement; do go mod edit -replace="${replacement}"; done

go mod tidy
