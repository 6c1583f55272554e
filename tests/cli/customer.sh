#!/bin/sh
# Goal: `tillsight customer` shows and exports what head office knows of somebody, on record, and erases them.
# Method: the real binary on a made-up history: with the hub stopped, and its files read as bytes.
# usage: customer.sh TILLSIGHT SOURCE_DIR
set -eu
tillsight=$1
source=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
hub=$folder/hub
cd "$source"
"$tillsight" history generate "$folder/h.jsonl" --invoices 400 --customers 20 --from 2022-01-01 --to 2022-02-28 >/dev/null
"$tillsight" import "$folder/h.jsonl" --data "$hub" >/dev/null 2>&1

fail() { echo "$*: $(cat "$folder/out" "$folder/err")"; exit 1; }
# customer WORDS…
customer() { "$tillsight" customer "$@" --data "$hub" >"$folder/out" 2>"$folder/err"; }
says() { grep -qF -e "$1" "$folder/out" "$folder/err" || fail "did not say '$1'"; }

"$tillsight" report top-customers --limit 1 --format csv --data "$hub" >"$folder/top"
phone=$(tail -n 1 "$folder/top" | cut -d, -f3)
name=$(tail -n 1 "$folder/top" | cut -d, -f1)
invoices=$(tail -n 1 "$folder/top" | cut -d, -f4)

customer show --phone "$phone" || fail show
says "$name"
says "sales      $invoices for "
echo "$phone" | customer export --phone - || fail export
[ "$(grep -cF '"kind": "sale"' "$folder/out")" -ge "$invoices" ] || fail "export lacks invoices"
reads=$(sqlite3 -readonly "$hub/persons.db" "SELECT group_concat(what) FROM person_read")
[ "$reads" = "customer show,customer export" ] || fail "on record: $reads"

customer show --phone "12 banana" && fail "took a word for a phone"
[ "$(wc -l <"$folder/err")" = 1 ] || fail "more than a line"
before=$("$tillsight" report customers-by-month --format csv --data "$hub")

customer erase --phone "$phone" || fail erase
says "invoices are nobody's now"
grep -rqF -e "$phone" "$hub" && fail "the phone is still there"
customer show --phone "$phone" && fail "shown after it was erased"
says "nobody has this phone here"
after=$("$tillsight" report customers-by-month --format csv --data "$hub")
[ "$before" = "$after" ] || fail "the months changed: $after"
"$tillsight" hub rebuild --data "$hub" >/dev/null || fail "not what the events say"
