#!/bin/bash
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Segue authors
# Units and users as systemd sees them: it exits with 0 on warnings too, so that it must say nothing.
# usage: check-systemd.sh SEGUED SYSTEM_UNIT USER_UNIT SYSUSERS_CONF      Prints TAP.
set -u
segued=$(realpath "$1") system_unit=$2 user_unit=$3 sysusers=$4
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
number=0

# result TEXT COMPLAINT: one line of TAP, good if there is no complaint
result()
{
  number=$((number + 1))
  if [ -z "$2" ]; then
    echo "ok $number $1"
  else
    echo "not ok $number $1"
    sed 's/^/# /' <<< "$2"
  fi
}

# verify KIND UNIT: the unit as it would be if the daemon were installed where it was built
verify()
{
  mkdir -p "$folder/$1"
  sed "s|^ExecStart=[^ ]*|ExecStart=$segued|" "$2" > "$folder/$1/segued.service"
  XDG_RUNTIME_DIR=$folder systemd-analyze verify "--$1" --man=no --recursive-errors=no \
    "$folder/$1/segued.service" 2>&1 || echo "exit status $?"
}

echo 1..5
result "the system unit is sound" "$(verify system "$system_unit")"
result "the user unit is sound" "$(verify user "$user_unit")"

complaint=
for unit in "$system_unit" "$user_unit"; do
  grep -q '^Type=notify$' "$unit" || complaint+="$unit is not of Type=notify; "
  if grep -q 'network' <(grep -E '^(After|Wants|Requires)=' "$unit"); then
    complaint+="$unit waits for the network; "
  fi
done
result "the units get ready without the network" "$complaint"

made=$(systemd-sysusers --dry-run --root="$folder" "$(realpath "$sysusers")" 2>&1)
complaint=
grep -q "user 'segue'" <<< "$made" || complaint="no user segue in: $made"
result "the user can be made" "$complaint"

# what is left are networks, sound cards and their group, and the root file system
rated=$(systemd-analyze security --offline=true --threshold=13 --no-pager \
  "$folder/system/segued.service" 2>&1) && complaint= || complaint=$rated
result "the system unit is exposed by 1.3 at most" "$complaint"
