#!/usr/bin/env bash
# A Debian 12 root of another architecture to compile against: unpacked, nothing of it run, so it takes
# seconds and no emulation. Kept under a name of its packages: other packages, another root.
#
# usage: toolchains/sysroot.sh arm64|armhf FOLDER   (prints the root's path on the last line)
set -euo pipefail

arch=$1 folder=$2
case $arch in
  arm64) triplet=aarch64-linux-gnu ;;
  armhf) triplet=arm-linux-gnueabihf ;;
  *) echo "sysroot.sh: '$arch' is neither arm64 nor armhf" >&2; exit 2 ;;
esac
packages=(
  libc6-dev libstdc++-12-dev libgcc-12-dev libopencv-dev libevdev-dev libpango1.0-dev libsqlite3-dev
  libmosquitto-dev libssl-dev libmicrohttpd-dev zlib1g-dev libsystemd-dev libeigen3-dev
  libtomlplusplus-dev nlohmann-json3-dev libsimdjson-dev libcsv-dev libcli11-dev libspdlog-dev
  libfmt-dev libhowardhinnant-date-dev tzdata libutf8proc-dev libphonenumber-dev libgtest-dev
  libgmock-dev libbenchmark-dev
)
root=$folder/$arch-$(printf '%s\n' "${packages[@]}" | sha256sum | cut -c1-12)

# relative_links: an absolute link would lead out of the root.
relative_links() {
  local link to
  find "$1" -type l -lname '/*' -printf '%p\t%l\n' 2>/dev/null | while IFS=$'\t' read -r link to; do
    ln -sfn "$(realpath -m --relative-to="$(dirname "$link")" "$1$to")" "$link"
  done
}

if [ ! -e "$root/.complete" ]; then
  rm -rf "$root"
  mkdir -p "$folder"
  mmdebstrap --variant=extract --arch="$arch" \
    --hook-dir=/usr/share/mmdebstrap/hooks/merged-usr --aptopt='Apt::Install-Recommends "0"' \
    --include="$(IFS=,; echo "${packages[*]}")" bookworm "$root" "${TILLSIGHT_MIRROR:-http://deb.debian.org/debian}" >&2
  # Which BLAS it is, packages decide when they are configured; these are not.
  for library in blas lapack; do
    ln -sfn "$library/lib$library.so.3" "$root/usr/lib/$triplet/lib$library.so.3"
  done
  relative_links "$root"
  touch "$root/.complete"
fi
echo "$root"
