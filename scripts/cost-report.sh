#!/usr/bin/env bash
# What an environment costs, from scripts/prices.json, which is the only place with prices.
#
#   scripts/cost-report.sh [--env demo] [--hours 12] [--markdown]     on, off and a month
#   scripts/cost-report.sh --off --short                              what stays when it is off
#   scripts/cost-report.sh --write                                    the tables in docs/deploy.md
#
# Traffic is not in it: NAT and CloudFront bytes, load balancer units, logs.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
env=demo
hours=12
shape=table
only=''
while [[ $# -gt 0 ]]; do
    case $1 in
        --env) env=${2-}; shift ;;
        --hours) hours=${2-}; shift ;;
        --markdown) shape=markdown ;;
        --short) shape=short ;;
        --off) only=off ;;
        --write) shape="write" ;;
        -h | --help) sed -n '2,/^set /{/^set /!s/^# \{0,1\}//p}' "$0"; exit 0 ;;
        *) echo "cost-report.sh: unknown: $1; see --help" >&2; exit 2 ;;
    esac
    shift
done
command -v jq >/dev/null || { echo "cost-report.sh: jq is needed" >&2; exit 2; }
[[ $hours =~ ^[1-9][0-9]*$ ]] || { echo "cost-report.sh: --hours is a whole number" >&2; exit 2; }

# name, rate, on, off, month: one line of tab-separated words per item, and the sum.
lines() {
    jq -er --arg env "$env" --argjson hours "$hours" '
        def usd: (. * 100 | round) as $cents | "\($cents / 100 | floor).\($cents % 100 + 100 | tostring[1:])";
        .hours_per_month as $month | .rates as $rates
        | (.environments[$env] // error("no environment \($env)"))
        | map(. as $item | $rates[.rate] // error("no rate for \($item.rate)")
            | (if .per == "hour" then .usd else .usd / $month end) as $hourly
            | { name: (if $item.count == 1 then $item.rate else "\($item.count) x \($item.rate)" end),
                rate: "\(.usd)/\(.per)",
                on: ($hourly * $item.count * $hours),
                off: ($hourly * $item.off * $hours),
                month: ($hourly * $item.count * $month) })
        | ., [{ name: "Sum", rate: "-", on: (map(.on) | add), off: (map(.off) | add), month: (map(.month) | add) }]
        | .[] | [.name, .rate, (.on | usd), (.off | usd), (.month | usd)] | @tsv
    ' "$root/scripts/prices.json"
}

markdown() {
    printf '| %s | USD | on, %s h | off, %s h | on, a month |\n|---|---|---:|---:|---:|\n' "${env^}" "$hours" "$hours"
    lines | while IFS=$'\t' read -r name rate on off month; do
        if [[ $name == Sum ]]; then
            printf '| **Sum** | | **%s** | **%s** | **%s** |\n' "$on" "$off" "$month"
        else
            printf '| %s | %s | %s | %s | %s |\n' "$name" "$rate" "$on" "$off" "$month"
        fi
    done
}

# Puts the tables between their marks.
write() {
    local page=$root/docs/deploy.md table
    for env in demo prod; do
        table=$(mktemp)
        markdown >"$table"
        sed -i -e "/<!-- costs of $env -->/,/<!-- end -->/{/<!-- costs of $env -->/{r $table
            p;d};/<!-- end -->/!d}" "$page"
        rm -f "$table"
    done
}

case $shape in
    markdown) markdown ;;
    write) write ;;
    short)
        lines | while IFS=$'\t' read -r name _ on off _; do
            [[ -n $only ]] && on=$off
            [[ $on == 0.00 ]] || printf '  %6s USD  %s\n' "$on" "$name"
        done ;;
    table)
        printf '%-38s %-12s %9s %9s %9s\n' "$env" USD "on ${hours}h" "off ${hours}h" month
        lines | while IFS=$'\t' read -r name rate on off month; do
            printf '%-38s %-12s %9s %9s %9s\n' "$name" "$rate" "$on" "$off" "$month"
        done ;;
esac
