#!/bin/sh
# Goal: `tillsight query` answers what sqlite3 answers from the views, in every form, with its files, without them
# and with damaged ones, and tells who asks nonsense what is known.
# Method: the real binary on a made-up history, beside the sqlite3 shell.
# usage: query.sh TILLSIGHT SOURCE_DIR
set -eu
tillsight=$1
source=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
hub=$folder/hub
(cd "$source" && "$tillsight" history generate "$folder/history.jsonl" --invoices 25000 >/dev/null 2>&1)
"$tillsight" import "$folder/history.jsonl" --data "$hub" >/dev/null 2>&1

fail() {
  echo "$1"
  exit 1
}
# same NAME SQL WORDS…: the query's CSV, without its header and in any order, is what sqlite3 says.
same() {
  name=$1
  sqlite3 -readonly -csv "$hub/hub.db" "$2" | tr -d '\r"' | sort >"$folder/expected"
  shift 2
  "$tillsight" query --data "$hub" --format csv "$@" >"$folder/answer" 2>"$folder/error" ||
    fail "$name: $(cat "$folder/error")"
  tail -n +2 "$folder/answer" | tr -d '"' | sort >"$folder/found"
  cmp "$folder/expected" "$folder/found" || fail "$name: differs"
}
money="printf('%.2f', sum(iif(kind = 'refund', -gross, gross)) / 100.0)"
ask_all() {
  same "$1 items" "SELECT item, sum(iif(kind = 'refund', -quantity, quantity)), $money FROM v_lines
    WHERE kind <> 'void' GROUP BY item" --by item --sum quantity,gross
  same "$1 months" "SELECT substr(date, 1, 7), count(*) FILTER (WHERE kind = 'sale'),
    count(DISTINCT customer) FILTER (WHERE kind = 'sale') FROM v_invoices GROUP BY 1" \
    --by month --count invoices,customers
  same "$1 conditions" "SELECT store, till, $money FROM v_invoices WHERE kind <> 'void' AND time >= '17'
    AND weekday IN ('Saturday', 'Sunday') AND date BETWEEN '2019-02-01' AND '2020-01-31' GROUP BY 1, 2" \
    --by till --sum gross --where 'hour>=17' --where 'weekday in Saturday,Sunday' \
    --from 2019-02-01 --to 2020-01-31
}
[ ! -e "$hub/columns" ] || fail "an import made files"
ask_all "the first time"
[ -e "$hub/columns/manifest" ] || fail "what had much to read wrote no files"
ask_all "from the files"
for file in "$hub"/columns/*.segment; do
  printf x | dd of="$file" bs=1 seek=3000 conv=notrunc 2>/dev/null
done
ask_all "from damaged files"
rm -r "$hub/columns"
ask_all "without files"

"$tillsight" query --data "$hub" --by year --format json >"$folder/answer"
grep -q '"totals":{"gross":"[0-9.]*","invoices":[0-9]*,"synthetic":[0-9]*}' "$folder/answer" ||
  fail "the JSON has no totals"
"$tillsight" query --data "$hub" --by item --order gross:desc --limit 3 >"$folder/answer"
[ "$(grep -c '^[A-Z].* [0-9]' "$folder/answer")" -ge 3 ] || fail "the table has no three rows"

# refused PATTERN WORDS…: exit status 2 and one line that says why.
refused() {
  pattern=$1
  shift
  status=0
  "$tillsight" query --data "$hub" "$@" >"$folder/answer" 2>"$folder/error" || status=$?
  [ "$status" = 2 ] || fail "query $*: status $status"
  grep -q -- "$pattern" "$folder/error" || fail "query $*: $(cat "$folder/error")"
  [ "$(wc -l <"$folder/error")" = 1 ] || fail "query $*: more than one line"
}
refused "--by: 'colour' is no dimension; known are store" --by colour
refused "--where: 'shape' is no dimension" --where shape=round
refused "'shoes' cannot be counted" --count shoes
refused "cannot order by 'profit'; the columns are" --order profit
refused "the first day is after the last" --from 2020-01-02 --to 2020-01-01
refused "'2020-02-30'" --from 2020-02-30
refused "at least 1" --limit 0
