#!/bin/sh
# Writes locks/: exact versions with hashes, for every Python from 3.11 on. Run by `make lock`; look at the diff.
#
#     scripts/lock.sh UV [--upgrade]
#
# exporter.txt and full.txt are the image's two variants, dev.txt is what tests need, build.txt builds the wheel.
# No registry is named in them: whoever installs asks the one that it is set up for.
set -eu
uv=$1
shift
lock() {
    name=$1
    shift
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --custom-compile-command "make lock" --output-file "locks/$name.txt" "$@"
    echo "locks/$name.txt: $(grep -c '==' "locks/$name.txt") packages"
}
lock exporter "$@" pyproject.toml --extra anchors --extra postgresql --extra snmp --extra spreadsheets
lock full "$@" pyproject.toml --extra anchors --extra dashboards --extra postgresql --extra reports --extra snmp --extra spreadsheets
lock dev "$@" pyproject.toml --extra dev
lock build "$@" locks/build.in
