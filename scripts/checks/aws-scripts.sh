#!/usr/bin/env bash
# The operators' scripts, run with the AWS CLI against an emulator on this machine. One line per proof;
# exit 1 if any failed.
# Proofs are called by their names, which shellcheck does not follow.
# shellcheck disable=SC2317,SC2329,SC2119,SC2120
set -uo pipefail

checks=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=${OXCART_ROOT:-$(cd "$checks/../.." && pwd)}
here=$root/terraform/offline
# shellcheck source=proofs.bash
source "$checks/proofs.bash"

environment=$("$root/scripts/install-tools.sh" --environment aws) || exit 1
python=$environment/bin/python
moto=$environment/bin/moto_server
real_aws=$environment/bin/aws
terraform=$("$root/scripts/install-tools.sh" terraform | awk '{ print $2 }') || exit 1
shellcheck=$("$root/scripts/install-tools.sh" shellcheck | awk '{ print $2 }') || exit 1
# shellcheck source=../../terraform/offline/lib.bash
source "$here/lib.bash"

# The scripts find these first. `aws` notes every call; and, because the emulator knows no database
# that is on its way, answers with the words in $work/statuses as long as there are any.
mkdir "$work/bin"
cat >"$work/bin/aws" <<WRAPPER
#!/usr/bin/env bash
echo "\$*" >>"$work/calls"
if [[ "\$*" == *"DBInstances[0].DBInstanceStatus"* && -s $work/statuses ]]; then
    head -n 1 "$work/statuses"
    sed -i 1d "$work/statuses"
    exit
fi
# AWS CLI 1 has an address of its own for RDS, which wins over the environment's.
exec "$real_aws" --endpoint-url "\$AWS_ENDPOINT_URL" --cli-read-timeout 20 --cli-connect-timeout 20 "\$@"
WRAPPER
for tool in kubectl helm; do
    printf '#!/usr/bin/env bash\necho "%s $*" >>"%s"\n' "$tool" "$work/calls" >"$work/bin/$tool"
