#!/bin/sh
# Set up the learning systems that tests speak to: tests/servers/NAME has what it is made of, each in an environment
# of its own, because their pins conflict with ours and with each other. A second run finds nothing to do.
set -eu
cd "$(dirname "$0")/../.."
home=${LAPEL_TEST_SERVERS:-$PWD/.uv/servers}
mkdir -p "$home"
exec 9>"$home/.lock"
flock 9
uv=$(command -v uv || echo "$PWD/.uv/bin/uv")
for folder in tests/servers/*/; do
    [ -e "$folder/requirements.txt" ] || continue
    name=$(basename "$folder")
    place=$home/$name
    stamp=$place/.ready-$(cat "$folder"requirements.txt "$folder"package*.json 2>/dev/null | sha256sum | cut -c1-16)
    [ -e "$stamp" ] && continue
    printf '%s\n' "lapel setup: makes the test server $name in $place" >&2
    rm -rf "$place"
    UV_PYTHON_DOWNLOADS=never "$uv" venv --quiet --python "$(command -v python3)" "$place"
    "$uv" pip install --quiet --python "$place/bin/python" --require-hashes -r "$folder/requirements.txt"
    if [ -e "$folder/package.json" ]; then
        cp "$folder"package*.json "$place/"
        (cd "$place" && PATH="$place/bin:$PATH" npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null)
    fi
    touch "$stamp"
done
