#!/bin/sh
# Build the wheel, install it alone in a clean environment outside the checkout, and run the demo there.
set -eu
cd "$(dirname "$0")/.."
uv=$(command -v uv || echo "$PWD/.uv/bin/uv")
"$uv" build --quiet --wheel --out-dir dist
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
"$uv" export --quiet --frozen --no-dev --extra model-base --no-emit-project --no-hashes >"$place/locked.txt"
python3 -m venv "$place/venv" >/dev/null 2>&1 || "$uv" venv --quiet "$place/venv"
ls "$("$place/venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')" >"$place/before.txt"
"$uv" pip install --quiet --python "$place/venv/bin/python" -r "$place/locked.txt"
site=$("$place/venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
ls "$site" >"$place/without.txt"
"$uv" pip install --quiet --python "$place/venv/bin/python" --no-deps dist/lapel-*.whl
ls "$site" >"$place/with.txt"
new=$(diff "$place/without.txt" "$place/with.txt" | sed -n 's/^> //p' | grep -v 'dist-info$')
[ "$new" = lapel ] || { echo "the wheel puts more than its own folder into site-packages: $new" >&2; exit 1; }
cd "$place"
"$place/venv/bin/lapel" demo --out "$place/demo"
echo "the wheel works from $place, and adds one folder: $new"
