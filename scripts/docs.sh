#!/usr/bin/env bash
# The documentation builds without a warning.
set -euo pipefail
RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --document-private-items
