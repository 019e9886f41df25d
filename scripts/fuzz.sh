#!/usr/bin/env bash
# Fuzzing: some runs of each target with a fixed seed; with a number of SECONDS, so long for each, led by the coverage
# of our own crate (a build of its own) and with what it finds kept in fuzz/corpus.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v c++ >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends g++; } >/dev/null
seconds=${1:-}
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/target}
if [ -n "$seconds" ]; then
  export RUSTC_WRAPPER=$PWD/fuzz/covered.sh CARGO_TARGET_DIR=$CARGO_TARGET_DIR/covered
fi
cp Cargo.lock fuzz/
cargo build --release --manifest-path fuzz/Cargo.toml
seeds=$(mktemp -d)
trap 'rm -rf "$seeds"' EXIT
mkdir "$seeds"/{check,figure,import,line,name,record,word97}
cp --parents samples/*/*.yaml tests/check/*.yaml "$seeds/check"
cp --parents samples/*/*.svg "$seeds/figure"
printf '%s\n' 2023.yaml > "$seeds/name/one"
printf 'MIME-Version: 1.0\nContent-Type: text/html\n\n<html><table><tr><td>规章<td>1</table>' > "$seeds/import/mht"
printf '某局2023年政府信息公开工作年度报告\n一、总体情况\n信息内容\t制发\t废止\n规章\t1\t2\n' > "$seeds/import/txt"
printf '\104\1\377\0' > "$seeds/word97/one"
printf '<html><h1>某局2023年政府信息公开工作年度报告</h1><p>一、总体情况</p><table><tr><td colspan=2>规章<td>1</table>' > "$seeds/import/html"
report='{"agency": "某局", "year": 2023}'
for to in check fields yaml tidy convert places; do
  printf '{"id": 1, "report": %s, "to": "%s"}\n' "$report" $to > "$seeds/line/$to"
done
printf '{"to": "record", "record": {"path": "a/2023.yaml", "state": "made"}}\n{"to": "end"}\n' > "$seeds/line/plan"
cargo run --quiet --release --bin nianbao -- compile samples/chinese-keys/2022.yaml "$seeds/record/a.pdf" --copy archive > /dev/null
for target in check figure import line name record word97; do
  if [ -n "$seconds" ]; then
    mkdir -p fuzz/corpus/$target fuzz/artifacts/$target
    limit=(-max_total_time="$seconds" fuzz/corpus/$target "-artifact_prefix=fuzz/artifacts/$target/")
  else
    limit=(-runs=300 -seed=2023 "-artifact_prefix=$seeds/")
  fi
  echo "-- $target"
  "$CARGO_TARGET_DIR/release/$target" "${limit[@]}" "$seeds/$target" \
    -max_len=65536 -timeout=20 -rss_limit_mb=4096 -print_final_stats=1 2> "$seeds/said" > /dev/null ||
    { tail -40 "$seeds/said"; exit 1; }
  grep -E "number_of_executed_units|^Done" "$seeds/said" | head -1
done
