#!/bin/sh
# Pantau's agent: each minute it tells the city what a hotspot's clients get. POSIX sh (busybox ash, dash, bash).
#
#   pantau-agent.sh          runs for good, one heartbeat a minute (procd, systemd, a line in rc.local)
#   pantau-agent.sh once     one heartbeat (cron: * * * * *)
#   pantau-agent.sh try      one heartbeat at once, and in words what became of it
#
# The wire format, and what to do when something is wrong: docs/agents.md.
# It counts clients and keeps nothing of them: no MAC address, no name, no address, neither here nor on the wire.
# Time is /proc/uptime alone. Routers have no battery: they begin in 1970, and may be set while we run.

VERSION=sh-1.0

# --- Settings. What stands between at signs is filled by `pantau agents install`; a settings file goes before it, and
# the environment before that.
FILLED_URL='@PANTAU_URL@'
FILLED_HOTSPOT='@PANTAU_HOTSPOT@'
FILLED_TOKEN='@PANTAU_TOKEN@'
FILLED_CA='@PANTAU_CA@' # a certificate as text (PEM), or the name of a file
FILLED_PORTAL='@PANTAU_PORTAL@'
FILLED_PORTAL_TEXT='@PANTAU_PORTAL_TEXT@'
FILLED_ISOLIR='@PANTAU_ISOLIR@'

set -u
umask 077
export LC_ALL=C PATH="${PATH:-/usr/sbin:/usr/bin:/sbin:/bin}"

given() { # VALUE: what was filled in; nothing where nobody did
    case $1 in @PANTAU_*@) ;; *) printf %s "$1" ;; esac
}

settings() {
    # shellcheck source=/dev/null
    if [ -r "${PANTAU_CONF:=/etc/pantau/agent.conf}" ]; then . "$PANTAU_CONF"; fi
    : "${PANTAU_URL:=$(given "$FILLED_URL")}"
    : "${PANTAU_HOTSPOT:=$(given "$FILLED_HOTSPOT")}"
    : "${PANTAU_TOKEN:=$(given "$FILLED_TOKEN")}"
    : "${PANTAU_CA:=$(given "$FILLED_CA")}"
    : "${PANTAU_PORTAL:=$(given "$FILLED_PORTAL")}"           # URL of the known page, http; none: no check
    : "${PANTAU_PORTAL_TEXT:=$(given "$FILLED_PORTAL_TEXT")}" # what that page says
    : "${PANTAU_ISOLIR:=$(given "$FILLED_ISOLIR")}"           # regular expression of the ISP's suspension page
    : "${PANTAU_PORTAL_TEXT:=pantau-ok}"
    : "${PANTAU_ISOLIR:=isolir|suspend|tunggakan|menunggak|belum.{0,20}bayar|jatuh tempo}"
    : "${PANTAU_DNS:=}"              # a name to resolve; else the host of the page, or of the server
    : "${PANTAU_GATEWAY:=}"          # address; else the default route's
    : "${PANTAU_INTERNET:=1.1.1.1}"  # address that is pinged; "none" pings nobody
    : "${PANTAU_WAN:=}"              # interface; else the default route's
    : "${PANTAU_CLIENTS:=auto}"      # auto, iw, iwinfo, hostapd, leases or none
    : "${PANTAU_LEASES:=/tmp/dhcp.leases /var/lib/misc/dnsmasq.leases}"
    : "${PANTAU_MAINS:=}"            # files that say 1 while there is mains, as /sys/class/power_supply/*/online
    : "${PANTAU_CLIENT:=auto}"       # auto, curl, wget (GNU), uclient-fetch or busybox
    : "${PANTAU_DIR:=/var/run/pantau-agent}"
    : "${PANTAU_KEEP:=1440}"         # minutes that are kept for later
    : "${PANTAU_PROC:=/proc}" "${PANTAU_SYS:=/sys}"
    : "${PANTAU_SPREAD:=45}"         # seconds over which the agents of a city spread
    : "${PANTAU_EVERY:=60}"
    for name in URL HOTSPOT TOKEN; do
        eval "value=\$PANTAU_$name"
        if [ -z "$value" ]; then die "PANTAU_$name is not set; write it into $PANTAU_CONF"; fi
    done
    case $PANTAU_HOTSPOT in *[!A-Za-z0-9._-]*) die "PANTAU_HOTSPOT holds more than letters, digits, . _ -" ;; esac
    case $PANTAU_TOKEN in *[!A-Za-z0-9._~+/=-]*) die "PANTAU_TOKEN holds what no token has" ;; esac
    case $PANTAU_URL in
    https://* | http://127.0.0.1[:/]* | http://localhost[:/]* | http://127.0.0.1 | http://localhost) ;;
    *) die "PANTAU_URL must begin with https://" ;;
    esac
    case $PANTAU_URL in *[!!-~]* | *[\"\\]*) die "PANTAU_URL holds what no URL has" ;; esac
    PANTAU_URL=${PANTAU_URL%/}
    case $PANTAU_URL in */agent/v1) ;; *) PANTAU_URL=$PANTAU_URL/agent/v1 ;; esac
}

