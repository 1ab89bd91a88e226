#!/usr/bin/env bash
# Puts ArgoCD into the cluster and gives it its first application; the rest comes from git.
#
#   scripts/bootstrap-argocd.sh --env demo [--yes] [--dry-run] [--allow-prod]
#
# Run again, it brings ArgoCD to the pinned version and changes nothing else. Exit codes: 0 done,
# 1 failed, 2 refused.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

run() {
    if [[ -n $dry_run ]]; then say "would run: $*"; else "$@"; fi
}

# The first two objects of the root application: its project and itself.
root_application() {
    helm template root "$root/argocd/apps" \
        -f "$root/argocd/envs/$env/platform.yaml" -f "$root/argocd/envs/$env/apps.yaml" \
        --show-only templates/project.yaml --show-only templates/root.yaml
}

options "$@"
no_more_options
need aws jq helm kubectl
guard
version=$(awk '$1 == "argoCd:" { found = 1 } found && $1 == "version:" { print $2; exit }' "$root/argocd/apps/values.yaml")
repository=$(awk '$1 == "argoCd:" { found = 1 } found && $1 == "repository:" { print $2; exit }' "$root/argocd/apps/values.yaml")
[[ -n $version && -n $repository ]] || fail "argocd/apps/values.yaml does not say which ArgoCD"
confirm "Installs ArgoCD $version into $cluster."

kubeconfig=$(mktemp)
trap 'rm -f "$kubeconfig"' EXIT
export KUBECONFIG=$kubeconfig
run aws --region "$region" eks update-kubeconfig --name "$cluster" --kubeconfig "$kubeconfig"
run helm upgrade --install argocd argo-cd --repo "$repository" --version "$version" \
    --namespace argocd --create-namespace -f "$root/argocd/bootstrap/values.yaml" --wait --timeout 10m
if [[ -n $dry_run ]]; then
    root_application >/dev/null
    say "would run: kubectl apply -f - (the root application)"
else
    root_application | kubectl apply -f -
fi
say "ArgoCD is in. It deploys what is in git; watch it with:"
say "  aws --region $region eks update-kubeconfig --name $cluster && kubectl -n argocd get applications -w"
