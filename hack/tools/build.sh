#!/usr/bin/env bash
# Copyright 2026 The JointPlan Authors.
# SPDX-License-Identifier: Apache-2.0
#
# Builds the named tools into bin/tools, each only if it is missing or if what
# it is made from (its module's go.mod, go.sum and sources, this script, the Go
# version) has changed since. Usage: hack/tools/build.sh NAME...

set -euo pipefail

tools_dir="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
bin_dir="$(cd "${tools_dir}/../.." && pwd)/bin/tools"

readonly known="controller-gen golangci-lint benchstat govulncheck helm promtool vale"

usage() {
  echo "usage: hack/tools/build.sh NAME...   (NAME: ${known// /, })" >&2
  exit 2
}

# package_of NAME prints the package that the tool is built from.
package_of() {
  case "$1" in
    controller-gen) echo sigs.k8s.io/controller-tools/cmd/controller-gen ;;
    golangci-lint) echo ./golangci-lint ;;
    benchstat) echo golang.org/x/perf/cmd/benchstat ;;
    govulncheck) echo golang.org/x/vuln/cmd/govulncheck ;;
    helm) echo helm.sh/helm/v4/cmd/helm ;;
    promtool) echo github.com/prometheus/prometheus/cmd/promtool ;;
    vale) echo github.com/vale-cli/vale/v3/cmd/vale ;;
    *)
      echo "hack/tools/build.sh: unknown tool \"$1\"" >&2
      usage
      ;;
  esac
}

# module_of NAME prints the folder of the module that pins the tool: one of its
# own for a tool whose dependencies do not go with those of the others.
module_of() {
  case "$1" in
    helm | promtool | vale) echo "${tools_dir}/$1" ;;
    *) echo "${tools_dir}" ;;
  esac
}

# tags_of NAME prints the build tags of the tool: promtool is built without the
# discovery of clouds' machines, and so without the clouds' libraries.
tags_of() {
  case "$1" in
    promtool) echo remove_all_sd ;;
  esac
}

# duration_of NAME prints how long a first build takes on two cores.
duration_of() {
  case "$1" in
    golangci-lint | helm | promtool | vale) echo "2 to 4 minutes" ;;
    *) echo "about 1 minute" ;;
  esac
}

# fingerprint NAME prints a hash of everything that the tool is made from.
fingerprint() {
  (
    cd "$(module_of "$1")"
    {
      go env GOVERSION
      git hash-object --no-filters go.mod go.sum "${tools_dir}"/build.sh "${tools_dir}"/golangci-lint/*.go
    } | git hash-object --stdin
  )
}

# watched TEXT COMMAND... runs the command, with its output in ${out} and its
# messages in ${log}, and prints a line of progress every five seconds: TEXT with
# the number of messages so far in the place of "%d".
watched() {
  local text="$1" status=0
  shift
  "$@" >"${out}" 2>"${log}" &
  child=$!
  while kill -0 "${child}" 2>/dev/null; do
    sleep 1
    second=$((second + 1))
    if ((second % 5 == 0)); then
      # shellcheck disable=SC2059 # TEXT is a format
      printf "%s: %ds, ${text}\n" "${name}" "${second}" "$(wc -l <"${log}")"
    fi
  done
  wait "${child}" || status=$?
  child=""
  if ((status != 0)); then
    echo "${name}: $* failed:" >&2
    tail -n 30 "${log}" >&2
    exit "${status}"
  fi
}

# build downloads what the tool ${name} consists of and compiles it. Packages
# that Go's build cache already holds are not compiled and so never counted: a
# build that follows another one ends well short of the total.
build() {
  local package second=0 tags
  package="$(package_of "${name}")"
  tags="$(tags_of "${name}")"

  echo "${name}: building (the first time takes $(duration_of "${name}") on two cores, and the download)"
  watched "%d modules downloaded" go list -deps -tags="${tags}" "${package}"
  watched "%d packages compiled of at most $(wc -l <"${out}" | tr -d ' ')" \
    go build -v -tags="${tags}" -ldflags='-s -w' -o "${scratch}/${name}" "${package}"
  mv "${scratch}/${name}" "${bin_dir}/${name}"
  echo "${name}: built bin/tools/${name} in ${second}s"
}

(($# > 0)) || usage
for name in "$@"; do
  package_of "${name}" >/dev/null
done

# The tools run here, whatever the caller builds for.
unset GOOS GOARCH
export GOWORK=off GOFLAGS="-mod=readonly -buildvcs=false"

mkdir -p "${bin_dir}"

# Built beside the result, so that putting it in its place is atomic.
scratch="$(mktemp -d "${bin_dir}/.build.XXXXXX")"
out="${scratch}/out" log="${scratch}/log" child=""
trap '[[ -z "${child}" ]] || kill "${child}" 2>/dev/null || true; rm -rf "${scratch}"' EXIT

for name in "$@"; do
  stamp="${bin_dir}/.${name}.stamp" wanted="$(fingerprint "${name}")"
  if [[ -x "${bin_dir}/${name}" && -f "${stamp}" && "$(<"${stamp}")" == "${wanted}" ]]; then
    continue
  fi
  cd "$(module_of "${name}")"
  build
  echo "${wanted}" >"${stamp}"
done
