#!/usr/bin/env bash
# In Chromium the page of `nianbao serve` does what clerks need: the tests of tests/browser.
set -euo pipefail
install() {
  local sudo=
  [ "$(id -u)" -eq 0 ] || sudo=sudo
  { $sudo apt-get update -qq && $sudo apt-get install -y -qq --no-install-recommends "$@"; } >/dev/null
}
chromium=${CHROMIUM:-$(command -v chromium || command -v google-chrome || true)}
if [ -z "$chromium" ]; then
  install chromium
  chromium=/usr/bin/chromium
fi
# Without a Chinese font the browser draws boxes, and the layout that the tests measure is another.
command -v fc-list >/dev/null || install fontconfig
[ -n "$(fc-list :lang=zh)" ] || install fonts-wqy-microhei
# The packages stay outside the clone, and are installed again only when the lock is another.
tests=$PWD/tests/browser
cache=${XDG_CACHE_HOME:-$HOME/.cache}/nianbao/browser
mkdir -p "$cache"
if ! cmp -s "$tests/package-lock.json" "$cache/node_modules/installed.json"; then
  cp "$tests"/package*.json "$cache"
  npm ci --prefix "$cache" --no-audit --no-fund --silent
  cp "$tests/package-lock.json" "$cache/node_modules/installed.json"
fi
ln -sfn "$cache/node_modules" "$tests/node_modules"
cargo build --locked --release --quiet
CHROMIUM=$chromium node --test --test-concurrency=2 "$tests"/*.test.mjs
