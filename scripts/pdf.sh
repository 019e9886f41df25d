#!/usr/bin/env bash
# Every sample becomes a PDF that veraPDF takes for PDF/A-2a and PDF/UA-1 and in which qpdf finds
# no fault.
set -euo pipefail
command -v qpdf >/dev/null || { apt-get update -qq && apt-get install -y -qq qpdf; } >/dev/null
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
cargo build --locked --release --quiet
nianbao=${CARGO_TARGET_DIR:-target}/release/nianbao
for sample in samples/*/*.yaml; do
  name=${sample#samples/}
  name=${name//\//-}
  "$nianbao" compile "$sample" "$out/${name%.yaml}.pdf"
done
for file in "$out"/*.pdf; do qpdf --check "$file" >/dev/null; done
scripts/verapdf/verapdf.sh 2a,ua1 "$out"/*.pdf