die() {
    say "$1"
    exit 2
}

say() { # what goes wrong, once as long as it is the same; never the token
    printf 'pantau-agent: %s\n' "$1" >&2
}

# --- The clock and the boot

uptime_seconds() {
    read -r now _ <"$PANTAU_PROC/uptime" || now=0
    printf %s "${now%%.*}"
}

# (boot, seq) has to rise. The kernel's boot id is random at each start, and the uptime rises from call to call, also
# of cron, without anything that could be lost, torn or find no room.
find_boot() {
    BOOT=
    if [ -r "$PANTAU_PROC/sys/kernel/random/boot_id" ]; then
        read -r BOOT <"$PANTAU_PROC/sys/kernel/random/boot_id" || :
    fi
    BOOT=$(printf %s "$BOOT" | tr -cd 0-9a-f)
    if [ "${#BOOT}" -lt 8 ] && [ -r "$PANTAU_DIR/boot" ]; then
        BOOT=$(tr -cd 0-9a-f <"$PANTAU_DIR/boot")
    fi
    if [ "${#BOOT}" -lt 8 ]; then
        BOOT=$(od -An -N16 -tx1 /dev/urandom | tr -cd 0-9a-f)
        # The shell itself says that there is no room: all of it goes to nobody.
        { printf '%s\n' "$BOOT" >"$PANTAU_DIR/boot"; } 2>/dev/null
    fi
}

limited() { # SECONDS COMMAND...: the command, for so long at most
    seconds=$1
    shift
    if [ -n "$TIMEOUT" ]; then
        # busybox before 1.30 has it with -t
        # shellcheck disable=SC2086 # two words
        $TIMEOUT "$seconds" "$@"
    else
        "$@" &
        job=$!
        (sleep "$seconds" && kill "$job") >/dev/null 2>&1 &
        guard=$!
        wait "$job"
        status=$?
        kill "$guard" 2>/dev/null
        return "$status"
    fi
}

busybox_wget() { # where `wget` is another's, the busybox' own. Not with -T: of busybox 1.35 it crashes over TLS
    # Some builds hand TLS to `openssl`, which verifies by this file.
    if [ -n "$CA" ]; then export SSL_CERT_FILE="$CA"; fi
    if [ -n "$APPLET" ]; then limited 20 busybox wget "$@"; else limited 20 wget "$@"; fi
}

has() {
    command -v "$1" >/dev/null 2>&1
}

find_tools() {
    TIMEOUT=
    if has timeout; then
        if timeout 1 true 2>/dev/null; then TIMEOUT=timeout; elif timeout -t 1 true 2>/dev/null; then TIMEOUT="timeout -t"; fi
    fi
    CLIENT=$PANTAU_CLIENT
    if [ "$CLIENT" = auto ]; then
        CLIENT=none
        if has curl; then
            CLIENT=curl
        elif has wget && wget --version 2>/dev/null | grep -q '^GNU Wget'; then
            CLIENT=wget
        elif has uclient-fetch; then
            CLIENT=uclient-fetch
        elif has wget; then
            CLIENT=busybox
        fi
    fi
    case $CLIENT in
    curl | wget | uclient-fetch | busybox) ;;
    *) die "there is no curl, no wget and no uclient-fetch; install one of them" ;;
    esac
    # busybox' wget encrypts, and believes any certificate: the server is told so.
    UNVERIFIED=
    case $CLIENT,$PANTAU_URL in busybox,* | *,http:*) UNVERIFIED=1 ;; esac
}

