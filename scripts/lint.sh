#!/usr/bin/env bash
# No lint of clippy is left, with and without the features that there may be.
set -euo pipefail
cargo clippy --locked --all-targets --all-features -- -D warnings
cargo clippy --locked --all-targets --no-default-features -- -D warnings
