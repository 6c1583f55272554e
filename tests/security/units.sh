#!/bin/sh
# Goal: what the services of a till and of head office could do to their machine is little, and their units
# say nothing that systemd does not understand (it would only warn, and go on without that line).
# Method: systemd's own judgement (0 is best, 10 worst) and its own reading of the shipped files.
# usage: units.sh TILLSIGHT SOURCE_DIR
set -eu
command -v systemd-analyze >/dev/null || {
  echo "skipped: needs systemd-analyze"
  exit 77
}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# understood UNIT: prints what systemd says of it.
understood() {
  systemd-analyze verify --man=no --recursive-errors=no "$1" 2>&1
}

# exposure UNIT
exposure() {
  systemd-analyze security --offline=true --no-pager "$1" 2>/dev/null |
    sed -n 's/.*exposure level for .*: \([0-9.]*\).*/\1/p'
}

met=yes
printf '[Service]\nExecStart=%s hub\n' "$1" >"$folder/bare.service"
bare=$(exposure "$folder/bare.service")
for unit in tillsight-till tillsight-hub; do
  sed "s|/usr/bin/tillsight |$1 |" "$2/systemd/$unit.service" >"$folder/$unit.service"
  said=$(understood "$folder/$unit.service") || met=no
  [ -z "$said" ] || { echo "$unit: $said"; met=no; }
  level=$(exposure "$folder/$unit.service")
  ok=$(echo "$level" | awk '{ print ($1 != "" && $1 <= 1.5) ? "yes" : "no" }')
  echo "FIGURE security.${unit#tillsight-}_exposure value=$level unit=of_10 goal=<=1.5 rival=bare_unit:$bare ok=$ok"
  [ "$ok" = yes ] || met=no
done
# The reading sees a slip of the pen.
sed 's/^ProtectClock=/ProtectClok=/' "$folder/tillsight-hub.service" >"$folder/slip.service"
[ -n "$(understood "$folder/slip.service" || true)" ] || { echo "a slip was not seen"; met=no; }
[ "$met" = yes ]