# The certificate: a file, or the text of one.
find_ca() {
    CA=
    case $PANTAU_CA in
    '') ;;
    *-----BEGIN*)
        CA=$PANTAU_DIR/ca.pem
        if [ "$(cat "$CA" 2>/dev/null)" != "$PANTAU_CA" ]; then
            { printf '%s\n' "$PANTAU_CA" >"$CA"; } 2>/dev/null || say "no room for the certificate in $PANTAU_DIR"
        fi
        ;;
    *)
        if [ -r "$PANTAU_CA" ]; then CA=$PANTAU_CA; else die "the certificate $PANTAU_CA cannot be read"; fi
        ;;
    esac
}

# --- What is measured. Each function prints a value, or nothing where there is none.

default_route() { # prints interface and gateway of the default route with the least metric
    awk '$2 == "00000000" && $8 == "00000000" && (best == "" || $7 + 0 < best) { best = $7 + 0; found = $1 " " $3 }
         END { if (found != "") print found }' "$PANTAU_PROC/net/route" 2>/dev/null
}

hex_address() { # 0102A8C0 -> 192.168.2.1; the kernel prints it as the machine keeps it
    case $1 in ???????? ) ;; *) return ;; esac
    rest=$1 address=
    while [ -n "$rest" ]; do
        byte=${rest%"${rest#??}"}
        rest=${rest#??}
        address=$((0x$byte))${address:+.$address}
    done
    if [ "$(big_endian)" = 1 ]; then # most routers with MIPS
        old_ifs=$IFS IFS=.
        # shellcheck disable=SC2086 # four words
        set -- $address
        IFS=$old_ifs
        address=$4.$3.$2.$1
    fi
    printf %s "$address"
}

big_endian() {
    case $(printf '\001\000' | od -An -tx2 2>/dev/null) in *0100*) printf 1 ;; *) printf 0 ;; esac
}

counter() { # INTERFACE rx_bytes|tx_bytes
    value=
    if [ -r "$PANTAU_SYS/class/net/$1/statistics/$2" ]; then
        read -r value <"$PANTAU_SYS/class/net/$1/statistics/$2" || :
    fi
    case $value in '' | *[!0-9]*) ;; *) printf %s "$value" ;; esac
}

# Pings; prints the mean in seconds (or -) and the share that was lost (or -).
ping_of() { # ADDRESS COUNT
    limited 10 ping -q -c "$2" -W 1 "$1" 2>/dev/null | awk '
        /packet loss/ { for (i = 1; i <= NF; i++) if ($i ~ /%$/) { gsub(/[^0-9.]/, "", $i); loss = $i / 100 } }
        /min\/avg\/max/ { sub(/.*= */, ""); split($0, part, "/"); rtt = part[2] / 1000 }
        END {
            if (rtt == "") printf "-"; else printf "%.6f", rtt
            if (loss == "") print " -"; else printf " %.3f\n", loss
        }'
}

