#!/usr/bin/env bash
# shellcheck source=scripts/checks/proof.sh
source "$(dirname "$0")/proof.sh"
run_check "$@"
