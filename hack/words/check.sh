#!/usr/bin/env bash
# Copyright 2026 The JointPlan Authors.
# SPDX-License-Identifier: Apache-2.0
#
# Checks the words of pages, of comments in code and, by the generated page that
# lists them, of messages. It finds nothing in what is recorded of a run.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
bin/tools/vale --config hack/words/vale.ini --output line \
  --glob '!{**/testdata/**,**/zz_generated*,docs/reference/v1alpha1.md,docs/findings.md,config/crd/**,charts/**}' \
  api cmd config controllers docs hack internal test README.md CHANGELOG.md CONTRIBUTING.md
