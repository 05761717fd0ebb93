#!/bin/sh
# What the pipelines run, in the folder of the configuration, with Terraform (or what TERRAFORM names) and jq 1.6 or newer on the machine.
#
#   drift.sh detect   plans without a lock, changes nothing, and writes a summary to drift.md.
#                     It ends with 0 when there is nothing to apply, with 2 when there is, with 1 when that could not be found out.
#   drift.sh apply    plans, and applies that plan if the policy allows it.
#                     It ends with 0 when it is applied, with 3 when the policy refuses it, with 1 when something failed.
set -eu
umask 077

terraform=${TERRAFORM:-terraform}
rules=$(dirname "$0")

# The plan holds addresses of e-mail and values of variables, secret ones too: only the summary is left behind.
trap 'rm -f drift.tfplan drift.json drift.part' EXIT
trap 'exit 1' HUP INT TERM
rm -f drift.md drift.tfplan drift.json drift.part

# fail ends with 1, whatever the command that failed ended with: 2 and 3 have a meaning here.
fail() {
  printf '# The run failed\n\n%s: whether access has drifted is not known. The log of the job says why.\n' "$1" >drift.md
  echo "drift.sh: $1" >&2
  exit 1
}

# plan makes a plan and its summary. $code is 0 or, with changes, 2.
plan() {
  "$terraform" init -input=false -no-color || fail 'terraform init failed'
  code=0
  "$terraform" plan -detailed-exitcode -input=false -no-color -out=drift.tfplan "$@" || code=$?
  case $code in
  0 | 2) ;;
  *) fail 'terraform plan failed' ;;
  esac
  "$terraform" show -json -no-color drift.tfplan >drift.json || fail 'the plan could not be read'
  jq -nr -L "$rules" --argjson code "$code" -f "$rules/summary.jq" drift.json >drift.part || fail 'the summary could not be made'
  mv drift.part drift.md
}

# check adds to the summary what the policy says. $verdict is 0 or, where it refuses, 3.
check() {
  verdict=0
  jq -nr -L "$rules" --slurpfile platform "$rules/platform.json" -f "$rules/policy.jq" drift.json >drift.part 2>&1 || verdict=$?
  read -r said <drift.part || said=
  case $verdict,$said in # jq ends with 3 too when the policy is no program
  '0,The policy allows this plan:'* | '3,The policy refuses this plan:'*) printf '\n## Policy\n\n' | cat - drift.part >>drift.md ;;
  *) cat drift.part >&2 && fail 'the policy could not be checked' ;;
  esac
}

command -v jq >/dev/null || fail 'jq is missing'
case ${1:-} in
detect)
  plan -lock=false
  if [ "$code" -eq 2 ]; then check; fi
  cat drift.md
  exit "$code"
  ;;
apply)
  plan
  check
  cat drift.md
  if [ "$verdict" -ne 0 ]; then exit "$verdict"; fi
  "$terraform" apply -input=false -no-color drift.tfplan || fail 'terraform apply failed'
  ;;
*) fail 'say detect or apply' ;;
esac
