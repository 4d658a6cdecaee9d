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
pip() {
    "$venv/bin/python" -m pip "$@" --quiet --disable-pip-version-check
}
# Of the lock first the installer, which is several times as fast as pip; it asks the index that pip is set to.
locked() {
    installer=$(mktemp)
    sed -n '/^uv==/,/[^\\]$/p' locks/dev.txt >"$installer"
    pip install --require-hashes --requirement "$installer" || { rm "$installer"; return 1; }
    rm "$installer"
    index=${PIP_INDEX_URL:-$(pip config get global.index-url 2>/dev/null || true)}
    "$venv/bin/uv" pip install --quiet --python "$venv/bin/python" ${index:+--default-index "$index"} \
        --compile-bytecode --require-hashes --requirement locks/dev.txt
}
if locked || pip install --require-hashes --requirement locks/dev.txt; then
    pip install --no-deps --editable .
else
    echo "locks/dev.txt cannot be installed here (see above): pip chooses versions by pyproject.toml instead" >&2
    pip install --editable ".[dev]"
fi