done
ln -s "$terraform" "$work/bin/terraform"
chmod +x "$work"/bin/*
export PATH=$work/bin:$PATH OXCART_POLL=0.1
unset TF_CLI_CONFIG_FILE
export CHECKPOINT_DISABLE=1

scripts=$root/scripts
shutdown() { "$scripts/shutdown-resources.sh" --env demo --yes --timeout 300 "$@"; }
startup() { "$scripts/startup-resources.sh" --env demo --yes --timeout 300 "$@"; }

world() { "$python" "$checks/world.py" "$@"; }

# How the account is: sizes of the node group, the database, what was kept.
is() { # wanted
    local found
    found=$(world show) || return
    [[ $found == "$1" ]] || { echo "Error: the account is at $found, not at $1"; return 1; }
}

kept='{"minSize":1,"desiredSize":2,"maxSize":3}'
running="1/2/3 available kept nothing"
stopped="0/0/3 stopped kept $kept"

# Runs a script that must end with a code and say something.
ends() { # code words command...
    local code=$1 words=$2 said
    shift 2
    said=$("$@" 2>&1)
    local got=$?
    printf '%s\n' "$said"
    [[ $got == "$code" ]] || { echo "Error: it ended with $got, not $code"; return 1; }
    [[ $said == *"$words"* ]] || { echo "Error: it did not say: $words"; return 1; }
}

# No call since the last look changed anything.
only_looked() {
    local writes
    [[ -s $work/calls ]] || { echo "Error: nothing was asked at all"; return 1; }
    writes=$(sed -E 's/^--region [^ ]+ //' "$work/calls" | grep -vE '^(sts get-|[a-z0-9]+ (describe|get|list)-|helm template )')
    [[ -z $writes ]] || { echo "Error: this changes something: $writes"; return 1; }
}

fresh() { : >"$work/calls"; }

off() { world on && ends 0 "Off." shutdown && is "$stopped"; }

off_again() { world off && fresh && ends 0 "already at zero" shutdown && only_looked; }

on() { world off && ends 0 "load balancer oxcart-demo: healthy" startup && is "1/2/3 available kept $kept"; }

on_again() { world on && fresh && ends 0 "Nodes: already 2" startup && only_looked; }

rehearsal() { world on && fresh && ends 0 "would run: aws rds stop-db-instance" shutdown --dry-run && only_looked && is "$running"; }

rehearsal_on() { world off && fresh && ends 0 "would run: aws rds start-db-instance" startup --dry-run && only_looked && is "$stopped"; }

stopping() {
    world on && fresh
    echo stopping >"$work/statuses"
    ends 0 "Database: already stopping" shutdown || return
    ! grep -q 'rds stop-db-instance' "$work/calls" || { echo "Error: it was told to stop again"; return 1; }
}

busy() {
    world on
    printf 'backing-up\nbacking-up\navailable\n' >"$work/statuses"
    ends 0 "waiting until it can be stopped" shutdown && is "$stopped"
}

still_stopping() {
    world off
    printf 'stopping\nstopping\nstopped\n' >"$work/statuses"
    ends 0 "waiting until it can be started" startup && is "1/2/3 available kept $kept"
}

too_long() {
    world on
    yes backing-up | head -n 200 >"$work/statuses"
    ends 1 "is still backing-up after 1 seconds" shutdown --timeout 1
    local result=$?
    : >"$work/statuses"
    return "$result"
}

gone() { world on && world lose-database && ends 1 "there is no database oxcart-demo-postgres" startup; }

replica() {
    world on && world copy-database && ends 1 "has 1 read replicas" shutdown
    local result=$?
    world drop-copy
    return "$result"
}

nothing_kept() {
    world off && world keep nonsense && ends 1 "is no size: nonsense" startup &&
        world forget && ends 1 "no size was kept" startup
}

wrong_account() {
    local keys
    keys=$(world other-account) || return
    read -r AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN <<<"$keys"
    export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
    fresh
    ends 2 "you are in account 210987654321; demo is in 123456789012" shutdown && only_looked &&
        ends 2 "you are in account 210987654321" startup && only_looked
}

wrong_region() { AWS_REGION=eu-west-1 ends 2 "your region is eu-west-1; demo is in us-east-1" shutdown; }

# A tree of its own, in which something of the demo is protected.
protected() { # file words refusal
    local tree=$work/protected
    rm -rf "$tree"
    mkdir -p "$tree"
    cp -r "$root/scripts" "$root/helm" "$root/argocd" "$tree"
    mkdir "$tree/terraform"
    cp -r "$root/terraform/envs" "$tree/terraform"
    printf '%s\n' "$2" >>"$tree/$1"
    : >"$work/calls"
    ends 2 "$3" "$tree/scripts/deploy.sh" down --env demo --yes && only_looked
}

prod() { ends 2 "add --allow-prod" "$scripts/shutdown-resources.sh" --env prod --yes; }

words() {
    ends 2 "--env is missing; there are: demo prod" "$scripts/shutdown-resources.sh" &&
        ends 2 "no environment nowhere" "$scripts/shutdown-resources.sh" --env nowhere &&
        ends 2 "unknown: --frobnicate" "$scripts/startup-resources.sh" --env demo --frobnicate &&
        ends 0 "scripts/startup-resources.sh --env demo" "$scripts/startup-resources.sh" --help
}

asks_first() {
    world on && fresh
    ends 2 "nothing was changed" "$scripts/shutdown-resources.sh" --env demo <<<"no" && only_looked && is "$running" &&
        ends 0 "Off." "$scripts/shutdown-resources.sh" --env demo --timeout 300 <<<"demo" && is "$stopped"
}

# Kubernetes, External Secrets, API, and whether they go together.
compatibility() {
    local kubernetes eso api wanted got
    while read -r kubernetes eso api wanted; do
        if "$scripts/preflight.sh" --compatible "$kubernetes" "$eso" "$api" >/dev/null; then got=yes; else got=no; fi
        [[ $got == "$wanted" ]] || { echo "Error: $kubernetes $eso $api: $got, not $wanted"; return 1; }
    done <<'TABLE'
1.29 0.9.20 v1beta1 yes
1.29 0.9.20 v1 no
1.29 0.19.2 v1 yes
1.29 0.20.0 v1 no
1.30 2.0.0 v1 no
1.31 0.20.0 v1 yes
1.34 0.16.2 v1beta1 yes
1.34 0.17.0 v1beta1 no
1.35 2.0.0 v1 yes
1.35 2.0.0 external-secrets.io/v1 yes
1.35 2.0.0 v1beta1 no
1.36 2.9.0 v1 yes
1.35 2.0.0 v1alpha1 no
1.35 latest v1 no
TABLE
}

preflight() { ends 0 "account 123456789012, region us-east-1" "$scripts/preflight.sh" --env demo; }

# The steps of a whole deployment, in order, and none of them taken.
whole_way() { # direction words...
    local direction=$1 said line last=0
    shift
    fresh
    said=$("$scripts/deploy.sh" "$direction" --env demo --yes --dry-run 2>&1) || { printf '%s\n' "$said"; return 1; }
    printf '%s\n' "$said"
    only_looked || return
    for words; do
        line=$(grep -nF -- "$words" <<<"$said" | awk -F: -v last="$last" '$1 > last { print $1; exit }')
        [[ -n $line ]] || { echo "Error: after line $last there is no: $words"; return 1; }
        last=$line
    done
    cmp -s "$root/terraform/envs/demo/services.tfvars" "$work/services.tfvars" || { echo "Error: services.tfvars was changed"; return 1; }
}

up() {
    whole_way up "platform apply" "services apply" "render-facts.sh" "bootstrap-argocd.sh" "cdn_enabled\\1= true" \
        "services apply" "smoke-test.sh"
}

down() {
    whole_way down "cdn_enabled\\1= false" "services apply" "delete application root" "delete application frontend backend" \
        "delete ingress" "services destroy" "platform destroy"
}

# The same sums, by other means.
sums() { "$python" "$checks/costs.py" "$root"; }

# A page that does what the shop must do, and one that does not.
smoke() {
    local port
    "$python" "$checks/pretend_shop.py" >"$work/port" &
    local shop=$!
    wait_for "the page" test -s "$work/port" || return
    port=$(<"$work/port")
    ends 0 "is well" "$scripts/smoke-test.sh" "http://127.0.0.1:$port" --timeout 0 &&
        ends 1 "FAIL health" "$scripts/smoke-test.sh" "$AWS_ENDPOINT_URL" --timeout 0 &&
        ends 2 "address is missing" "$scripts/smoke-test.sh"
    local result=$?
    kill "$shop"
    return "$result"
}

facts() {
    ends 1 "the outputs do not say enough" "$scripts/render-facts.sh" --env demo --git-url https://git.example/oxcart.git \
        --platform <(echo '{"environment":{"value":"demo"}}') --services <(echo '{}') --to "$work/facts.yaml" &&
        [[ ! -e $work/facts.yaml ]]
}

# From the root, because some name what they source from there.
lint() { cd "$root" && "$shellcheck" -x -P SCRIPTDIR scripts/*.sh scripts/checks/*.{sh,bash} scripts/checks/cluster/*.sh terraform/offline/{run,lib.bash}; }

proof "shellcheck" lint
proof "costs: sums, sizes and the page agree" sums
proof "preflight: which versions go together" compatibility
cp "$root/terraform/envs/demo/services.tfvars" "$work/services.tfvars"
start_moto
world make >"$work/world.log" 2>&1 || { echo "FAIL emulated account: $(tail -n 1 "$work/world.log")"; exit 1; }
proof "shutdown: nodes to zero, database stopped, size kept" off
proof "shutdown: a second time changes nothing" off_again
proof "startup: old sizes, database, healthy targets" on
proof "startup: a second time changes nothing" on_again
proof "shutdown --dry-run changes nothing" rehearsal
proof "startup --dry-run changes nothing" rehearsal_on
proof "shutdown: a stopping database is done" stopping
proof "shutdown: waits for a busy database" busy
proof "startup: waits for a stopping database" still_stopping
proof "shutdown: gives up after its time" too_long
proof "startup: says which database is missing" gone
proof "shutdown: leaves a database with replicas" replica
proof "startup: refuses a size that is none" nothing_kept
proof "refuses another account" wrong_account
proof "refuses another region" wrong_region
proof "refuses prod unless told" prod
proof "refuses words it does not know" words
proof "asks before it stops anything" asks_first
proof "render-facts: refuses half an answer" facts
proof "preflight: tools, files, versions, account" preflight
proof "deploy up: its steps in order" up
proof "deploy down: its steps in order" down
proof "deploy down: refuses while the cluster is protected" protected terraform/envs/demo/platform.tfvars 'deletion_protection = true' "demo is protected"
proof "deploy down: refuses while the load balancer is protected" protected helm/backend/values-demo.yaml $'ingress:\n  deletionProtection: true' "the load balancer of demo is protected"
proof "smoke test: tells a shop from something else" smoke
exit "$failed"
