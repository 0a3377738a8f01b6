#!/usr/bin/env bash
# Copyright 2026 The JointPlan Authors.
# SPDX-License-Identifier: Apache-2.0
#
# Makes sure that the servers that test/data runs are installed: Debian's
# packages prometheus and postgresql. As root on Debian it installs what is
# missing, and starts no service; elsewhere it says what to install.
#
# Usage: hack/data/packages.sh

set -euo pipefail

# What the tests start is looked for where they look for it.
missing=()
command -v prometheus >/dev/null || missing+=(prometheus)
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
((${#missing[@]} > 0)) || exit 0

if [[ "$(id -u)" != 0 ]] || ! command -v apt-get >/dev/null; then
  cat >&2 <<END
hack/data/packages.sh: missing for the tests against real servers: ${missing[*]}.
On Debian, as root:   apt-get install --no-install-recommends ${missing[*]}
Elsewhere: put prometheus (2.40 or later) on PATH, and PostgreSQL's programs
(15 or later) where Debian has them, in /usr/lib/postgresql/VERSION/bin.
END
  exit 1
fi

# invoke-rc.d asks this program before it starts a service: 101 forbids it.
policy=/usr/sbin/policy-rc.d
kept="$(mktemp -d)"
restore() {
  if [[ -e "${kept}/policy-rc.d" ]]; then
    mv -f "${kept}/policy-rc.d" "${policy}"
  else
    rm -f "${policy}"
  fi
  rm -rf "${kept}"
}
[[ ! -e "${policy}" ]] || cp -a "${policy}" "${kept}/policy-rc.d"
trap restore EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
printf '#!/bin/sh\nexit 101\n' >"${policy}.new"
chmod 755 "${policy}.new"
mv -f "${policy}.new" "${policy}"

log="${kept}/log"
quietly() {
  if ! "$@" >"${log}" 2>&1; then
    echo "hack/data/packages.sh: $* failed:" >&2
    tail -n 30 "${log}" >&2
    exit 1
  fi
}
echo "installing Debian's packages: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
quietly apt-get -o DPkg::Lock::Timeout=300 update
quietly apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "${missing[@]}"
