#!/usr/bin/env bash
# Gets the parts of a Kubernetes cluster that runs on this machine, once, outside the tree.
#
#   scripts/install-cluster.sh                all of them
#   scripts/install-cluster.sh kwok           these
#   scripts/install-cluster.sh --list         their names
#   scripts/install-cluster.sh --there        all of them, when they are there already; else fails
#
# Prints one line per part, "name path", and nothing else on stdout. Beside each program lies source/,
# as far as it is needed: the kinds (CRDs) and examples that the same version brings. Everything goes
# to ${OXCART_TOOLS:-~/.cache/oxcart/tools}/cluster. Versions are pinned in tools/kubernetes and
# tools/cluster. OXCART_BUILDS=N builds N packages at a time (2).
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${OXCART_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/oxcart/tools}/cluster
kubernetes=$root/tools/kubernetes modules=$root/tools/cluster/modules.txt

parts=(kube-apiserver etcd kwok kube-controller-manager kube-scheduler external-secrets argocd aws-load-balancer-controller prometheus-operator)

say() { printf '%s\n' "$*" >&2; }

die() {
    say "install-cluster: $*"
    exit 1
}

# A short name for what is pinned: another pin is another folder.
pin_of() { sha256sum | cut -c 1-12; }

line_of() { grep "^$1 " "$modules" || die "$modules does not pin $1"; }

# The folder of a part, whether it is there or not.
home_of() { # part
    case $1 in
        etcd | kube-*) printf '%s\n' "$cache/$1-$(cat "$kubernetes/go.mod" "$kubernetes/go.sum" | pin_of)" ;;
        *) printf '%s\n' "$cache/$1-$(line_of "$1" | pin_of)" ;;
    esac
}

go_build() { # from, output, package, flags...
    (cd "$1" && GOWORK=off GOFLAGS="-p=${OXCART_BUILDS:-2} -mod=readonly -buildvcs=false" CGO_ENABLED=0 \
        nice -n 10 go build -trimpath -ldflags "-s -w ${*:4}" -o "$2" "$3") >&2
}

build_kubernetes() { # part folder
    local version flags major minor package
    version=$(sed -n 's/^.*k8s.io\/kubernetes \(v[0-9.]*\).*$/\1/p' "$kubernetes/go.mod" | head -1)
    [[ -n $version ]] || die "$kubernetes/go.mod names no version"
    IFS=. read -r major minor _ <<<"${version#v}"
    flags="-X k8s.io/component-base/version.gitVersion=$version"
    flags+=" -X k8s.io/component-base/version.gitMajor=$major -X k8s.io/component-base/version.gitMinor=$minor"
    package=k8s.io/kubernetes/cmd/$1
    [[ $1 != etcd ]] || package=go.etcd.io/etcd/server/v3
    go_build "$kubernetes" "$2/.$1" "$package" "$flags"
    mv "$2/.$1" "$2/$1"
}

# What of a module's folder is kept beside its program.
kept_of() { # part
    case $1 in
        kwok) printf '%s\n' kustomize/stage ;;
        external-secrets) printf '%s\n' deploy/crds deploy/charts/external-secrets ;;
        argocd) printf '%s\n' manifests/crds manifests/cluster-rbac manifests/base ;;
        aws-load-balancer-controller) printf '%s\n' helm/aws-load-balancer-controller config/webhook ;;
        prometheus-operator) printf 'example/prometheus-operator-crd/monitoring.coreos.com_%s.yaml\n' prometheusrules servicemonitors ;;
    esac
}

build_module() { # part folder
    local module version sum package found source folder
    read -r _ module version sum package <<<"$(line_of "$1")"
    found=$(cd / && GOFLAGS=-mod=mod go mod download -json "$module@$version")
    [[ $found == *"\"Sum\": \"$sum\""* ]] || die "$module $version is not what was pinned"
    source=$(sed -n 's/^.*"Dir": "\(.*\)",\{0,1\}$/\1/p' <<<"$found")
    folder=$2/work
    rm -rf "$folder" "$2/source"
    cp -r "$source" "$folder"
    chmod -R u+w "$folder"
    if [[ $package == - ]]; then
        # Of this one only its kinds are wanted; an empty folder stands for the program.
        mkdir -p "$2/.$1"
    else
        go_build "$folder" "$2/.$1" "$package" "$(version_flags "$1" "$version")"
    fi
    while read -r kept; do
        mkdir -p "$2/source/$(dirname "$kept")"
        cp -r "$folder/$kept" "$2/source/$kept"
    done < <(kept_of "$1")
    rm -rf "$folder"
    mv "$2/.$1" "$2/$1"
}

version_flags() { # part version
    if [[ $1 == argocd ]]; then
        printf '%s' "-X github.com/argoproj/argo-cd/v3/common.version=${2#v}"
    fi
}

get() { # part
    local home start=$SECONDS
    home=$(home_of "$1")
    if [[ ! -x $home/$1 ]]; then
        # Two runs at once wait for each other instead of building the same thing twice.
        exec 9>"$cache/.lock"
        flock 9
    fi
    if [[ ! -x $home/$1 ]]; then
        command -v go >/dev/null || die "$1 is built with Go, which is not here"
        say "install-cluster: getting $1 (minutes, once)"
        mkdir -p "$home"
        case $1 in
            etcd | kube-*) build_kubernetes "$1" "$home" ;;
            *) build_module "$1" "$home" ;;
        esac
        say "install-cluster: $1 took $((SECONDS - start)) s"
    fi
    printf '%-30s %s\n' "$1" "$home/$1"
}

only_there=
case ${1-} in
    -h | --help)
        sed -n '2,/^set/{/^set/!s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"
        exit ;;
    --list)
        printf '%s\n' "${parts[@]}"
        exit ;;
    --there)
        only_there=yes
        shift ;;
esac

[[ $# -gt 0 ]] || set -- "${parts[@]}"
for part; do
    [[ " ${parts[*]} " == *" $part "* ]] || die "no part named $part; there are: ${parts[*]}"
    [[ -z $only_there || -x $(home_of "$part")/$part ]] || die "$part is not there yet"
done

mkdir -p "$cache"
for part; do
    get "$part"
done
