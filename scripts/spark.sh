#!/usr/bin/env bash
# Archives in stores of objects are those of folders (tests/cloud.rs), also where they are made on Apache Spark,
# from and to an S3 server, and an executor, a worker and connections die (tests/spark).
set -euo pipefail
spark=4.3.0
server=0.14.1 # the last that rustc 1.95 builds
if ! command -v java >/dev/null; then
  sudo=
  [ "$(id -u)" -eq 0 ] || sudo=sudo
  { $sudo apt-get update -qq && $sudo apt-get install -y -qq --no-install-recommends default-jre-headless; } >/dev/null
fi
cache=${XDG_CACHE_HOME:-$HOME/.cache}/nianbao/spark
python=$cache/venv/bin/python
if ! "$python" -c "import pyspark; assert pyspark.__version__ == '$spark'" 2>/dev/null; then
  python3 -m venv "$cache/venv"
  "$cache/venv/bin/pip" install --quiet "pyspark==$spark"
fi
if [ "$("$cache/bin/s3s-fs" --version 2>/dev/null)" != "s3s-fs $server" ]; then
  cargo install --quiet --locked --force --root "$cache" --features binary --target-dir "$cache/target" "s3s-fs@$server"
  rm -r "$cache/target"
fi
features=(--locked --release --features cloud,faults)
cargo test "${features[@]}" cloud::
# Elsewhere, because the next build puts the program without these features in its place.
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
cargo build --quiet "${features[@]}"
cp "${CARGO_TARGET_DIR:-target}/release/nianbao" "$out"
export NIANBAO_HOME=$PWD NIANBAO=$out/nianbao S3S_FS=$cache/bin/s3s-fs PYTHONDONTWRITEBYTECODE=1
timeout 1200 "$python" -m unittest discover --failfast --start-directory tests/spark --pattern '*_test.py'
