#!/bin/sh
# Makes the password that Grafana needs, where there is none, and sees that each container can read what it is to read:
# under `umask 077` a fresh checkout is nobody's but its owner's. Says what it has changed, and changes nothing twice.
set -eu
umask 022
cd "$(dirname "$0")/.."
secrets=config/secrets
password=$secrets/grafana_admin_password

if [ ! -s "$password" ]; then
    mkdir -p "$secrets"
    (umask 077 && od -An -N18 -tx1 /dev/urandom | tr -d ' \n' > "$password")
    echo "made $password: Grafana's password, of the user admin"
fi

# Folders and files that are no secrets: readable for all, as in any checkout; this folder, too, for it is mounted.
opened=$(find . -maxdepth 0 ! -perm -0005 -print
    find config prometheus.yml -path config/secrets -prune -o -path config/data -prune -o \
    \( \( -type d ! -perm -0005 \) -o \( -type f ! -perm -0004 \) \) -print)
if [ -n "$opened" ]; then
    printf '%s\n' "$opened" | while IFS= read -r path; do chmod a+rX "$path"; done
    echo "made readable for the containers' users: $(printf '%s\n' "$opened" | wc -l) folders and files of the configuration"
fi

# Secrets: each for its reader's group (Grafana's is 0, Alertmanager's 65534). Without root no group can be given.
chmod 755 "$secrets"
for file in "$secrets"/*; do
    case $file in *README.md) continue ;; esac
    [ -f "$file" ] || continue
    if [ "$(id -u)" = 0 ]; then
        group=65534
        [ "$file" != "$password" ] || group=0
        chgrp "$group" "$file" && chmod 640 "$file"
    else
        chmod 644 "$file"
        echo "$file: readable for every user of this machine; for its reader alone: sudo make secrets"
    fi
done

# docker compose asks for the first before it builds anything; `docker compose run setup` writes as the second.
owner=$(stat -c %u:%g .)
for line in "PANTAU_GRAFANA_PASSWORD_FILE=./$password" "PANTAU_USER=$owner"; do
    if ! grep -qxF "$line" .env 2>/dev/null; then
        echo "$line" >> .env
        echo "wrote .env: $line"
    fi
done
