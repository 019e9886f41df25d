#!/usr/bin/env bash
# The code is formatted as rustfmt does.
set -euo pipefail
cargo fmt --all --check
