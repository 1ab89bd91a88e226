#!/usr/bin/env bash
# Stops what costs by the hour: nodes to zero, the database stopped. Nothing is lost.
#
#   scripts/shutdown-resources.sh --env demo [--yes] [--dry-run] [--timeout SECONDS] [--allow-prod]
#
# Asks first, unless --yes. --dry-run prints what it would do. Run again, it finds nothing to do.
# scripts/startup-resources.sh brings everything back. AWS starts a stopped database by itself after
# seven days. Exit codes: 0 done, 1 failed, 2 refused.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

stop_nodes() {
    local size max
    # While an update runs, EKS refuses another one.
    wait_until ACTIVE "node group $node_group" node_group_status
    size=$(node_group_size) || fail "there is no node group $node_group"
    if [[ $(jq .desiredSize <<<"$size") == 0 && $(jq .minSize <<<"$size") == 0 ]]; then
        say "Nodes: already at zero."
        return
    fi
    say "Nodes: from $size to zero."
    change ssm put-parameter --name "$(size_parameter)" --type String --overwrite --value "$size"
    # A group's most is at least one.
    max=$(jq '[.maxSize, 1] | max' <<<"$size")
    change eks update-nodegroup-config --cluster-name "$cluster" --nodegroup-name "$node_group" \
        --scaling-config "minSize=0,desiredSize=0,maxSize=$max"
    wait_until ACTIVE "node group $node_group" node_group_status
}

stop_database() {
    local status replicas
    status=$(database_status) || fail "there is no database $database"
    case $status in
        stopped | stopping)
            say "Database: already $status."
            return ;;
        available) ;;
        *)
            say "Database: $status; waiting until it can be stopped."
            wait_until available "database $database" database_status ;;
    esac
    replicas=$(look rds describe-db-instances --db-instance-identifier "$database" \
        --query 'DBInstances[0].ReadReplicaDBInstanceIdentifiers' --output json | jq length)
    [[ $replicas == 0 ]] || fail "database $database has $replicas read replicas; AWS cannot stop it, remove them first"
    say "Database: stopping."
    change rds stop-db-instance --db-instance-identifier "$database"
    # There is no waiter for this in the AWS CLI.
    wait_until stopped "database $database" database_status
}

options "$@"
no_more_options
need aws jq
guard
confirm "Stops all nodes of $cluster and the database $database. The shop will be down."
stop_nodes
stop_database
say "Off. AWS starts the database again by itself after 7 days; run this again then."
say "Still costs, per 12 hours:"
"$root/scripts/cost-report.sh" --off --short
