#!/bin/sh
# Goal: with the shipped drop-in Mosquitto's service can do little harm to its machine.
# Method: systemd's own judgement of Debian's unit, without it and with it (0 is best, 10 worst).
# usage: hardening.sh SOURCE_DIR
set -eu
unit=/lib/systemd/system/mosquitto.service
command -v systemd-analyze >/dev/null && [ -e "$unit" ] || {
  echo "skipped: needs systemd-analyze and $unit"
  exit 77
}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
exposure() {
  systemd-analyze security --offline=true --no-pager "$folder/mosquitto.service" 2>/dev/null |
    sed -n 's/.*exposure level for mosquitto.service: \([0-9.]*\).*/\1/p'
}
cp "$unit" "$folder"
before=$(exposure)
mkdir "$folder/mosquitto.service.d"
cp "$1/config/mosquitto/hardening.conf" "$folder/mosquitto.service.d"
after=$(exposure)
ok=$(echo "$before $after" | awk '{ print ($1 > 9 && $2 != "" && $2 <= 1.5) ? "yes" : "no" }')
echo "FIGURE security.broker_exposure value=$after unit=of_10 goal=<=1.5 rival=debian:$before ok=$ok"
[ "$ok" = yes ]
