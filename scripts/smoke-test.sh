#!/usr/bin/env bash
# Asks a running shop the few things that must be true of it, as a shopper would.
#
#   scripts/smoke-test.sh https://shop.example.com [--timeout SECONDS]
#
# Tries until the timeout (default 300), because a new distribution takes minutes to answer. Changes
# nothing. Exit codes: 0 well, 1 not, 2 refused.
set -euo pipefail

base=''
timeout=300
while [[ $# -gt 0 ]]; do
    case $1 in
        --timeout) timeout=${2-}; shift ;;
        -h | --help) sed -n '2,/^set /{/^set /!s/^# \{0,1\}//p}' "$0"; exit 0 ;;
        *) base=${1%/} ;;
    esac
    shift
done
[[ $base =~ ^https?://[^/]+$ ]] || { echo "smoke-test.sh: the shop's address is missing; see --help" >&2; exit 2; }
command -v curl >/dev/null || { echo "smoke-test.sh: curl is needed" >&2; exit 2; }

get() { curl -sS --max-time 20 "$@"; }

# Each prints nothing when it holds, else why not.
health() { [[ $(get -o /dev/null -w '%{http_code}' "$base/api/health") == 200 ]] || echo "/api/health does not answer 200"; }

home() {
    local page
    page=$(get -D - "$base/")
    [[ $page =~ ^HTTP/[0-9.]+\ 200 ]] || { echo "/ does not answer 200"; return; }
    grep -qi '^content-security-policy:' <<<"$page" || echo "/ has no content security policy"
    grep -q '<h1' <<<"$page" || echo "/ has no heading"
}

# An unknown path of the API is a problem in JSON, not somebody's error page.
problem() {
    local answer
    answer=$(get -D - "$base/api/no-such-thing")
    grep -qi '^content-type: application/\(problem+\)\{0,1\}json' <<<"$answer" ||
        echo "an unknown path of the API is not answered in JSON"
}

# Behind a distribution, plain HTTP must lead to HTTPS, and transport security must be told.
transport() {
    [[ $base == https://* ]] || return 0
    local answer
    answer=$(get -D - -o /dev/null "$base/")
    grep -qi '^strict-transport-security:' <<<"$answer" || echo "no HSTS"
    [[ $(get -o /dev/null -w '%{http_code}' "${base/https:/http:}/") == 30[1278] ]] || echo "plain HTTP is not redirected"
}

end=$((SECONDS + timeout))
for check in health home problem transport; do
    until why=$($check 2>&1) && [[ -z $why ]]; do
        if ((SECONDS >= end)); then
            printf 'FAIL %s: %s\n' "$check" "${why//$'\n'/; }"
            exit 1
        fi
        sleep "${OXCART_POLL:-5}"
    done
    printf 'ok   %s\n' "$check"
done
echo "The shop at $base is well."
