#!/bin/sh
# Makes the virtual environment and installs Pantau with everything its tests need: the versions of locks/dev.txt, by
# hash. Where the lock does not fit (a Python newer than it, another system) pip chooses, and that is said.
#
#     scripts/make-venv.sh PYTHON FOLDER
set -eu
python=$1 venv=$2
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "Python 3.11 or newer is needed; name it: make PYTHON=/path/to/python3.11 ..." >&2
    exit 1
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    "$(dirname "$0")/system-packages.sh" "no-such-program=python3-venv"
fi
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
echo "installing Python packages into $venv"
install() {
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$@"
}
if install --require-hashes --requirement locks/dev.txt; then
    install --no-deps --editable .
else
    echo "locks/dev.txt cannot be installed here (see above): pip chooses versions by pyproject.toml instead" >&2
    install --editable ".[dev]"
fi
