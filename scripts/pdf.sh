#!/usr/bin/env bash
# Each copy of every sample becomes a PDF that veraPDF takes for what it claims, PDF/A-2a or -3a and
# PDF/UA-1, and in which qpdf finds no fault.
set -euo pipefail
command -v qpdf >/dev/null || { apt-get update -qq && apt-get install -y -qq qpdf; } >/dev/null
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
cargo build --locked --release --quiet
nianbao=${CARGO_TARGET_DIR:-target}/release/nianbao
for sample in samples/*/*.yaml; do
  name=${sample#samples/}
  name=${name//\//-}
  for copy in public draft archive; do
    "$nianbao" compile "$sample" "$out/${name%.yaml}-$copy.pdf" --copy "$copy"
  done
done
for file in "$out"/*.pdf; do qpdf --check "$file" >/dev/null; done
scripts/verapdf/verapdf.sh 2a,ua1 "$out"/*-{public,draft}.pdf
scripts/verapdf/verapdf.sh 3a,ua1 "$out"/*-archive.pdf
