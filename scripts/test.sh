#!/usr/bin/env bash
# The README's commands, in one profile.
set -euo pipefail
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
# Of all features, so that no test has to pass over one.
cargo fetch --locked
cargo run --locked --release -- compile samples/zhangshu-science-bureau/2023.yaml "$out/2023.pdf"
cargo test --locked --release
