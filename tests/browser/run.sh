#!/bin/sh
# run.sh TILLSIGHT SOURCE BUILD SCRIPT: runs a test in Chromium; 77 where there is none.
export TILLSIGHT="$1" SOURCE="$2" BUILD="$3"
CHROMIUM=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || CHROMIUM=
export CHROMIUM
here="$SOURCE/tests/browser"
skip() { echo "skipped: $1; ./dev test installs it"; exit 77; }
[ -n "$CHROMIUM" ] || skip "there is no Chromium"
command -v node >/dev/null || skip "there is no node"
[ -d "$here/node_modules/playwright-core" ] && [ -d "$here/node_modules/@apidevtools" ] || skip "npm ci has not run in tests/browser"
photos=/usr/share/doc/opencv-doc/examples/data/fruits.jpg
[ -e "$photos" ] || [ -e "$SOURCE/build/photos$photos" ] || skip "there are no photos"
case "$4" in
  *_test.mjs) exec node --test --test-reporter=spec "$here/$4" ;;
  *) exec node "$here/$4" ;;
esac
