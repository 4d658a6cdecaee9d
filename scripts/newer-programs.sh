#!/bin/sh
# Unpacks newer versions of programs that the system has older ones of, for tests under both. Never fails: what needs one
# says so.
#
#     scripts/newer-programs.sh PACKAGE [...]
#
# They come from Debian's sid, over the mirror of the machine's own apt sources, are not installed, and lie in
# ${XDG_CACHE_HOME:-~/.cache}/pantau/newer/, in usr/bin. Lists and packages of apt itself are not touched.
set -u
cache="${XDG_CACHE_HOME:-$HOME/.cache}/pantau/newer"
missing=""
for package in "$@"; do
    [ -e "$cache/$package.unpacked" ] || missing="$missing $package"
done
[ -z "$missing" ] && exit 0
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
if ! command -v apt-get >/dev/null 2>&1 || [ ! -e "$keyring" ]; then
    echo "no apt of Debian here: tests under newer programs are skipped ($missing )"
    exit 0
fi
mirror="$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Codename: bookworm' 'Component: main' | head -n 1)"
mkdir -p "$cache/apt/lists/partial" "$cache/apt/archives/partial" "$cache/apt/download"
echo "deb [signed-by=$keyring] ${mirror:-http://deb.debian.org/debian/} sid main" >"$cache/apt/sources.list"
apt() {
    apt-get -qq -o APT::Sandbox::User=root -o Dir::Etc::sourcelist="$cache/apt/sources.list" -o Dir::Etc::sourceparts=/dev/null \
        -o Dir::State::lists="$cache/apt/lists" -o Dir::Cache="$cache/apt" "$@" >>"$cache/log" 2>&1
}
: >"$cache/log"
echo "unpacking$missing into $cache"
cd "$cache/apt/download" || exit 0
apt update
for package in $missing; do
    if apt download "$package" && dpkg-deb -x "$(ls "$package"_*.deb)" "$cache"; then
        : >"$cache/$package.unpacked"
    else
        echo "could not unpack $package: see $cache/log"
    fi
    rm -f "$package"_*.deb
done
exit 0
