#!/usr/bin/env bash
# Writes which image an environment runs: set-image.sh ENVIRONMENT backend|frontend sha256:DIGEST
set -euo pipefail
cd "$(dirname "$0")/.."

[[ $# -eq 3 && $2 =~ ^(backend|frontend)$ && $3 =~ ^sha256:[0-9a-f]{64}$ ]] || {
    echo "usage: $0 ENVIRONMENT backend|frontend sha256:DIGEST" >&2
    exit 2
}
file=helm/$2/values-$1.yaml
[[ -f $file ]] || {
    echo "$0: there is no $file" >&2
    exit 2
}
# The object `image` has one line, whichever of the two it names.
grep -Eq '^  (tag|digest): ' "$file" || {
    echo "$0: $file names no image" >&2
    exit 1
}
sed -Ei "s/^  (tag|digest): .*/  digest: $3/" "$file"
