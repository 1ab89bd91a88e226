# Sourced by the checks beside it. A proof is a name and a command: one line says how it went.
#
#   ok   <name> (<seconds> s)
#   FAIL <name>: <reason>
#
# What a failed command printed goes to stderr, below its line. PROOF_ONLY, a regular expression, picks
# proofs by their names.

# The check's own exit code.
# shellcheck disable=SC2034
failed=0

# The line of a log that says most: a tool's own "Error: …", else its last words.
reason() { # log
    grep -m 1 -oE '(Error|error|ERROR|FAIL(ED)?)[: ].*' "$1" | cut -c 1-160 ||
        grep -v '^[[:space:]]*$' "$1" | tail -n 1 | cut -c 1-160 || echo "no output"
}

proof() { # name command...
    local name=$1 log start now
    shift
    [[ $name =~ ${PROOF_ONLY-} ]] || return 0
    log=$(mktemp)
    start=${EPOCHREALTIME/./}
    if ("$@") >"$log" 2>&1 </dev/null; then
        now=${EPOCHREALTIME/./}
        printf 'ok   %s (%d.%d s)\n' "$name" $(((now - start) / 1000000)) $(((now - start) / 100000 % 10))
    else
        failed=1
        printf 'FAIL %s: %s\n' "$name" "$(reason "$log")"
        sed 's/^/     | /' "$log" | tail -n "${PROOF_LINES:-25}" >&2
        rm -f "$log"
        return 1
    fi
    rm -f "$log"
}

# Turns a command that must fail into a proof that it does, for the reason named.
refuses() { # words command...
    local words=$1 log
    shift
    log=$(mktemp)
    if "$@" >"$log" 2>&1; then
        echo "Error: it was accepted; expected: $words"
        return 1
    fi
    if ! tr -s '[:space:]│' ' ' <"$log" | grep -qF -- "$words"; then
        echo "Error: refused, but not for this: $words"
        cat "$log"
        return 1
    fi
}
