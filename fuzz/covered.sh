#!/usr/bin/env bash
# rustc, with what libFuzzer counts in our own crate and its targets: the crates that they use stay as they are.
rustc=$1
shift
case " $* " in
  *" --crate-name nianbao "* | *" fuzz_targets/"*)
    exec "$rustc" "$@" --cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
      -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
      -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=4
    ;;
  *) exec "$rustc" "$@" ;;
esac
