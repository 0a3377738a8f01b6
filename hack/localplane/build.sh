#!/usr/bin/env bash
# Builds the local control plane into bin/localplane:
#
#   localplane    the launcher: always this one path, whatever else is built
#   controlplane  etcd, kube-apiserver, kube-controller-manager and kubectl in one
#                 binary, with a link for each; not if KUBEBUILDER_ASSETS is set
#
# Nothing is built that is up to date. Example:
#
#   hack/localplane/build.sh && bin/localplane/localplane start
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=$(cd "$here/../.." && pwd)/bin/localplane
assets=${KUBEBUILDER_ASSETS:-}
[[ -z $assets || $assets == /* ]] || assets=$PWD/$assets
names="etcd kube-apiserver kube-controller-manager kubectl"

case "${1:-}" in
"") ;;
-h | --help)
  sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p;}' "${BASH_SOURCE[0]}"
  exit 0
  ;;
*)
  echo "build.sh: unexpected argument \"$1\" (see --help)" >&2
  exit 2
  ;;
esac

say() { echo "localplane: $*" >&2; }

# The same binary with and without a C compiler, in any workspace, from any state
# of the repository.
export CGO_ENABLED=0 GOWORK=off
cd "$here"
mkdir -p "$out"

# hash of the files named, to compare with what the last build left.
hash() { cat "$@" | git hash-object --stdin; }

# up_to_date STAMP HASH FILES...: whether the files are there and were built from
# the sources with this hash.
up_to_date() {
  local stamp=$1 want=$2 file
  shift 2
  for file in "$@"; do [[ -x $file ]] || return 1; done
  [[ -f $stamp && $(<"$stamp") == "$want" ]]
}

# follow WHAT FUNCTION: waits for the background process $child and tells after 3 s
# and then every 10 s how far it is, as the function puts it. Returns the exit code
# of the process.
follow() {
  local what=$1 describe=$2 begun=$SECONDS next=$((SECONDS + 3))
  while kill -0 "$child" 2>/dev/null; do
    sleep 0.2
    if ((SECONDS >= next)); then
      next=$((SECONDS + 10))
      say "$what: $("$describe"), $(((SECONDS - begun) / 60))m$(((SECONDS - begun) % 60))s"
    fi
  done
  wait "$child"
}

fetched() { echo "$(grep -c '^go: downloading' "$log" || true) modules fetched"; }

# go build -v names each package when it begins to compile it, the command last.
compiled() {
  local count
  count=$(grep -c '^[^#[:space:]]*$' "$log" || true)
  if [[ $(tail -n 1 "$log") == "$command" ]]; then
    echo "linking"
  elif ((count == 0)); then
    echo "looking up which of $total packages are compiled already"
  else
    echo "compiled $count of at most $total packages"
  fi
}

# build WHAT PACKAGE OUTPUT LDFLAGS: builds a command, with progress.
build() {
  local what=$1 package=$2 output=$3 ldflags=$4
  go list -deps "$package" >"$log.packages" 2>"$log" </dev/null &
  child=$!
  if ! follow "$what" fetched; then
    say "$what: cannot find all packages:"
    grep -v '^go: downloading' "$log" | tail -n 20 >&2
    exit 1
  fi
  total=$(wc -l <"$log.packages" | tr -d ' ')
  command=$(tail -n 1 "$log.packages")
  go build -v -buildvcs=false -ldflags "$ldflags" -o "$output.new" "$package" >"$log" 2>&1 </dev/null &
  child=$!
  if ! follow "$what" compiled; then
    say "$what: the build failed:"
    grep '[#[:space:]]' "$log" | tail -n 20 >&2
    exit 1
  fi
  child=
  mv "$output.new" "$output"
}

build_launcher() {
  local stamp=$out/.localplane.stamp want
  want=$(hash go.mod build.sh cmd/localplane/*.go plane/*.go)
  if up_to_date "$stamp" "$want" "$out/localplane"; then return; fi
  build launcher ./cmd/localplane "$out/localplane" "-s -w"
  echo "$want" >"$stamp"
}

build_controlplane() {
  local stamp=$out/.controlplane.stamp want version minor variables="" prefix name
  want=$(hash go.mod go.sum build.sh main.go)
  # shellcheck disable=SC2086 # the names are words
  if up_to_date "$stamp" "$want" "$out/controlplane" $(printf "$out/%s " $names); then return; fi

  version=$(sed -n 's/^\(require\)\{0,1\}[[:space:]]*k8s\.io\/kubernetes \(v[0-9.]*\).*/\2/p' go.mod)
  minor=${version#v*.}
  minor=${minor%%.*}
  say "building etcd and Kubernetes $version from their sources into bin/localplane."
  say "The first time this takes 8 to 15 minutes on 2 cores, because some 2,700 packages are compiled; after that they are cached."
  # What kubectl and Helm cannot parse otherwise, and what the servers call themselves.
  for prefix in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    variables+=" -X $prefix.gitVersion=$version -X $prefix.gitMajor=1 -X $prefix.gitMinor=$minor"
  done
  build "control plane" . "$out/controlplane" "-s -w$variables"
  for name in $names; do ln -sf controlplane "$out/$name"; done
  echo "$want" >"$stamp"
  say "built bin/localplane in $((SECONDS / 60))m$((SECONDS % 60))s"
}

child=
log=$(mktemp)
trap '[[ -z $child ]] || kill "$child" 2>/dev/null || true; rm -f "$log" "$log.packages" "$out"/*.new' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

build_launcher
if [[ -n $assets ]]; then
  for name in etcd kube-apiserver; do
    if [[ ! -x $assets/$name ]]; then
      say "KUBEBUILDER_ASSETS is $assets, which has no $name: correct it, or unset it to build one"
      exit 1
    fi
  done
else
  build_controlplane
fi
