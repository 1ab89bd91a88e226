#!/usr/bin/env bash
# The shop, delivered to a Kubernetes cluster on this machine; `cargo xtask cluster` runs it.
# shellcheck source=scripts/checks/proof.sh
source "$(dirname "$0")/../proof.sh"
run_check "$@"
