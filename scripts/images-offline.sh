#!/usr/bin/env bash
# Builds both images where no container registry can be reached: with buildah, on stand-ins for the
# two base images that are made of Debian's packages and this machine's Rust.
#
#   scripts/images-offline.sh [backend|frontend|stand-ins ...]
#
# The stand-ins, and what cargo fetched and compiled, are kept by buildah, so that a second run is
# quick. Needs root. PROFILE=dev builds what is quick to build. PREBUILT=FOLDER compiles nothing: it
# takes backend, frontend and site/ from there, so that all but the compiler's part is tried in a minute.
set -euo pipefail
cd "$(dirname "$0")/.."

rust=localhost/oxcart-stand-in-rust:1
# What cargo fetched here need not be fetched again.
cargo=${CARGO_HOME:-$HOME/.cargo}
runtime=localhost/oxcart-stand-in-runtime:1
export BUILDAH_ISOLATION=chroot STORAGE_DRIVER=${STORAGE_DRIVER:-vfs}

say() { printf '%s\n' "$*" >&2; }

[[ $(id -u) -eq 0 ]] || {
    say "$0: needs root, to make file systems"
    exit 2
}
for package in buildah debootstrap; do
    command -v $package >/dev/null || DEBIAN_FRONTEND=noninteractive apt-get -qq -y install $package >&2
done
has() { buildah images -q "$1" >/dev/null 2>&1; }

release=$(. /etc/os-release && echo "${VERSION_CODENAME:-bookworm}")

# What the official Rust image has, less its Rust: that is mounted.
make_rust() {
    local root
    root=$(mktemp -d)
    say "making a stand-in for the image of Rust (a minute or two, once)"
    debootstrap --variant=minbase "$release" "$root" >&2
    rm -f "$root/etc/apt/sources.list"
    # The same package sources as here, with whatever they need.
    cp -a /etc/apt/. "$root/etc/apt/"
    cp -aL /etc/ssl/certs/ca-certificates.crt "$root/tmp/ca.crt"
    mkdir -p "$root/etc/ssl/certs" && cp "$root/tmp/ca.crt" "$root/etc/ssl/certs/ca-certificates.crt"
    cp /etc/resolv.conf /etc/hosts "$root/etc/" 2>/dev/null || true
    chroot "$root" apt-get -qq update >&2
    DEBIAN_FRONTEND=noninteractive chroot "$root" apt-get -qq -y --no-install-recommends install \
        gcc g++ libc6-dev make cmake pkg-config ca-certificates npm rustc-web cargo-web rust-web-src >&2
    chroot "$root" apt-get clean
    commit "$root" $rust \
        --env "CARGO_HOME=$cargo" --env PATH=/usr/local/rust/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
}

# What distroless/cc has, and as little more as possible: no shell, no package manager.
make_runtime() {
    local root packages
    root=$(mktemp -d)
    packages=$(mktemp -d)
    chmod 755 "$packages"
    say "making a stand-in for the image without a shell (seconds, once)"
    (cd "$packages" && apt-get -qq download libc6 libgcc-s1 libstdc++6 ca-certificates tzdata netbase base-files >&2)
    for package in "$packages"/*.deb; do dpkg -x "$package" "$root"; done
    rm -rf "$packages" "$root"/usr/share/{doc,man,locale,lintian,common-licenses} "$root"/bin/sh
    printf 'root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n' >"$root/etc/passwd"
    printf 'root:x:0:\nnonroot:x:65532:\n' >"$root/etc/group"
    mkdir -p "$root/etc/ssl/certs" "$root/home/nonroot"
    cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
    chmod 1777 "$root/tmp"
    commit "$root" $runtime --user 65532 --env SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
}

commit() { # folder name settings…
    local from=$1 name=$2 container
    shift 2
    container=$(buildah from scratch)
    buildah copy -q "$container" "$from" / >/dev/null
    buildah config "$@" "$container"
    buildah commit -q --rm "$container" "$name" >/dev/null
    rm -rf "$from"
}

has $rust || make_rust
has $runtime || make_runtime

if [[ -n ${PREBUILT:-} ]]; then
    # In cargo's place: puts what is there where cargo would have put it.
    toolchain=$(mktemp -d)
    trap 'rm -rf "$toolchain"' EXIT
    mkdir "$toolchain/bin"
    cat >"$toolchain/bin/cargo" <<'SHIM'
#!/bin/sh
set -e
mkdir -p target/debug
case "$*" in
    *"--package backend"*) cp /prebuilt/backend target/debug/ ;;
    *"--package frontend"*) cp /prebuilt/frontend target/debug/ ;;
    "xtask web") rm -rf target/site && cp -R /prebuilt/site target/site ;;
    *) exit 1 ;;
esac
SHIM
    chmod -R a+rX "$toolchain" && chmod +x "$toolchain/bin/cargo"
    PROFILE=dev
    mounts=(--volume "$(cd "$PREBUILT" && pwd):/prebuilt:ro")
else
    toolchain=$(rustc --print sysroot)
    mounts=(--volume "$cargo:$cargo")
fi
[[ $# -gt 0 ]] || set -- backend frontend
for name; do
    [[ $name == stand-ins ]] && continue
    say "building oxcart/$name"
    nice -n 15 buildah build --layers=false --network host \
        --build-arg "PROFILE=${PROFILE:-release}" --build-arg RUST_IMAGE=$rust --build-arg RUNTIME_IMAGE=$runtime \
        --build-arg "REVISION=$(git rev-parse HEAD 2>/dev/null || echo unknown)" \
        --volume "$toolchain:/usr/local/rust:ro" "${mounts[@]}" \
        --volume /etc/ssl/certs:/etc/ssl/certs:ro \
        --file "Dockerfile.$name" --tag "localhost/oxcart/$name:check" . >&2
done
