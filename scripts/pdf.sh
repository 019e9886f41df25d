#!/usr/bin/env bash
# Each copy of every sample and of the hard cases becomes a PDF that veraPDF takes for what it claims, PDF/A-2a or -3a and
# PDF/UA-1, and in which qpdf finds no fault.
set -euo pipefail
command -v qpdf >/dev/null || { apt-get update -qq && apt-get install -y -qq qpdf; } >/dev/null
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
cargo build --locked --release --quiet
nianbao=${CARGO_TARGET_DIR:-target}/release/nianbao
# A ring on a transparent ground, as a drawing; pictures of pixels are in the tests.
seal=$out/seal.svg
echo '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 42 42" width="42" height="42"><circle cx="21" cy="21" r="20" fill="none" stroke="#d00" stroke-width="1.2"/></svg>' >"$seal"
for sample in samples/*/*.yaml tests/hard/*.yaml; do
  name=${sample#samples/}
  name=${name//\//-}
  for copy in public signing draft archive; do
    "$nianbao" compile "$sample" "$out/${name%.yaml}-$copy.pdf" --copy "$copy"
  done
  "$nianbao" compile "$sample" "$out/${name%.yaml}-duplex.pdf" --copy signing --duplex
  "$nianbao" verify "$out/${name%.yaml}-archive.pdf" --read-back
  # What is sealed has a date; a figure stands beside the report.
  cp -r "$(dirname "$sample")" "$out"
  dated=$out/$(basename "$(dirname "$sample")")/$(basename "$sample")
  grep -qE '^(date|成文日期):' "$dated" || echo 'date: 2024-01-22' >>"$dated"
  "$nianbao" compile "$dated" "$out/${name%.yaml}-sealed.pdf" --seal "$seal"
done
for file in "$out"/*.pdf; do qpdf --check "$file" >/dev/null; done
scripts/verapdf/verapdf.sh 2a,ua1 "$out"/*-{public,sealed,signing,duplex,draft}.pdf
scripts/verapdf/verapdf.sh 3a,ua1 "$out"/*-archive.pdf
