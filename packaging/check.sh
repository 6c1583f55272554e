#!/usr/bin/env bash
# Goal: the packages do to a box what their user expects, and nothing else. Method: a Debian as it comes from
# its mirror, and apt and dpkg themselves: install, upgrade, refused downgrade, remove, purge.
# usage (as root): packaging/check.sh FOLDER_OF_PACKAGES FOLDER_OF_LOGS
set -euo pipefail

packages=$(realpath "$1") logs=$(realpath -m "$2")
root=$(mktemp -d)
finish() {
  umount "$root/proc" 2>/dev/null || true
  rm -rf --one-file-system "$root"
}
trap finish EXIT
mkdir -p "$logs"
log=$logs/package-check.log
: >"$log"
inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
say() { printf '  %s\n' "$*"; }
refuse() { printf 'packaging/check.sh: %s; see %s\n' "$*" "$log" >&2; exit 1; }
must() { "$@" >>"$log" 2>&1 || refuse "failed: $*"; }
must_not() { if "$@" >>"$log" 2>&1; then refuse "did not fail: $*"; fi; }

must mmdebstrap --variant=apt --include=systemd,ca-certificates bookworm "$root" \
  "${TILLSIGHT_MIRROR:-http://deb.debian.org/debian}"
mount -t proc proc "$root/proc"
cp /etc/resolv.conf "$root/etc/resolv.conf"
must inside apt-get update
mkdir "$root/packages"
cp "$packages"/*.deb "$root/packages"
main=$(basename "$packages"/tillsight_*.deb) model=$(basename "$packages"/tillsight-model_*.deb)

before=$(du -sm "$root/usr" | cut -f1)
must inside apt-get install -y --no-install-recommends "/packages/$main" "/packages/$model"
say "installed: $(($(du -sm "$root/usr" | cut -f1) - before)) MB with everything that they depend on"
must inside tillsight --version
must inside getent passwd tillsight
for unit in tillsight-till tillsight-hub; do
  [ "$(inside systemctl is-enabled $unit.service)" = enabled ] || refuse "$unit is not enabled"
done
say "user made, both services enabled"

# A box is provisioned, and the services' user can read what is its own.
must inside tillsight provision hub --host hub.example.org
must inside tillsight provision till --store S01 --till T01 --out /root/S01-T01
[ "$(inside stat -c %U:%a /etc/tillsight/hub.key)" = tillsight:600 ] || refuse "hub.key is not the service's"
must_not inside runuser -u tillsight -- cat /etc/tillsight/authority/ca.key
inside grep -q '^model = "/usr/share/tillsight/models/manifest.toml"' /root/S01-T01/till.toml ||
  refuse "a till's settings do not name the packaged network"
say "provisioned: head office's keys are the service's, the authority is root's"

# What a till wrote stays, whatever becomes of the program.
install -d "$root/var/lib/tillsight" && echo sold >"$root/var/lib/tillsight/kept"
next=$root/packages/next.deb
dpkg-deb -R "$packages/$main" "$root/unpacked"
sed -i 's/^Version: .*/Version: 99.0/' "$root/unpacked/DEBIAN/control"
sed -i 's/^\(.*compare-versions.*gt \)".*"/\1"99.0"/' "$root/unpacked/DEBIAN/preinst"
dpkg-deb --root-owner-group -b "$root/unpacked" "$next" >>"$log"
must inside dpkg -i /packages/next.deb
grep -q sold "$root/var/lib/tillsight/kept" || refuse "an upgrade took what was sold"
must_not inside dpkg -i "/packages/$main"
grep -q "databases are not read by" "$log" || refuse "a downgrade was refused without a reason"
say "upgraded with what was sold; a downgrade is refused, and says why"
must inside apt-get remove -y tillsight
must inside dpkg -i "/packages/$main"
must inside apt-get purge -y tillsight tillsight-model
[ ! -e "$root/usr/bin/tillsight" ] && [ ! -e "$root/usr/share/tillsight" ] || refuse "purge left the program"
grep -q sold "$root/var/lib/tillsight/kept" || refuse "purge took what was sold"
say "removed and purged: the program is gone, what was sold and the keys are not"
