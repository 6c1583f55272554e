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
grep -q "all 7 invoices are at head office, each once" "$folder/said"
# A regular of the made-up year, named by head office; and what the model has for them was offered.
grep -q "head office answers: .*, who may want" "$folder/said"

# The day's revenue at head office is what the seven receipts say.
sum=$(awk '$1 == "TOTAL" { sum += $NF } END { printf "%.2f", sum }' "$folder/said")
grep -q "In all: invoices 7, customers 4, revenue_INR $sum" "$folder/said"
# Till and hub spoke over TLS, by the names in their certificates, and no secret is in a log.
grep -q "as S01/T01 (p5.*u'S01/T01')" "$folder/demo/broker/log"
grep -q "as hub (p5.*u'hub')" "$folder/demo/broker/log"
for secret in office/chain.key office/hub.key office/authority/ca.key T01/keys/till.key; do
  if grep -F "$(grep -v -e ----- "$folder/demo/$secret" | head -n 1)" "$folder/said" "$folder"/demo/*/log
  then exit 1; fi
done
# Nothing that was started is left. The brackets keep the search from finding itself.
last=${folder#"${folder%?}"}
if grep -l "${folder%?}[$last]" /proc/[0-9]*/cmdline 2>/dev/null; then exit 1; fi
