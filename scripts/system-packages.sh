#!/bin/sh
# Names the Debian packages that are missing, and installs them when run as root. Never fails: what needs a package says so.
#
#     scripts/system-packages.sh PROGRAM=PACKAGE|PACKAGE [...]
#
# A package alone (a library, a font) has no program by which to see it: dpkg is asked.
# The packages' services are not started: Pantau starts its own Prometheus and Alertmanager, on ports of its choice.
set -u
PATH="$PATH:/usr/sbin:/sbin"
missing=""
for pair in "$@"; do
    case "$pair" in
        *=*) command -v "${pair%%=*}" >/dev/null 2>&1 ;;
        *) [ "$(dpkg-query -W -f '${db:Status-Status}' "$pair" 2>/dev/null)" = installed ] ;;
    esac || missing="$missing ${pair#*=}"
done
[ -z "$missing" ] && exit 0
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "missing, and only root can install it: sudo apt-get install --no-install-recommends$missing"
    exit 0
fi
echo "installing$missing"
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy"
    trap 'rm -f "$policy"' EXIT
fi
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086
if ! { apt-get install -qq -y --no-install-recommends $missing >/tmp/pantau-apt.log 2>&1 ||
    { apt-get update -qq >>/tmp/pantau-apt.log 2>&1 &&
        apt-get install -qq -y --no-install-recommends $missing >>/tmp/pantau-apt.log 2>&1; }; }; then
    echo "apt-get could not install$missing: see /tmp/pantau-apt.log"
fi
