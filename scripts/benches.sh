#!/usr/bin/env bash
# Each script that measures, in a small turn: what it says of two reports means nothing, but none can stop working
# unseen. The programs of others are not installed, but for Python packages; benches/service is used by load.sh.
set -euo pipefail
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
export PYTHONDONTWRITEBYTECODE=1
cargo build --locked --release --quiet
nianbao=$(realpath "${CARGO_TARGET_DIR:-target}/release/nianbao")
export NIANBAO=$nianbao NIANBAO_HOME=$PWD

echo "-- archive/generate.py, figures.py, prose.py"
python3 benches/archive/generate.py "$out/reports" --reports 2 --years 2
"$nianbao" check "$out/reports" --deny text-disagrees,requests-unbalanced,wrong-total,carry-mismatch
cp -r "$out/reports" "$out/edited"
python3 benches/archive/generate.py "$out/edited" --reports 2 --years 2 --edit 1
! diff -rq "$out/reports" "$out/edited" >/dev/null || { echo "--edit changes nothing"; exit 1; } >&2

echo "-- peers/run.sh: the folder of a layout, Word and HTML of it, and the table"
PROFILE=release PEERS= benches/peers/run.sh 2 1

echo "-- scale/measure.py, stand_in.py"
python3 benches/scale/measure.py pipe 2 1
"$nianbao" plan "$out/reports" "$out/parts" >"$out/plan.jsonl"
grep '"to":"archive"' "$out/plan.jsonl" | python3 benches/scale/stand_in.py worker >"$out/answers.jsonl"
status=0
"$nianbao" archive merge "$out/parts" "$out/plan.jsonl" "$out/answers.jsonl" >/dev/null 2>&1 || status=$?
[ "$status" = 4 ] || { echo "a merge of reports that were not made ends with $status"; exit 1; } >&2
[ "$(grep -c '"state":"failed"' "$out/parts/manifest.jsonl")" = 2 ] || { echo "the ledger has not both reports"; exit 1; } >&2
spark=${XDG_CACHE_HOME:-$HOME/.cache}/nianbao/spark/venv/bin/python # by scripts/spark.sh
if [ -x "$spark" ] && command -v java >/dev/null; then
  "$spark" benches/scale/measure.py spark 2
  "$spark" benches/scale/measure.py plan 2
else
  echo "scale/measure.py spark and plan are left out: scripts/spark.sh has not run on this machine"
fi

echo "-- engine.rs, each stage once"
cargo bench --locked --quiet --profile release --bench engine -- --test

echo "-- scripts/compare.py: the program beside itself"
python3 scripts/compare.py "$nianbao" "$nianbao" --reports 2
