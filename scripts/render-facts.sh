#!/usr/bin/env bash
# Writes what Terraform knows and the charts must into argocd/envs/<env>/platform.yaml.
#
#   scripts/render-facts.sh --env demo [--git-url URL] [--git-revision NAME]
#                           [--platform FILE --services FILE] [--to FILE]
#
# Reads both layers' outputs, or two files of `terraform output -json`. What Terraform does not know
# yet (the shop's address before there is a distribution) or not at all (where the repository is)
# stays as it stands in the file. Holds no secret. Commit what it writes: ArgoCD reads it from git.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

options "$@"
platform='' services='' target='' git_url='' git_revision=''
set -- "${rest[@]}"
while [[ $# -gt 0 ]]; do
    case $1 in
        --platform) platform=$2 ;;
        --services) services=$2 ;;
        --to) target=$2 ;;
        --git-url) git_url=$2 ;;
        --git-revision) git_revision=$2 ;;
        *) refuse "unknown: $1; see --help" ;;
    esac
    shift 2 || refuse "$1 needs a value"
done
need jq

outputs() { # layer file
    if [[ -n $2 ]]; then cat "$2"; else terraform -chdir="$root/terraform/$1" output -json; fi
}

now=$root/argocd/envs/$env/platform.yaml
target=${target:-$now}

# A value of the file as it is.
kept() { # key
    [[ -f $now ]] || return 0
    sed -nE "s/^[[:space:]]+$1:[[:space:]]*\"?([^\"]*)\"?\$/\1/p" "$now"
}

[[ -n $git_url ]] || git_url=$(kept gitUrl)
[[ -n $git_revision ]] || git_revision=$(kept gitRevision)
url=$(kept publicUrl)

text=$(jq -er --null-input \
    --argjson platform "$(outputs platform "$platform")" \
    --argjson services "$(outputs services "$services")" \
    --arg url "${url:-https://$env.invalid}" --arg git_url "$git_url" --arg revision "${git_revision:-main}" '
    def known($layer; $name): $layer[$name].value // error("there is no output \($name); apply that layer first");
    known($platform; "ecr_repository_urls") as $repositories
    | known($platform; "irsa_role_arns") as $roles
    | "# What Terraform knows of this environment and the charts must; no secrets. Written by",
      "# scripts/render-facts.sh.",
      "facts:",
      "  environment: \(known($platform; "environment"))",
      "  namePrefix: \(known($platform; "name_prefix"))",
      "  region: \(known($platform; "region"))",
      "  clusterName: \(known($platform; "cluster_name"))",
      "  vpcId: \(known($platform; "vpc_id"))",
      "  privateSubnetCidrs: \(known($platform; "private_subnet_cidrs") | tojson)",
      "  databaseSubnetCidrs: \(known($platform; "database_subnet_cidrs") | tojson)",
      "  albSecurityGroupId: \(known($platform; "alb_security_group_id"))",
      "  albScheme: \(known($services; "alb_scheme"))",
      "  albCertificateArn: \($platform.alb_certificate_arn.value | tojson)",
      "  mediaStore: \(known($services; "media_store"))",
      "  publicUrl: \($services.app_url.value // $url | rtrimstr("/"))",
      "  repositories:",
      "    backend: \($repositories["oxcart/backend"])",
      "    frontend: \($repositories["oxcart/frontend"])",
      "  roleArns:",
      "    backend: \($roles.backend)",
      "    externalSecrets: \($roles["external-secrets"])",
      "    loadBalancerController: \($roles["aws-load-balancer-controller"])",
      "  gitUrl: \($git_url)",
      "  gitRevision: \($revision)"
') || fail "the outputs do not say enough; apply both layers first"
[[ -n $git_url ]] || refuse "say where the repository is: --git-url https://…"

if [[ -f $target && $(<"$target") == "$text" ]]; then
    say "$target is as it should be."
else
    mkdir -p "$(dirname "$target")"
    printf '%s\n' "$text" >"$target"
    say "Wrote $target."
fi
