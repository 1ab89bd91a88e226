#!/usr/bin/env bash
# Both Terraform layers, proved without an AWS account: see terraform/offline/README.md.
set -euo pipefail
exec "$(dirname "${BASH_SOURCE[0]}")/../../terraform/offline/run" "$@"
