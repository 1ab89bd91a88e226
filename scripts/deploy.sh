#!/usr/bin/env bash
# From an empty account to a working shop, and back.
#
#   scripts/deploy.sh up   --env demo [--yes] [--dry-run] [--allow-prod] [--timeout SECONDS]
#   scripts/deploy.sh down --env demo [--yes] [--dry-run] [--allow-prod] [--timeout SECONDS]
#
# Up: platform, services, facts, ArgoCD, wait for the load balancer, services again with CloudFront,
# smoke test. Down: CloudFront off, applications and their load balancer gone, services, platform.
# Every step can be run again; after a failure, run the same line once more. Terraform shows its plan
# and asks, unless --yes. The account's state bucket comes first: terraform/README.md, "Once".
# Exit codes: 0 done, 1 failed, 2 refused.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

direction=${1-}
case $direction in
    up | down) shift ;;
    -h | --help) manual; exit 0 ;;
    *) refuse "up or down? See --help" ;;
esac
options "$@"
no_more_options
need aws jq terraform kubectl helm git curl
guard
unset TF_CLI_CONFIG_FILE
envs=$root/terraform/envs/$env
facts=$root/argocd/envs/$env/platform.yaml

number=0
step() {
    number=$((number + 1))
    say ""
    say "$number. $*"
}

run() {
    if [[ -n $dry_run ]]; then say "would run: $*"; else "$@"; fi
}

layer() { # command layer
    local approve=()
    [[ -z $yes ]] || approve=(-auto-approve)
    run terraform -chdir="$root/terraform/$2" init -input=false -backend-config="$envs/backend.hcl"
    run terraform -chdir="$root/terraform/$2" "$1" "${approve[@]}" \
        -var-file="$envs/env.tfvars" -var-file="$envs/$2.tfvars"
}

# The switch stands in the environment's file, so that a later apply from a workflow agrees.
distribution() { # true or false
    run sed -i -E "s/^cdn_enabled( +)= .*/cdn_enabled\1= $1/" "$envs/services.tfvars"
    layer apply services
}

balancer() {
    look elbv2 describe-load-balancers --names "$prefix" --query 'LoadBalancers[0].State.Code' --output text 2>/dev/null || echo gone
}

# ArgoCD reads facts from git, not from here.
published() {
    [[ -z $dry_run ]] || return 0
    while [[ -n $(git -C "$root" status --porcelain -- "$facts" "$envs") || -n $(git -C "$root" log '@{upstream}..' --oneline -- "$facts" "$envs" 2>/dev/null) ]]; do
        say "Commit and push what changed in argocd/envs/$env and terraform/envs/$env; ArgoCD reads it from git."
        [[ -t 0 && -z $yes ]] || fail "then run this again"
        read -r -p "Press Enter when that is done. "
    done
}

up() {
    step "Does everything fit?"
    "$root/scripts/preflight.sh" --env "$env" ${allow_prod:+--allow-prod}
    step "Layer 1: network, cluster, images"
    layer apply platform
    step "Layer 2: database, cache, secrets"
    layer apply services
    step "Facts for the charts"
    run "$root/scripts/render-facts.sh" --env "$env"
    published
    step "ArgoCD"
    run "$root/scripts/bootstrap-argocd.sh" --env "$env" --yes ${allow_prod:+--allow-prod}
    step "The load balancer, which the Ingress makes"
    wait_until active "load balancer $prefix" balancer
    step "CloudFront in front of it"
    distribution true
    run "$root/scripts/render-facts.sh" --env "$env"
    published
    step "Is the shop well?"
    if [[ -n $dry_run ]]; then
        say "would run: $root/scripts/smoke-test.sh https://…"
        return
    fi
    url=$(terraform -chdir="$root/terraform/services" output -json | jq -er .app_url.value)
    "$root/scripts/smoke-test.sh" "$url" --timeout "$timeout"
    say ""
    say "The shop:        $url"
    say "How it is:       $(terraform -chdir="$root/terraform/services" output -json | jq -r .api_health_url.value)"
}

down() {
    confirm "Removes the shop in $env with its database."
    if grep -qE '^deletion_protection += true' "$envs/platform.tfvars" "$envs/services.tfvars"; then
        refuse "$env is protected: set deletion_protection = false in both .tfvars, apply both layers, then run this again"
    fi
    # Its controller would refuse to delete it, with CloudFront gone already.
    if grep -qE '^ +deletionProtection: true' "$root/helm/backend/values-$env.yaml"; then
        refuse "the load balancer of $env is protected: set ingress.deletionProtection to false in helm/backend/values-$env.yaml, commit, wait for ArgoCD, then run this again"
    fi
    step "CloudFront off: while its VPC origin is there, the load balancer cannot go"
    distribution false
    step "The shop's applications, with the Ingress and its load balancer, which Terraform does not know"
    kubeconfig=$(mktemp)
    trap 'rm -f "$kubeconfig"' EXIT
    export KUBECONFIG=$kubeconfig
    run aws --region "$region" eks update-kubeconfig --name "$cluster" --kubeconfig "$kubeconfig"
    # Whoever would bring the Ingress back goes first; the load balancer controller stays until the end.
    run kubectl -n argocd delete application root --ignore-not-found --cascade=orphan
    run kubectl -n argocd delete application frontend backend --ignore-not-found --timeout=10m
    run kubectl -n oxcart delete ingress --all --timeout=10m
    wait_until gone "load balancer $prefix" balancer
    step "Layer 2: database, cache, secrets"
    layer destroy services
    step "Layer 1: network, cluster, images"
    layer destroy platform
    say ""
    say "Nothing is left that costs, but the state bucket and its key (terraform/README.md)."
}

"$direction"
