#!/usr/bin/env bash
# The service under load, on this machine alone: its rate beside that of `archive` on the same reports,
# twice what it can hold, and its memory over 10,000 requests. Fails where an answer is another than 200
# or, past what it can hold, 429, or where memory grows; rates are told and decide nothing.
set -euo pipefail
command -v wrk >/dev/null || { apt-get update -qq && apt-get install -y -qq wrk; } >/dev/null
cargo build --locked --release --quiet
nianbao=${CARGO_TARGET_DIR:-target}/release/nianbao
out=$(mktemp -d)
served=
trap '[ -z "$served" ] || kill "$served" 2>/dev/null; rm -rf "$out"' EXIT

# Starts the service with the options given; its address is $address then.
serve() {
  "$nianbao" serve --listen 127.0.0.1:0 --workers 2 "$@" >"$out/address" 2>"$out/log" &
  served=$!
  until address=$(grep -s http "$out/address"); do sleep 0.1; done
  until curl -sf "${address}readyz" >/dev/null; do sleep 0.1; done
}
stop() { kill "$served"; wait "$served"; served=; }
# Posts the reports over so many connections for so many seconds.
load() { wrk --threads 1 --connections "$1" --duration "$2s" --timeout 30s --script benches/service/reports.lua "${address}api/v1/pdf" >"$out/told"; }
told() { awk -v name="$1" '$1 == name { print $2 }' "$out/told"; }
count() { awk -v status="$1" '$1 == "status" && $2 == status { n += $3 } END { print n + 0 }' "$out/told"; }
# The memory of the service and its workers in KiB.
memory() { ps -o rss= -p "$served" --ppid "$served" | awk '{ n += $1 } END { print n }'; }
fail() { echo "load: $1"; cat "$out/told"; tail -3 "$out/log"; exit 1; } >&2

python3 benches/archive/generate.py "$out/reports" --reports 200 --seed 3 --large 0 >/dev/null
find "$out/reports" -name '20*.yaml' | sort >"$out/list"
export REPORTS=$out/list

start=$(date +%s.%N)
"$nianbao" archive "$out/reports" "$out/archive" --jobs 2 --output json >/dev/null
archive=$(awk -v a="$start" -v b="$(date +%s.%N)" -v n="$(wc -l <"$out/list")" 'BEGIN { print n / (b - a) }')

serve
load 4 3
load 4 15
[ "$(told socket)" = 0 ] && [ "$(told status | sort -u)" = 200 ] || fail "an answer is not 200"
awk -v rate="$(told rate)" -v archive="$archive" -v p50="$(told p50)" -v p99="$(told p99)" 'BEGIN {
  printf "load: %.0f requests a second, %.0f %% of the %.0f of archive; p50 %s ms, p99 %s ms\n",
    rate, 100 * rate / archive, archive, p50, p99 }'

before=$(memory)
asked=0
while [ "$asked" -lt 10000 ]; do
  load 4 15
  [ "$(told status | sort -u)" = 200 ] || fail "an answer is not 200"
  asked=$((asked + $(count 200)))
done
after=$(memory)
echo "load: $((before / 1024)) MiB before and $((after / 1024)) MiB after $asked further requests"
[ $((after * 10)) -lt $((before * 12)) ] || fail "memory grows"
stop

# Two are worked on and eight wait; twenty ask at once.
serve --queue 8
load 20 5
[ "$(told socket)" = 0 ] || fail "a connection broke"
others=$(told status | grep -cvE '^(200|429)$' || true)
[ "$others" = 0 ] && [ "$(count 200)" -gt 0 ] && [ "$(count 429)" -gt 0 ] || fail "an answer is neither 200 nor 429"
echo "load: at twice the capacity $(count 200) answers of 200 and $(count 429) of 429"
stop
