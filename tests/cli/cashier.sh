#!/bin/sh
# Goal: `tillsight cashier` says who may sign in, keeps PINs to itself, and tells who types nonsense what to do.
# Method: the real binary and a settings file, as the keeper of a shop would use them from a script.
# usage: cashier.sh TILLSIGHT SOURCE_DIR
set -eu
tillsight=$1
source=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/till.toml" <<END
[store]
id = "S01"
[till]
id = "T01"
[camera]
source = "still:$folder/view.jpg"
[detector]
model = "$source/models/manifest.toml"
[catalogue]
file = "$source/config/catalogue.csv"
[journal]
file = "till.db"
[mqtt]
host = "127.0.0.1"
END

# cashier PIN WORDS…: runs the command with PIN on standard input.
cashier() {
  pin=$1
  shift
  printf '%s\n' "$pin" | "$tillsight" cashier "$@" --config "$folder/till.toml" >"$folder/out" 2>"$folder/err"
}
# works "WHAT IS SAID" PIN WORDS…
works() {
  wanted=$1
  shift
  cashier "$@" || { echo "$*: failed: $(cat "$folder/err")"; exit 1; }
  grep -qF -e "$wanted" "$folder/out" || { echo "$*: said: $(cat "$folder/out")"; exit 1; }
}
# fails STATUS "WHAT IS SAID" PIN WORDS…
fails() {
  status=$1
  wanted=$2
  shift 2
  got=0
  cashier "$@" || got=$?
  [ "$got" = "$status" ] || { echo "$*: status $got, not $status: $(cat "$folder/out" "$folder/err")"; exit 1; }
  grep -qF -e "$wanted" "$folder/err" || { echo "$*: said: $(cat "$folder/err")"; exit 1; }
  [ "$(grep -cvF "Run with --help" "$folder/err")" = 1 ] || { echo "$*: more than a line"; exit 1; }
}
# lists "LINE" …: exactly these, blanks apart.
lists() {
  cashier "" list
  tr -s ' ' <"$folder/out" >"$folder/list"
  printf '%s\n' "$@" | diff - "$folder/list" || exit 1
}

lists_nobody() {
  cashier "" list
  [ ! -s "$folder/out" ]
}

lists_nobody
works "Meera may sign in as clerk" 4711 add Meera
works "Farah Khan may sign in as supervisor" 471147 add "Farah Khan" --role supervisor
lists "clerk Meera" "supervisor Farah Khan"

# Whoever may not, and why.
fails 2 "4 to 12 digits" 123 add Ravi
fails 2 "4 to 12 digits" abcd add Ravi
fails 2 "4 to 12 digits" 1234567890123 add Ravi
fails 2 "6 to 12 digits" 9999 add Ravi --role supervisor
fails 2 "somebody" 4711 add Ravi
fails 2 "Meera" 8888 add Meera
fails 2 "Nobody" 8888 pin Nobody
fails 2 "Nobody" "" disable Nobody
fails 2 "--role" 8888 add Ravi --role owner
fails 2 "NAME" 8888 add
got=0
"$tillsight" cashier add Ravi --config "$folder/till.toml" </dev/null 2>"$folder/err" || got=$?
[ "$got" = 2 ]
grep -qF "no PIN came on standard input" "$folder/err"
lists "clerk Meera" "supervisor Farah Khan"

# A new PIN, and an end.
works "Meera has a new PIN" 8888 pin Meera
fails 2 "6 to 12 digits" 1234 pin "Farah Khan"
works "Ravi may sign in as clerk" 4711 add Ravi # Meera's old one is free
works "Meera may sign in no more" "" disable Meera
lists "clerk disabled Meera" "supervisor Farah Khan" "clerk Ravi"

# The book is its user's alone, and no PIN stands in it.
book=$folder/cashiers.json
[ "$(stat -c %a "$book")" = 600 ]
if grep -qE '4711|8888' "$book"; then exit 1; fi
