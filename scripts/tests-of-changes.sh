#!/bin/sh
# Runs the fast tests of what changed: of each file the folder of tests/ that mirrors its own, or the nearest one above.
#
#     scripts/tests-of-changes.sh [--list] [FILE ...]
#
# Without files: all that differs from the last commit, new files too. --list only names the tests. WORKERS=4 for more
# than two processes. It is the hook of .pre-commit-config.yaml; it takes the place of no tier: `make check` comes after.
set -eu
cd "$(dirname "$0")/.."
list=""
if [ "${1:-}" = --list ]; then
    list=yes
    shift
fi

# The tests of a folder whose tests are many: only those that lie in it, not those of its subfolders.
loose() {
    for test in "$1"/test_*.py; do
        [ ! -e "$test" ] || echo "$test"
    done
}

# The folder of tests that mirrors a file of the source: `exporter/app.py` has tests/exporter/app, `pantau/journal/x.py`
# tests/pantau/journal; what lies beside the packages (`exporter/kinds.py`) the loose tests beside them.
mirrored() {
    place="${1%.py}"
    while [ "$place" != . ]; do
        case "$place" in
            pantau | exporter | lab) loose "tests/$place" && return ;;
        esac
        if [ -d "tests/$place" ]; then
            echo "tests/$place"
            return
        fi
        place="$(dirname "$place")"
    done
}

tests_of() {
    case "$1" in
        tests/*/test_*.py | tests/test_*.py) [ ! -e "$1" ] || echo "$1" ;;
        tests/*/*) [ ! -d "$(dirname "$1")" ] || dirname "$1" ;;
        pantau/* | exporter/* | dashboards/* | lab/*) mirrored "$1" ;;
        config/grafana/* | examples/*/grafana/*) echo tests/dashboards ;;
        config/inventory/* | config/pantau.yml | config/schema/* | examples/*/inventory/* | examples/*/p*.yml) echo tests/pantau/inventory ;;
        config/alertmanager* | examples/*/alertmanager*) echo tests/pantau/alerting && echo tests/ops ;;
        config/* | examples/* | prometheus.yml) echo tests/rules && echo tests/ops ;;
        pyproject.toml | locks/* | scripts/* | docs/* | *.md | Makefile | Dockerfile | *.yml | .*) echo tests/ops ;;
    esac
    case "$1" in
        pantau/alerting/rules/* | config/rules/* | config/thresholds.yml) echo tests/rules && echo tests/pantau/alerting/rules ;;
        */locale/*.po | pantau/texts/*) echo tests/pantau/texts ;;
        docs/dashboards.md) echo tests/dashboards/test_guide.py ;;
        docs/sla.md) echo tests/pantau/reports/test_sla_guide.py ;;
        docs/alerting.md | docs/runbooks/*) echo tests/pantau/alerting/rules && echo tests/rules ;;
        exporter/metrics/catalogue.yml) echo tests/rules && echo tests/dashboards ;;
    esac
    case "$1" in
        *.py) echo tests/test_architecture.py && echo tests/test_sizes.py ;;
    esac
}

changed() {
    git diff --name-only --no-renames HEAD
    git ls-files --others --exclude-standard
}

files="$(if [ $# -gt 0 ]; then printf '%s\n' "$@"; else changed; fi)"
chosen="$(printf '%s\n' "$files" | while read -r file; do tests_of "$file"; done | sort -u)"
if [ -z "$chosen" ]; then
    echo "no test belongs to what changed"
    exit 0
fi
echo "$chosen"
[ -z "$list" ] || exit 0

# A hook is run with git's own variables set: a test that starts git elsewhere would be led here.
unset GIT_DIR GIT_INDEX_FILE GIT_WORK_TREE GIT_PREFIX
status=0
# shellcheck disable=SC2086
.venv/bin/pytest -q -n "${WORKERS:-2}" \
    -m "not city and not stack and not alone and not long and not package and not image" $chosen || status=$?
[ "$status" -ne 5 ] || status=0 # all of these tests are of another tier
exit "$status"
