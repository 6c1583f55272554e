#!/bin/sh
# Goal: `tillsight recommend benchmark` finds what customers like in both public forms, chooses its settings without
# the test, and names what is wrong with a file.
# Method: the real binary on small made-up sets, whole and damaged.
# usage: recommend_benchmark.sh TILLSIGHT
set -eu
tillsight=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

fail() {
  echo "$1"
  exit 1
}
# 120 customers like one of five kinds of 100 items each; every fifth item of theirs is kept for the test.
awk 'BEGIN {
  srand(3)
  for (u = 0; u < 120; ++u) {
    train = test = u
    for (i = u % 5; i < 100; i += 5) {
      if (rand() < 0.2) { test = test " " i; print "u" u ",i" i ",5" > "test.csv" }
      else if (rand() < 0.9) { train = train " " i; print "u" u ",i" i ",4" > "train.csv" }
      else print "u" u ",i" (i + 1) % 100 ",1" > "train.csv"
    }
    print train > "train.txt"
    print test > "test.txt"
  }
}'
# recall FILE: the first figure of the table.
recall() { awk '/^of all in the test/ { print $6 }' "$1"; }

"$tillsight" recommend benchmark --train train.txt --test test.txt --rank 8 --threads 2 >answer 2>error ||
  fail "lists: $(cat error)"
[ ! -s error ] || fail "a bar in a pipe: $(cat error)"
grep -q '120 customers, 100 items;' answer || fail "lists: $(cat answer)"
awk -v recall="$(recall answer)" 'BEGIN { exit !(recall > 0.9 && recall <= 1) }' || fail "lists: $(cat answer)"
grep -Eq '^[0-9.]+ s an iteration; at most [0-9]+ MB of memory$' answer || fail "lists: $(cat answer)"

"$tillsight" recommend benchmark --train train.csv --test test.csv --rank 8 --min-rating 4 >answer 2>error ||
  fail "ratings: $(cat error)"
grep -q '^left out: [1-9][0-9]* pairs rated lower' answer || fail "ratings: $(cat answer)"
awk -v recall="$(recall answer)" 'BEGIN { exit !(recall > 0.9) }' || fail "ratings: $(cat answer)"

# What the test says may not change what is chosen.
chosen() { sed -n '/unobserved weight/p' answer; }
"$tillsight" recommend benchmark --train train.txt --test test.txt --rank 8 >answer 2>error
first=$(chosen)
head -n 20 test.txt >other.txt
"$tillsight" recommend benchmark --train train.txt --test other.txt --rank 8 >answer 2>error
[ -n "$first" ] && [ "$first" = "$(chosen)" ] || fail "chosen by the test: $first / $(chosen)"

# refused WORDS FILE MORE…: exits with 2 and says so in one line.
refused() {
  words=$1
  train=$2
  shift 2
  status=0
  "$tillsight" recommend benchmark --train "$train" --test test.txt "$@" >answer 2>error || status=$?
  [ "$status" = 2 ] || fail "$words: ended with $status: $(cat answer error)"
  [ "$(wc -l <error)" = 1 ] && grep -q "$words" error || fail "$words: $(cat error)"
}
{ head -n 3 train.txt; echo '3 4 five'; } >damaged.txt
: >empty.txt
seq 10 >nothing.txt
head -c 4000 "$tillsight" >binary.txt
refused 'damaged.txt:4: ' damaged.txt
refused 'empty.txt: is empty' empty.txt
refused 'nothing.txt: has no pair' nothing.txt
refused 'binary.txt:' binary.txt
refused 'none.txt: cannot be read' none.txt
refused 'rank 0' train.txt --rank 0
refused 'rank 121' train.txt --rank 121
