#!/usr/bin/env bash
# benches/peers/run.sh [N [ROUNDS]]: the same N reports (200) by nianbao and by its peers, in turn, ROUNDS
# times (3). Prints a table in Markdown with medians for one report, and the versions of all programs.
#
# Needs Rust, Python 3.11 or later with venv, and on Debian the right to install packages. All else comes
# from public packages and stays in the user's cache. PROFILE is the profile of nianbao (dist). PEERS are the
# peers that take part: of typst, typst-python, libreoffice and weasyprint any number, without it all; where it
# is empty, what the peers start from is made all the same, nianbao runs alone, and nothing is installed but the
# Python packages below, and nothing is asked of veraPDF.
set -euo pipefail
cd "$(dirname "$0")/../.."
count=${1:-200}
rounds=${2:-3}
export PEERS=${PEERS-typst typst-python libreoffice weasyprint}
takes_part() { [[ " $PEERS " == *" $1 "* ]]; }
profile=${PROFILE:-dist}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/nianbao/peers
mkdir -p "$cache"
export PYTHONDONTWRITEBYTECODE=1

packages=()
if takes_part libreoffice && ! command -v soffice >/dev/null; then packages+=(libreoffice-writer-nogui); fi
if takes_part weasyprint; then
  for library in libpangoft2-1.0-0 libharfbuzz-subset0; do
    dpkg -s "$library" >/dev/null 2>&1 || packages+=("$library")
  done
fi
if ((${#packages[@]})); then
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${packages[@]}"; } >&2
fi
if ! cmp -s benches/peers/requirements.txt "$cache/venv/requirements.txt"; then
  python3 -m venv --clear "$cache/venv"
  "$cache/venv/bin/pip" install --quiet --disable-pip-version-check -r benches/peers/requirements.txt >&2
  cp benches/peers/requirements.txt "$cache/venv/"
fi
typst_version=0.15.1
if takes_part typst && ! [[ $("$cache/bin/typst" --version 2>/dev/null) == "typst $typst_version"* ]]; then
  env -u CARGO_TARGET_DIR cargo install --quiet --locked "typst-cli@$typst_version" --root "$cache" >&2
fi
cargo build --quiet --locked --profile "$profile" --bin nianbao

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 benches/archive/generate.py "$work/sources" --reports "$count" --years 1 --large 0 >&2
mapfile -t reports < <(find "$work/sources" -name '*.yaml' | LC_ALL=C sort)
cargo bench --quiet --locked --profile release --bench tree -- "$work/trees" "${reports[@]}"
"$cache/venv/bin/python" benches/peers/prepare.py "$work" fonts

# The same fonts for all, and no others.
cat >"$work/fonts.conf" <<END
<?xml version="1.0"?>
<fontconfig><dir>$PWD/fonts</dir><cachedir>$cache/fontconfig</cachedir></fontconfig>
END
export FONTCONFIG_FILE=$work/fonts.conf
export PYTHON=$cache/venv/bin/python TYPST=$cache/bin/typst
NIANBAO=$(realpath "${CARGO_TARGET_DIR:-target}/$profile/nianbao")
export NIANBAO
python3 benches/peers/measure.py "$work" "$work/sources" "$rounds"
[ -n "$PEERS" ] || exit 0

echo
echo "- $count reports, medians of $rounds rounds, on $(nproc) × $(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -1)"
echo "- $("$NIANBAO" --version), profile $profile, $(rustc --version | cut -d ' ' -f 1,2)"
! takes_part typst || echo "- $("$TYPST" --version | cut -d ' ' -f 1,2)"
! takes_part libreoffice || echo "- $(soffice --version | cut -d ' ' -f 1,2)"
echo "- $("$cache/venv/bin/pip" freeze | grep -E '^(typst|weasyprint|python-docx)=' | paste -sd ' ')"
