#!/usr/bin/env bash
# Makes mistakes, each in a copy of the tree, and shows which proof catches it. One line per mistake;
# exit 1 if one slips through.
# Proofs are called by their names, which shellcheck does not follow.
# What stands in single quotes is for sed.
# shellcheck disable=SC2317,SC2329,SC2016
set -uo pipefail

checks=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$checks/../.." && pwd)
# shellcheck source=proofs.bash
source "$checks/proofs.bash"
copy=$(mktemp -d -t oxcart-mistakes-XXXXXX)
trap 'rm -rf "$copy"' EXIT
trap 'exit 130' INT TERM
picked=${PROOF_ONLY-}
export PROOF_LINES=0

# Until the layers are applied, and no further.
applied='^(init|apply platform|apply services from'

# Makes a change, runs one check on the copy, and looks for the proof that must fail.
caught() { # by file sed-expression check arguments...
    local by=$1 file=$2 change=$3 said
    shift 3
    rm -rf "${copy:?}/tree"
    mkdir "$copy/tree"
    (cd "$root" && tar cf - --exclude=.terraform terraform scripts tools docs/deploy.md) | tar xf - -C "$copy/tree"
    sed -i -E "$change" "$copy/tree/$file"
    if cmp -s "$root/$file" "$copy/tree/$file"; then
        echo "Error: the mistake could not be made: nothing in $file matches $change"
        return 1
    fi
    said=$("$copy/tree/scripts/checks/$1" "${@:2}" 2>/dev/null)
    printf '%s\n' "$said"
    grep -qF -- "FAIL $by" <<<"$said" || { echo "Error: it slipped through '$by'"; return 1; }
}

mistake() { # what by only file sed-expression check arguments...
    local what=$1 by=$2 only=$3
    shift 3
    [[ $what =~ $picked ]] || return 0
    PROOF_ONLY='' proof "mistake: $what: caught by \"$by\"" env_caught "$only" "$by" "$@"
}

env_caught() {
    export PROOF_ONLY=$1
    caught "${@:2}"
}

mistake "a missing security-group rule" "test modules/cache" "test modules/cache" \
    terraform/modules/cache/main.tf \
    's/for_each = var.client_security_group_ids/for_each = { cluster = var.client_security_group_ids.cluster }/' \
    terraform.sh logic
mistake "an open port too many" "security groups admit" "$applied|security groups)" \
    terraform/platform/alb.tf 's/argocd = 8080 \}/argocd = 8080, other = 9400 }/' terraform.sh layers
mistake "a renamed output" "outputs are read" "outputs are read" \
    terraform/platform/outputs.tf 's/output "kms_key_arn"/output "kms_key"/' terraform.sh contract
mistake "a typing error in a secret's key" "secrets hold what the shop reads" "$applied|secrets hold)" \
    terraform/services/secrets.tf 's/REDIS_HOST /REDIS_HOTS /' terraform.sh layers
mistake "a * action in a policy" "IAM policies are known" "$applied|IAM)" \
    terraform/platform/irsa.tf 's/\["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"\]/["secretsmanager:*"]/' \
    terraform.sh layers
mistake "a secret put out in the clear" "validate services" "validate services" \
    terraform/services/outputs.tf \
    '$a output "password" {\n  description = "x"\n  value = ephemeral.aws_secretsmanager_random_password.database.random_password\n}' \
    terraform.sh style
mistake "a password that is kept" "validate modules/database" "validate modules/database" \
    terraform/modules/database/main.tf 's/^  password_wo +=/  password =/; /password_wo_version/d' terraform.sh style
mistake "a changed price and an old page" "costs" "costs" \
    scripts/prices.json 's/"usd": 0.045/"usd": 0.05/' aws-scripts.sh
mistake "a shutdown that does not look whose account it is" "refuses another account" "refuses another account" \
    scripts/lib.sh 's/^    \[\[ \$caller == "\$account" \]\] .*/    true/' aws-scripts.sh
exit "$failed"
