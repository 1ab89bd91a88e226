#!/usr/bin/env bash
# Looks before anything is built: tools, account, region, and whether the versions go together.
#
#   scripts/preflight.sh --env demo [--allow-prod]
#   scripts/preflight.sh --compatible K8S EXTERNAL_SECRETS API    one row: 1.35 2.0.0 v1
#   scripts/preflight.sh --table                                  the rules
#
# Changes nothing. Exit codes: 0 go, 1 something is missing or does not fit, 2 refused.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Kubernetes versions that EKS supports without surcharge, with the day that ends.
supported='1.34 2026-12-02
1.35 2027-03-27
1.36 -'

table() {
    cat <<'TABLE'
External Secrets        serves           needs Kubernetes   why
up to 0.15              v1beta1          any supported
0.16                    v1beta1, v1      any supported
0.17 to 0.19            v1               any supported      v1beta1 is no longer served
0.20 and later          v1               1.31               its CRDs use selectableFields
TABLE
    printf '\nKubernetes on EKS       standard support until\n'
    # shellcheck disable=SC2086
    printf '%-23s %s\n' $supported
}

# A version as a number that compares: 0.19.2 is 19, 2.0.0 is 2000.
minor() {
    local major minor
    IFS=. read -r major minor _ <<<"$1"
    echo $((major * 1000 + minor))
}

# Says why three versions do not go together; nothing when they do.
misfit() { # kubernetes external-secrets api
    local kubernetes eso
    [[ $1 =~ ^[0-9]+\.[0-9]+ && $2 =~ ^[0-9]+\.[0-9]+ ]] || { echo "$1 and $2 are not versions"; return; }
    kubernetes=$(minor "$1")
    eso=$(minor "$2")
    if ((eso >= 20 && kubernetes < 1031)); then
        echo "External Secrets $2 needs Kubernetes 1.31 for selectableFields; on $1 use 0.19.2"
    fi
    case ${3#external-secrets.io/} in
        v1) ((eso >= 16)) || echo "External Secrets $2 does not serve v1 yet; set secrets.external.apiVersion to v1beta1" ;;
        v1beta1) ((eso <= 16)) || echo "External Secrets $2 no longer serves v1beta1; use v1" ;;
        *) echo "External Secrets has no API $3" ;;
    esac
}

case ${1-} in
    --table) table; exit 0 ;;
    --compatible)
        [[ $# -eq 4 ]] || refuse "--compatible takes three versions; see --help"
        why=$(misfit "$2" "$3" "$4")
        [[ -z $why ]] || { say "$why"; exit 1; }
        say "Kubernetes $2, External Secrets $3 and its API $4 go together."
        exit 0 ;;
esac

bad=0
good() { printf 'ok    %s\n' "$*"; }
wrong() { printf 'WRONG %s\n' "$*"; bad=1; }
note() { printf 'note  %s\n' "$*"; }

tools() {
    local tool
    for tool in aws jq terraform kubectl helm git curl; do
        if command -v "$tool" >/dev/null; then good "$tool"; else wrong "$tool is not on the PATH"; fi
    done
    if command -v terraform >/dev/null &&
        ! terraform version -json 2>/dev/null | jq -e '.terraform_version | split(".") | .[0] == "1" and (.[1] | tonumber) >= 11' >/dev/null; then
        wrong "terraform must be 1.11 or later: it knows write-only arguments and S3 locks"
    fi
}

files() {
    local file
    for file in backend.hcl env.tfvars platform.tfvars services.tfvars; do
        [[ -f $root/terraform/envs/$env/$file ]] || wrong "terraform/envs/$env/$file is missing"
    done
    if grep -q "\"$prefix-tfstate-$account\"" "$root/terraform/envs/$env/backend.hcl"; then
        good "the state is in $prefix-tfstate-$account"
    else
        wrong "backend.hcl does not name $prefix-tfstate-$account"
    fi
    if grep -qs 123456789012 "$root/terraform/envs/$env/"*; then
        note "account 123456789012 is the example's; put yours into terraform/envs/$env"
    fi
}

# What a chart of others is pinned to.
pin() { # name
    awk -v name="$1:" '$1 == name { found = 1 } found && $1 == "version:" { print $2; exit }' "$root/argocd/apps/values.yaml"
}

versions() {
    local kubernetes ends eso api why
    kubernetes=$(sed -nE 's/^cluster_version[[:space:]]*=[[:space:]]*"([^"]*)".*/\1/p' "$root/terraform/envs/$env/platform.tfvars")
    kubernetes=${kubernetes:-$(awk '/^variable "cluster_version"/ { found = 1 } found && $1 == "default" { gsub(/"/, "", $3); print $3; exit }' "$root/terraform/platform/variables.tf")}
    ends=$(awk -v version="$kubernetes" '$1 == version { print $2 }' <<<"$supported")
    if [[ -z $ends ]]; then
        wrong "Kubernetes $kubernetes is not in EKS' standard support; there are: $(awk '{ printf "%s ", $1 }' <<<"$supported")"
    elif [[ $ends != - && $(date +%F) > $ends ]]; then
        wrong "Kubernetes $kubernetes left standard support on $ends: the cluster costs six times as much"
    else
        good "Kubernetes $kubernetes${ends:+, in standard support until $ends}"
    fi
    if [[ ! -f $root/argocd/apps/values.yaml ]]; then
        note "no argocd/apps/values.yaml; charts were not compared"
        return
    fi
    eso=$(pin externalSecrets)
    api=$(awk '$1 == "apiVersion:" && /external-secrets.io/ { print $2; exit }' "$root/helm/backend/values.yaml")
    why=$(misfit "$kubernetes" "$eso" "${api:-v1}")
    if [[ -z $why ]]; then good "External Secrets $eso with ${api:-v1} on $kubernetes"; else wrong "$why"; fi
}

options "$@"
no_more_options
need jq
names
tools
files
versions
[[ $bad == 0 ]] || fail "not ready"
guard
good "account $account, region $region"
