# shellcheck shell=bash
# Sourced by the scripts beside it: how they read options, whom they refuse, how they ask AWS.
#
# Exit codes: 0 done, 1 failed, 2 refused before anything was changed.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '%s\n' "$*"; }

fail() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

refuse() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 2
}

# The comment at the head of a script is its manual.
manual() { sed -n '2,/^set /{/^set /!s/^# \{0,1\}//p}' "$0"; }

need() {
    local tool
    for tool; do
        command -v "$tool" >/dev/null || refuse "$tool is needed and not on the PATH (scripts/install-tools.sh gets most tools)"
    done
}

# Options that all of them know. What is left stands in `rest`.
env='' yes='' dry_run='' allow_prod='' timeout=1800
rest=()
options() {
    while [[ $# -gt 0 ]]; do
        case $1 in
            --env) env=${2-}; shift ;;
            --timeout) timeout=${2-}; shift ;;
            --yes) yes=1 ;;
            --dry-run) dry_run=1 ;;
            --allow-prod) allow_prod=1 ;;
            -h | --help) manual; exit 0 ;;
            *) rest+=("$1") ;;
        esac
        shift
    done
    [[ -n $env ]] || refuse "--env is missing; there are: $(cd "$root/terraform/envs" && echo *)"
    [[ -d $root/terraform/envs/$env ]] || refuse "no environment $env in terraform/envs"
    [[ $timeout =~ ^[0-9]+$ ]] || refuse "--timeout is a number of seconds"
}

no_more_options() { [[ ${#rest[@]} -eq 0 ]] || refuse "unknown: ${rest[*]}; see --help"; }

# One value of the environment's file.
setting() { # name
    sed -nE "s/^$1[[:space:]]*=[[:space:]]*\"?([^\"#]*[^\"#[:space:]])\"?[[:space:]]*(#.*)?$/\1/p" "$root/terraform/envs/$env/env.tfvars"
}

# What the environment is called in AWS.
names() {
    region=$(setting region)
    account=$(setting account_id)
    prefix=$(setting project)-$(setting environment)
    cluster=$prefix-eks
    node_group=$prefix-eks-node-group
    database=$prefix-postgres
    export AWS_PAGER=''
}

# Whoever calls must be in the account and region that the environment's file names.
guard() {
    local caller
    names
    if [[ $env == prod && -z $allow_prod ]]; then
        refuse "this is prod; add --allow-prod if you mean it"
    fi
    if [[ ${AWS_REGION:-${AWS_DEFAULT_REGION:-$region}} != "$region" ]]; then
        refuse "your region is ${AWS_REGION:-$AWS_DEFAULT_REGION}; $env is in $region"
    fi
    caller=$(look sts get-caller-identity --query Account --output text) ||
        refuse "AWS does not know you; sign in to account $account first"
    [[ $caller == "$account" ]] || refuse "you are in account $caller; $env is in $account (terraform/envs/$env/env.tfvars)"
}

# Asks before changing anything.
confirm() { # what
    local answer
    [[ -n $yes || -n $dry_run ]] && return
    say "$1"
    read -r -p "Type $env to go on: " answer || true
    [[ $answer == "$env" ]] || refuse "nothing was changed"
}

# Two ways to call AWS. With --dry-run the second only says what it would do.
look() { aws --region "$region" "$@"; }

change() {
    if [[ -n $dry_run ]]; then
        say "would run: aws $*"
    else
        aws --region "$region" "$@" >/dev/null
    fi
}

# Waits until a command prints a word, at most --timeout seconds. Prints each new word on the way.
wait_until() { # word what command...
    local wanted=$1 what=$2 now before='' end=$((SECONDS + timeout))
    shift 2
    [[ -z $dry_run ]] || return 0
    while :; do
        now=$("$@") || fail "could not ask about $what"
        [[ $now == "$before" ]] || say "  $what: $now"
        [[ $now != "$wanted" ]] || return 0
        ((SECONDS < end)) || fail "$what is still $now after $timeout seconds"
        before=$now
        sleep "${OXCART_POLL:-15}"
    done
}

database_status() {
    look rds describe-db-instances --db-instance-identifier "$database" \
        --query 'DBInstances[0].DBInstanceStatus' --output text
}

node_group_status() {
    look eks describe-nodegroup --cluster-name "$cluster" --nodegroup-name "$node_group" \
        --query nodegroup.status --output text
}

# min, desired and max as JSON.
node_group_size() {
    look eks describe-nodegroup --cluster-name "$cluster" --nodegroup-name "$node_group" \
        --query 'nodegroup.scalingConfig.{minSize:minSize,desiredSize:desiredSize,maxSize:maxSize}' --output json | jq -c .
}

# Where the size before a shutdown is kept.
size_parameter() { printf '/%s/node-group-size' "$prefix"; }
