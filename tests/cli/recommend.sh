#!/bin/sh
# Goal: `tillsight recommend` judges models by a history whose customers have tastes, and says what is missing where
# there is nothing to learn from.
# Method: the real binary on a made-up history, and on empty folders.
# usage: recommend.sh TILLSIGHT SOURCE_DIR
set -eu
tillsight=$1
source=$2
folder=$(mktemp -d)
hub_pid=
trap '[ -z "$hub_pid" ] || kill -KILL "$hub_pid"; rm -rf "$folder"' EXIT
hub=$folder/hub

fail() {
  echo "$1"
  exit 1
}
# refuses STATUS TEXT WORDS…
refuses() {
  status=$1
  text=$2
  shift 2
  got=0
  "$tillsight" "$@" >"$folder/out" 2>"$folder/error" || got=$?
  [ "$got" = "$status" ] || fail "$*: exit status $got, not $status: $(cat "$folder/error")"
  grep -q -- "$text" "$folder/error" || fail "$*: does not say '$text': $(cat "$folder/error")"
}

refuses 2 "holds no head-office database" recommend evaluate --data "$folder/nowhere"
(cd "$source" && "$tillsight" history generate "$folder/history.jsonl" --invoices 6000 >/dev/null 2>&1)
head -n 1 "$folder/history.jsonl" >"$folder/one.jsonl"
"$tillsight" import "$folder/one.jsonl" --data "$folder/small" >/dev/null 2>&1
refuses 2 "at least 5 days are needed" recommend evaluate --data "$folder/small"

"$tillsight" import "$folder/history.jsonl" --data "$hub" >/dev/null 2>&1
"$tillsight" recommend evaluate --data "$hub" >"$folder/table" 2>"$folder/error" || fail "$(cat "$folder/error")"
for word in "judged by" "all items: [0-9]* customers" "items new to the customer" "iALS" "EASE" "explicit ALS" \
  "recent popularity" "item neighbours" "bought before" "NDCG@20"; do
  grep -q -- "$word" "$folder/table" || fail "the table lacks '$word': $(cat "$folder/table")"
done
"$tillsight" recommend evaluate --data "$hub" --format csv >"$folder/csv" 2>/dev/null
value() {
  grep "^all,$1,.*NDCG@20" "$folder/csv" | sed 's/.*NDCG@20,//; s/,.*//'
}
# Whoever knows tastes guesses better than the list that is the same for everybody.
awk -v own="$(value iALS)" -v other="$(value popularity)" 'BEGIN { exit !(own > other) }' ||
  fail "iALS $(value iALS) is not better than popularity $(value popularity)"
"$tillsight" recommend evaluate --data "$hub" --leave-one-out --format csv 2>/dev/null | grep -q "^all,EASE,.*MRR" ||
  fail "leave-one-out has no MRR of EASE"

# What is trained is in use, shown, exported, taken back, and forgets who is erased.
refuses 2 "nothing was trained here yet" recommend show --data "$hub"
refuses 2 "nothing was trained here yet" recommend rollback --data "$hub"
refuses 2 "nothing was trained here yet" export recommendations --names --data "$hub"
refuses 2 "add --names" export recommendations --data "$hub"
refuses 2 "at least 5 days are needed" recommend train --data "$folder/small"
[ ! -e "$folder/small/recommend.db" ] || fail "a training that failed left a file"
"$tillsight" recommend train --data "$hub" >"$folder/trained" 2>&1 || fail "$(cat "$folder/trained")"
grep -q "version 1 is in use" "$folder/trained" || fail "$(cat "$folder/trained")"
"$tillsight" recommend train --new-items --data "$hub" | grep -q "version 2 is in use" || fail "no second version"
"$tillsight" recommend rollback --data "$hub" | grep -q "version 1 is in use again" || fail "not rolled back"
"$tillsight" recommend show --data "$hub" | grep -q "^\* version 1, .*" || fail "version 1 is not shown"
"$tillsight" export recommendations --names --data "$hub" >"$folder/lists" 2>/dev/null
head -n 1 "$folder/lists" | tr -d '\r' | grep -q "FirstName,LastName,PhoneNumber,recommended_item_1,.*,recommended_item_5$" ||
  fail "not the original's columns: $(head -n 1 "$folder/lists")"
