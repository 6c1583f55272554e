#!/bin/sh
# Goal: the README's first command keeps its word. Method: the real binary, broker, network and photos,
# as a stranger would run them; its own last words are what must be true.
# usage: demo.sh TILLSIGHT SOURCE_DIR
set -eu
tillsight=$1
cd "$2"
photos=/usr/share/doc/opencv-doc/examples/data
[ -e "$photos/fruits.jpg" ] || photos=build/photos$photos
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

"$tillsight" demo --photos "$photos" --out "$folder/demo" >"$folder/said" || {
  cat "$folder/said" "$folder"/demo/*/log
  exit 1
}
cat "$folder/said"
grep -q "all 6 invoices are at head office, each once" "$folder/said"
grep -q "In all: invoices 6, customers 3, revenue_INR 1156.95" "$folder/said"
# Nothing that was started is left. The brackets keep the search from finding itself.
last=${folder#"${folder%?}"}
if grep -l "${folder%?}[$last]" /proc/[0-9]*/cmdline 2>/dev/null; then exit 1; fi
