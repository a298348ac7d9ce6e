#!/bin/sh
# Install the locked packages into an environment: environment.sh PREFIX ACTIVE
# ACTIVE is empty when make is to build a virtual environment at PREFIX.
set -eu
prefix=$1 active=$2

if [ -n "$active" ]; then
    echo "Using the active environment; installing the locked packages into it ..."
else
    for python in python3 python3.13 python3.12 python3.11; do
        if command -v "$python" >/dev/null 2>&1 &&
            "$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; then
            found=$python
            break
        fi
    done
    if [ -z "${found:-}" ]; then
        echo "Python 3.11, 3.12 or 3.13 is needed, and none was found; install one and try again." >&2
        exit 1
    fi
    echo "Setting up .venv with $("$found" --version) (once, about a minute) ..."
    "$found" -m venv "$prefix" || {
        echo "The venv module is missing; install it (on Debian and Ubuntu: python3-venv)." >&2
        exit 1
    }
fi

python=$prefix/bin/python
mkdir -p build
# uv is much faster than pip; its own lines of the lock install it, with its hashes.
awk '/^uv==/ {on = 1} on {print} on && !/\\$/ {exit}' requirements.lock >"build/uv.lock.$$"
trap 'rm -f "build/uv.lock.$$"' EXIT
if "$python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "build/uv.lock.$$" &&
    "$python" -m uv pip install --quiet --compile-bytecode --python "$python" --require-hashes -r requirements.lock; then
    :
else
    echo "uv could not do it; trying with pip, which takes longer ..."
    "$python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
fi
"$python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
