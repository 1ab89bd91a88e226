# Sourced by the checks that are written in Python: runs the one of the same name with what it needs.
# shellcheck shell=bash
set -euo pipefail

checks=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tools=${OXCART_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/oxcart/tools}

# The interpreter of an environment with the pinned packages, made once per machine.
interpreter() {
    local home
    home=$tools/python/checks-$(sha256sum "$checks/requirements.txt" | cut -c 1-12)
    mkdir -p "$tools/python"
    (
        flock 9
        [[ -e $home/.complete ]] && exit
        rm -rf "$home"
        python3 -m venv "$home"
        "$home/bin/pip" install -q --disable-pip-version-check -r "$checks/requirements.txt"
        touch "$home/.complete"
    ) 9>"$tools/python/.checks-lock" >&2
    printf '%s\n' "$home/bin/python"
}

# Runs the Python file beside the script that calls this.
run_check() {
    local python
    python=$(interpreter)
    PATH=$(dirname "$python"):$tools/bin:$PATH
    export PATH PYTHONDONTWRITEBYTECODE=1
    exec "$python" "${BASH_SOURCE[1]%.sh}.py" "$@"
}
