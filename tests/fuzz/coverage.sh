#!/usr/bin/env bash
# How much of the decoders the corpus reaches: runs PROGRAM, whose decoders are instrumented, and asks
# gcov for the lines of the decoders' own files. OBJECTS is the folder of PROGRAM's object files.
set -euo pipefail
program=$1 objects=$2 gcov=$3
goal=90

find "$objects" -name '*.gcda' -delete
"$program" --gtest_brief=1 >/dev/null

lines=$(mktemp -d)
trap 'rm -rf "$lines"' EXIT
cd "$lines"
find "$objects" -name '*.gcda' -print0 | xargs -0 "$gcov" --no-output >report

# Two lines a file: File '…', Lines executed:93.10% of 58. Headers and tests do not count.
awk -F"'" -v goal=$goal '
  /^File / { file = ($2 ~ /src\/.*\.cpp$/ && $2 !~ /tests\//) ? $2 : "" }
  /^Lines executed:/ && file != "" {
    split($0, part, /[:% ]+/)
    printf "%6.1f %% of %4d  %s\n", part[3], part[5], file
    covered += part[3] / 100 * part[5]; all += part[5]; file = ""
  }
  END {
    if (all == 0) { print "no decoder was instrumented"; exit 1 }
    share = 100 * covered / all
    printf "FIGURE security.decoder_lines_reached value=%.1f unit=percent_of_%d_lines goal=>=%d ok=%s\n",
           share, all, goal, (share >= goal) ? "yes" : "no"
    exit (share < goal)
  }' report