host_of() { # URL
    host=${1#*://}
    host=${host%%/*}
    case $host in
    \[*) host=${host#?} host=${host%%\]*} ;;
    *) host=${host%%:*} ;;
    esac
    printf %s "$host"
}

dns_check() {
    name=$PANTAU_DNS
    if [ -z "$name" ]; then name=$(host_of "${PANTAU_PORTAL:-$PANTAU_URL}"); fi
    case $name in '' | localhost | *[!0-9.]*:* | *:*) return ;; *[!0-9.]*) ;; *) return ;; esac # an address proves nothing
    if has nslookup; then
        if limited 10 nslookup "$name" >/dev/null 2>&1 </dev/null; then printf ok; else printf fail; fi
    elif has getent; then
        if limited 10 getent hosts "$name" >/dev/null 2>&1; then printf ok; else printf fail; fi
    fi
}

count_lines() {
    grep -c "$1" || :
}

clients() {
    case $PANTAU_CLIENTS in
    none) return ;;
    auto)
        if [ -n "$(ap_iw)" ]; then
            clients_iw
        elif has iwinfo; then
            clients_iwinfo
        elif has hostapd_cli; then
            clients_hostapd
        else
            clients_leases
        fi
        ;;
    iw) clients_iw ;;
    iwinfo) clients_iwinfo ;;
    hostapd) clients_hostapd ;;
    leases) clients_leases ;;
    esac
}

ap_iw() {
    if has iw; then iw dev 2>/dev/null | awk '$1 == "Interface" { name = $2 } $1 == "type" && $2 == "AP" { print name }'; fi
}

clients_iw() {
    for ap in $(ap_iw); do iw dev "$ap" station dump 2>/dev/null; done | count_lines '^Station '
}

clients_iwinfo() {
    for ap in $(iwinfo 2>/dev/null | awk '/^[^ \t]/ { print $1 }'); do
        iwinfo "$ap" assoclist 2>/dev/null
    done | count_lines '^[0-9A-Fa-f:]\{17\} '
}

clients_hostapd() {
    for ap in $(hostapd_cli interface 2>/dev/null | awk '/^[a-z0-9_.-]+$/'); do
        hostapd_cli -i "$ap" list_sta 2>/dev/null
    done | count_lines '^[0-9A-Fa-f:]\{17\}$'
}

clients_leases() { # by the same clock that has written them, whatever year it shows
    for file in $PANTAU_LEASES; do
        if [ -r "$file" ]; then
            awk -v now="$(date +%s)" '$1 == 0 || $1 > now { count++ } END { print count + 0 }' "$file"
            return
        fi
    done
}

mains() { # one that says 1 is enough: a supply of two has the other as its spare
    found=
    for file in $PANTAU_MAINS; do
        value=
        if [ -r "$file" ]; then read -r value <"$file" || :; fi
        case $value in
        1)
            printf present
            return
            ;;
        0) found=absent ;;
        esac
    done
    printf %s "$found"
}

# --- The page that we know: what a client gets in its place

fetch_page() { # the head of what came to $PAGE; the headers, or what the client says of them, to $TOLD
    case $CLIENT in
    curl)
        answer=$(curl -q -s -i -m 10 "$PANTAU_PORTAL" 2>/dev/null </dev/null | head -c 65536 | tr -d '\000\r')
        TOLD=$(printf '%s\n' "$answer" | sed '/^$/q')
        PAGE=$(printf '%s\n' "$answer" | sed '1,/^$/d')
        ;;
    wget) # the others tell of headers on the side, and are asked twice
        set -- --no-config --max-redirect=0 -t 1 -T 10 -O
        TOLD=$(wget -S "$@" /dev/null "$PANTAU_PORTAL" 2>&1 </dev/null | head -c 8192)
        PAGE=$(wget -q --content-on-error "$@" - "$PANTAU_PORTAL" 2>/dev/null </dev/null | head -c 65536 | tr -d '\000')
        ;;
    uclient-fetch)
        TOLD=$(limited 15 uclient-fetch -T 10 -O /dev/null "$PANTAU_PORTAL" 2>&1 </dev/null | head -c 8192)
        PAGE=$(limited 15 uclient-fetch -q -T 10 -O - "$PANTAU_PORTAL" 2>/dev/null </dev/null | head -c 65536 | tr -d '\000')
        ;;
    busybox)
        TOLD=$(busybox_wget -S -O /dev/null "$PANTAU_PORTAL" 2>&1 </dev/null | head -c 8192)
        PAGE=$(busybox_wget -q -O - "$PANTAU_PORTAL" 2>/dev/null </dev/null | head -c 65536 | tr -d '\000')
        ;;
    esac
}

portal_check() {
    if [ -z "$PANTAU_PORTAL" ]; then return; fi
    fetch_page
    moved=
    if printf '%s\n' "$TOLD" | grep -Eqi '^[[:space:]]*Location:|^Redirected to|HTTP/[0-9.]+ 511'; then moved=1; fi
    case $PAGE in
    *"$PANTAU_PORTAL_TEXT"*)
        if [ -z "$moved" ]; then
            printf ok
            return
        fi
        ;;
    esac
    # The suspension page tells itself by where it leads to, or by what it says.
    if printf '%s\n%s\n' "$(printf '%s\n' "$TOLD" | grep -Ei 'Location:|Redirected to')" "$PAGE" |
        grep -Eqi -e "$PANTAU_ISOLIR"; then
        printf isolir
    elif [ -n "$moved" ]; then
        printf redirect
    elif printf '%s\n' "$TOLD" | grep -Eqi 'HTTP/[0-9.]+ [45][0-9][0-9]|HTTP error [45]'; then
        printf fail # the server of the page is ill: nobody stands in its place
    elif [ -n "$PAGE" ]; then
        printf redirect # something else answers with a page of its own
    else
        printf fail
    fi
}

# --- One minute, as JSON without its braces

member() { # NAME VALUE: a number, if it is one
    case $2 in '' | *[!0-9.]* | *.*.* | .* | *.) ;; *) FIELDS=$FIELDS,\"$1\":$2 ;; esac
}

word() { # NAME VALUE: a word of ours
    if [ -n "$2" ]; then FIELDS=$FIELDS,\"$1\":\"$2\"; fi
}

measure() {
    AT=$(uptime_seconds)
    FIELDS="\"boot\":\"$BOOT\",\"seq\":$AT,\"uptime\":$AT"
    # shellcheck disable=SC2046 # two words
    set -- $(default_route)
    wan=${PANTAU_WAN:-${1:-}} gateway=$PANTAU_GATEWAY
    if [ -z "$gateway" ] && [ $# = 2 ]; then gateway=$(hex_address "$2"); fi
    case $gateway in 0.0.0.0) gateway= ;; esac # a dialled line has none
    if [ -n "$wan" ]; then
        member rx_bytes "$(counter "$wan" rx_bytes)"
        member tx_bytes "$(counter "$wan" tx_bytes)"
    fi
    member clients "$(clients)"
    word portal "$(portal_check)"
    word dns "$(dns_check)"
    word mains "$(mains)"
    if [ -n "$gateway" ]; then
        # shellcheck disable=SC2046 # two words
        set -- $(ping_of "$gateway" 3)
        member gateway_rtt "${1:--}"
    fi
    if [ "$PANTAU_INTERNET" != none ]; then
        # shellcheck disable=SC2046 # two words
        set -- $(ping_of "$PANTAU_INTERNET" 5)
        member internet_rtt "${1:--}"
        member loss "${2:--}"
    fi
    word version "$VERSION"
    member sent "$(date +%s)"
    if [ -n "$UNVERIFIED" ]; then FIELDS=$FIELDS,\"unverified\":true; fi
}

# --- Minutes that could not be sent: a line each, "BOOT UPTIME {fields} ."; what has no dot at its end was torn

RING_MOST=60 # late minutes in one heartbeat: what a day has missed is told within half an hour

ring_valid() { # the lines that are whole, of this boot and not of the future
    if [ -r "$PANTAU_DIR/ring" ]; then
        awk -v boot="$BOOT" -v now="$AT" '
            NF == 4 && $4 == "." && $1 == boot && $2 ~ /^[0-9]+$/ && $2 <= now && now - $2 <= 86400 &&
            $3 ~ /^"boot":/ && length($0) < 1024' "$PANTAU_DIR/ring" 2>/dev/null
    fi
}

ring_late() { # the eldest of them as JSON, each with its age
    ring_valid | head -n "$RING_MOST" | awk -v now="$AT" '
        { printf "%s{\"age\":%d,%s}", (NR > 1 ? "," : ""), now - $2, $3 }'
}

ring_keep() { # the line of now, behind what is there; where there is no room, this minute is lost and nothing else
    if [ -s "$PANTAU_DIR/ring" ] && [ -n "$(tail -c 1 "$PANTAU_DIR/ring" 2>/dev/null)" ]; then
        { echo >>"$PANTAU_DIR/ring"; } 2>/dev/null # behind a torn line
    fi
    { printf '%s %s %s .\n' "$BOOT" "$AT" "$FIELDS" >>"$PANTAU_DIR/ring"; } 2>/dev/null ||
        say "no room in $PANTAU_DIR: this minute is not kept"
    if [ "$({ wc -l <"$PANTAU_DIR/ring" || echo 0; } 2>/dev/null)" -gt $((PANTAU_KEEP + 60)) ]; then
        ring_rewrite tail -n "$PANTAU_KEEP"
    fi
}

ring_drop() { # what was told
    if [ "$(ring_valid | wc -l)" -le "$RING_MOST" ]; then
        { : >"$PANTAU_DIR/ring"; } 2>/dev/null
    else
        ring_rewrite tail -n +$((RING_MOST + 1))
    fi
}

ring_rewrite() { # COMMAND...: its choice of the valid lines; the old ring stays where there is no room for a new one
    wanted=$(ring_valid | "$@")
    if { printf '%s\n' "$wanted" >"$PANTAU_DIR/ring.new"; } 2>/dev/null &&
        [ "$(wc -c <"$PANTAU_DIR/ring.new")" -gt "${#wanted}" ]; then
        mv -f "$PANTAU_DIR/ring.new" "$PANTAU_DIR/ring"
    else
        rm -f "$PANTAU_DIR/ring.new"
    fi
}

# --- Sending. STATUS: the server's number; 000 where there was none, and WHY says why

status_in() { # the last HTTP status in a client's own words
    printf '%s\n' "$1" | sed -n \
        -e 's|.*HTTP/[0-9.]* \([1-5][0-9][0-9]\).*|\1|p' -e 's|.*HTTP error \([1-5][0-9][0-9]\).*|\1|p' | tail -n 1
}

post_curl() { # all of it by standard input: nothing is on the command line, and no room is needed
    escaped=$(printf %s "$BODY" | sed 's/\\/\\\\/g; s/"/\\"/g')
    told=$(
        {
            printf 'url = "%s"\n' "$PANTAU_URL/$PANTAU_HOTSPOT"
            printf 'header = "Authorization: Bearer %s"\n' "$PANTAU_TOKEN"
            printf 'header = "Content-Type: application/json"\nheader = "Expect:"\n'
            if [ -n "$CA" ]; then printf 'cacert = "%s"\n' "$CA"; fi
            printf 'data = "%s"\n' "$escaped"
        } | curl -q -sS -m 20 -o /dev/null -w 'HTTP/1 %{http_code}' -K - 2>&1
    )
}

post_wget() { # GNU: the token lies in a file that only we can read
    {
        printf 'header = Authorization: Bearer %s\nheader = Content-Type: application/json\n' "$PANTAU_TOKEN"
        if [ -n "$CA" ]; then printf 'ca_certificate = %s\n' "$CA"; fi
        printf 'tries = 1\ntimeout = 15\nmax_redirect = 0\nserver_response = on\n'
    } >"$PANTAU_DIR/wgetrc" && printf %s "$BODY" >"$PANTAU_DIR/body" || return
    told=$(
        wget --config="$PANTAU_DIR/wgetrc" --post-file="$PANTAU_DIR/body" -O /dev/null \
            "$PANTAU_URL/$PANTAU_HOTSPOT" 2>&1 </dev/null
    )
}

post_uclient() { # the token is on its command line: there is no other way
    printf %s "$BODY" >"$PANTAU_DIR/body" || return
    told=$(
        limited 25 uclient-fetch -T 15 -O /dev/null ${CA:+--ca-certificate="$CA"} \
            --header="Authorization: Bearer $PANTAU_TOKEN" --header="Content-Type: application/json" \
            --post-file="$PANTAU_DIR/body" "$PANTAU_URL/$PANTAU_HOTSPOT" 2>&1 </dev/null
    ) && told="HTTP/1 200" # it names errors alone
}

post_busybox() { # as well
    printf %s "$BODY" >"$PANTAU_DIR/body" || return
    told=$(
        busybox_wget -S -O /dev/null --header "Authorization: Bearer $PANTAU_TOKEN" \
            --header "Content-Type: application/json" --post-file "$PANTAU_DIR/body" "$PANTAU_URL/$PANTAU_HOTSPOT" \
            2>&1 </dev/null
    ) && told="$told
HTTP/1 200"
}

send() {
    told="no room in $PANTAU_DIR"
    case $CLIENT in
    curl) post_curl ;;
    wget) { post_wget; } 2>/dev/null ;;
    uclient-fetch) { post_uclient; } 2>/dev/null ;;
    busybox) { post_busybox; } 2>/dev/null ;;
    esac
    STATUS=$(status_in "$told")
    : "${STATUS:=000}"
    # Who follows where somebody leads him has told his heartbeat to nobody that we know.
    if printf '%s\n' "$told" | grep -Eqi '^[[:space:]]*Location:|^Redirected to'; then STATUS=302; fi
    # A client's words may hold its command line, and with it the token.
    case $told in *"$PANTAU_TOKEN"*) told="its words are not shown, for they hold the token" ;; esac
    WHY=$(printf %s "$told" | tr '\n' ' ' | head -c 300)
}

LAST=
beat() {
    measure
    late=$(ring_late)
    BODY="{$FIELDS${late:+,\"late\":[$late]}}"
    send
    case $STATUS in
    2??)
        if [ -n "$late" ]; then ring_drop; fi
        if [ -n "$LAST" ]; then say "heartbeats are taken again"; fi
        LAST=
        return 0
        ;;
    400 | 413 | 422) # the server does not understand what we kept: it never will
        if [ -n "$late" ]; then ring_drop; fi
        ;;
    *) ring_keep ;;
    esac
    if [ "$STATUS" != "$LAST" ]; then say "the heartbeat was not taken (HTTP $STATUS): $WHY"; fi
    LAST=$STATUS
    return 1
}

prepare() {
    settings
    # Where somebody else's folder or link stands, it is not ours to write to.
    if ! mkdir -p "$PANTAU_DIR" 2>/dev/null || [ ! -O "$PANTAU_DIR" ] || [ -L "$PANTAU_DIR" ]; then
        PANTAU_DIR=$(mktemp -d /tmp/pantau-agent.XXXXXX) || die "there is no folder to work in"
    fi
    chmod 700 "$PANTAU_DIR" 2>/dev/null || :
    APPLET=
    if has busybox && ! wget --help 2>&1 | grep -q BusyBox; then APPLET=1; fi
    find_tools
    find_ca
    find_boot
    # Each agent has its own second, so that a city's do not all come at once.
    OFFSET=0
    if [ "$PANTAU_SPREAD" -gt 0 ]; then
        OFFSET=$(($(printf %s "$PANTAU_HOTSPOT" | cksum | cut -d ' ' -f 1) % PANTAU_SPREAD))
    fi
}

run() {
    sleep "$OFFSET"
    next=$(uptime_seconds)
    while :; do
        beat || :
        now=$(uptime_seconds)
        # Minutes that were slept through are left out: the next is the next.
        next=$((next + ((now - next) / PANTAU_EVERY + 1) * PANTAU_EVERY))
        sleep $((next - now))
    done
}

once() {
    # cron starts the next though this one hangs: then it is left out.
    if ! mkdir "$PANTAU_DIR/lock" 2>/dev/null; then
        holder=$(cat "$PANTAU_DIR/lock/pid" 2>/dev/null || :)
        if [ -n "$holder" ] && kill -0 "$holder" 2>/dev/null; then exit 0; fi
    fi
    { echo $$ >"$PANTAU_DIR/lock/pid"; } 2>/dev/null
    trap 'rm -rf "$PANTAU_DIR/lock"' EXIT
    trap 'exit 1' INT TERM HUP
    sleep "$OFFSET"
    beat
}

try() {
    printf 'titik / hotspot: %s\nalamat / server: %s\nklien / client: %s\n' "$PANTAU_HOTSPOT" "$PANTAU_URL" "$CLIENT"
    if [ -n "$UNVERIFIED" ]; then
        printf 'PERHATIAN: sertifikat server tidak diperiksa. / NOTE: the certificate is not verified.\n'
    fi
    if beat; then
        printf 'dikirim / sent: %s\nDITERIMA. / TAKEN. (HTTP %s)\n' "$BODY" "$STATUS"
    else
        printf 'dikirim / sent: %s\nTIDAK DITERIMA. / NOT TAKEN. (HTTP %s)\n' "$BODY" "$STATUS"
        return 1
    fi
}

case ${1:-run} in
run | once | try)
    prepare
    "${1:-run}"
    ;;
version) echo "$VERSION" ;;
*) die "what is '$1'? known are: run, once, try, version" ;;
esac