customers=$(sqlite3 "$hub/hub.db" "SELECT count(DISTINCT customer) FROM invoice WHERE kind = 'sale'")
lists=$(($(wc -l <"$folder/lists") - 1))
[ "$lists" -gt 0 ] && [ "$lists" -le "$customers" ] || fail "$lists lists of $customers customers"
best=$("$tillsight" recommend show --customer nobody --limit 1 --data "$hub" | tail -n 1 | sed 's/  .*//')
sku=$("$tillsight" recommend show --customer nobody --limit 1 --data "$hub" | tail -n 1 | sed 's/.*  *//')
phone=$(sed -n 2p "$folder/lists" | cut -d, -f5)
item=$(sed -n 2p "$folder/lists" | cut -d, -f6)
"$tillsight" recommend show --phone "$phone" --data "$hub" | head -n 1 | grep -q "$item" || fail "show and export differ"
sqlite3 "$hub/persons.db" "SELECT what FROM person_read" | grep -q "recommend show" || fail "the reading is not on record"
"$tillsight" customer erase --phone "$phone" --data "$hub" >/dev/null
! "$tillsight" export recommendations --names --data "$hub" 2>/dev/null | grep -q "$phone" || fail "erased, but exported"
[ "$(sqlite3 "$hub/recommend.db" "SELECT count(DISTINCT customer) FROM recommended WHERE customer <> ''")" = $((lists - 1)) ] ||
  fail "erased, but in recommend.db"

# Rules hold wherever lists are read, from the hub's start on; at its time the hub trains by itself, and a stop ends it.
cat >"$folder/hub.toml" <<SETTINGS
[hub]
data = "hub"
[web]
port = 0
[mqtt]
port = 1
[recommend]
train_at = "03:30"
without_items = ["$sku"]
SETTINGS
start_hub() {
  "$tillsight" hub --config "$folder/hub.toml" >"$folder/hub.log" 2>&1 &
  hub_pid=$!
}
stop_hub() {
  kill -TERM "$hub_pid"
  wait "$hub_pid" || fail "the hub did not end well: $(cat "$folder/hub.log")"
  hub_pid=
}
# until COMMAND…: tried for at most two minutes
until_so() {
  deadline=$(($(date +%s) + 120))
  until "$@" >/dev/null 2>&1; do
    [ "$(date +%s)" -lt "$deadline" ] || fail "never so: $*: $(cat "$folder/hub.log" "$hub/training.json" "$hub/training.log" 2>&1)"
    sleep 0.1
  done
}
long_ago=$((($(date +%s) - 200000) * 1000))
echo "{\"since_ms\": $long_ago, \"began_ms\": null, \"ended_ms\": null, \"failed\": false, \"said\": \"\", \"running_ms\": null}" >"$hub/training.json"
runs() { grep -q '"running_ms": [0-9]' "$hub/training.json"; }
start_hub
until_so runs
stop_hub
grep -q '"running_ms": null' "$hub/training.json" || fail "stopped, but running: $(cat "$hub/training.json")"
grep -q '"began_ms": null' "$hub/training.json" || fail "stopped, but done: $(cat "$hub/training.json")"
"$tillsight" recommend show --data "$hub" | grep -q "^\* version 1, " || fail "a stopped training changed what is in use"
! "$tillsight" recommend show --customer nobody --limit 10 --data "$hub" | grep -q " $sku" || fail "$sku is left out, but shown"
! "$tillsight" export recommendations --names --data "$hub" 2>/dev/null | grep -q "$best," || fail "$best is left out, but exported"
trained() { grep -q '"ended_ms": [0-9]' "$hub/training.json"; }
start_hub
until_so trained
stop_hub
grep -q '"said": "version 3 is in use' "$hub/training.json" || fail "not trained: $(cat "$hub/training.json")"
grep -q "recommend: trained: version 3" "$folder/hub.log" || fail "the log says nothing of it: $(cat "$folder/hub.log")"
[ "$(sqlite3 "$hub/recommend.db" "SELECT count(*) FROM recommended JOIN item ON item.version = recommended.version AND number = recommended.item WHERE item.version = 3 AND sku = '$sku'")" = 0 ] ||
  fail "$sku is left out, but in a new list"
