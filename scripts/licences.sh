#!/usr/bin/env bash
# The licences, versions and sources of all dependencies are those that deny.toml allows, and the
# fonts are the files that fonts/SHA256SUMS names.
set -euo pipefail
(cd fonts && sha256sum --quiet --check SHA256SUMS)
if ! command -v cargo-deny >/dev/null; then
  env -u CARGO_TARGET_DIR cargo install --quiet --locked cargo-deny
fi
cargo deny --locked --log-level error check licenses bans sources
# What the feature `cloud` brings may ask over a network; the program without it may not.
cargo deny --locked --log-level error --features cloud check licenses sources
