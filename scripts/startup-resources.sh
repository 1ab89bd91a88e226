#!/usr/bin/env bash
# Starts what scripts/shutdown-resources.sh stopped: the database, then the nodes at their old size.
#
#   scripts/startup-resources.sh --env demo [--yes] [--dry-run] [--timeout SECONDS] [--allow-prod]
#                                [--url https://shop]
#
# Then waits until the load balancer finds its targets healthy and, given --url, asks the shop how it
# is. Run again, it finds nothing to do. Exit codes: 0 done, 1 failed, 2 refused.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

start_database() {
    local status
    status=$(database_status) || fail "there is no database $database"
    if [[ $status == stopping ]]; then
        say "Database: still stopping; waiting until it can be started."
        wait_until stopped "database $database" database_status
        status=stopped
    fi
    if [[ $status == stopped ]]; then
        say "Database: starting."
        change rds start-db-instance --db-instance-identifier "$database"
    else
        say "Database: already $status."
    fi
    wait_until available "database $database" database_status
}

start_nodes() {
    local size kept
    wait_until ACTIVE "node group $node_group" node_group_status
    size=$(node_group_size) || fail "there is no node group $node_group"
    if [[ $(jq .desiredSize <<<"$size") != 0 ]]; then
        say "Nodes: already $(jq .desiredSize <<<"$size")."
        return
    fi
    kept=$(look ssm get-parameter --name "$(size_parameter)" --query Parameter.Value --output text 2>/dev/null) ||
        fail "no size was kept in $(size_parameter); set it by hand, for example {\"minSize\":1,\"desiredSize\":2,\"maxSize\":3}"
    jq -e '.minSize >= 0 and .desiredSize >= 1 and .desiredSize <= .maxSize' <<<"$kept" >/dev/null 2>&1 ||
        fail "what was kept in $(size_parameter) is no size: $kept"
    say "Nodes: from zero to $kept."
    change eks update-nodegroup-config --cluster-name "$cluster" --nodegroup-name "$node_group" \
        --scaling-config "$(jq -r '"minSize=\(.minSize),desiredSize=\(.desiredSize),maxSize=\(.maxSize)"' <<<"$kept")"
    wait_until ACTIVE "node group $node_group" node_group_status
}

# healthy, or how many targets are not yet.
targets() {
    local balancer group healthy all=0 well=0
    balancer=$(look elbv2 describe-load-balancers --names "$prefix" --query 'LoadBalancers[0].LoadBalancerArn' --output text 2>/dev/null) || {
        say "no load balancer"
        return
    }
    for group in $(look elbv2 describe-target-groups --load-balancer-arn "$balancer" --query 'TargetGroups[].TargetGroupArn' --output text); do
        all=$((all + 1))
        healthy=$(look elbv2 describe-target-health --target-group-arn "$group" \
            --query "length(TargetHealthDescriptions[?TargetHealth.State=='healthy'])" --output text)
        [[ $healthy == 0 ]] || well=$((well + 1))
    done
    if ((all > 0 && well == all)); then say healthy; else say "$well of $all services"; fi
}

url=''
options "$@"
if [[ ${rest[0]-} == --url ]]; then
    url=${rest[1]-}
    rest=("${rest[@]:2}")
fi
no_more_options
need aws jq
guard
confirm "Starts the database $database and the nodes of $cluster."
start_database
start_nodes
if [[ $(targets) == "no load balancer" ]]; then
    say "Load balancer: none yet; the shop is not deployed."
else
    wait_until healthy "load balancer $prefix" targets
fi
[[ -z $url || -n $dry_run ]] || "$root/scripts/smoke-test.sh" "$url"
say "On."
