"""Pages when Pantau falls silent: for a small server that hangs on another line than Pantau does.

A page about our own cut line cannot leave over it. Alertmanager sends its alert Watchdog, which always fires, here
every 5 minutes; when that stops, whoever stands in the settings is paged. What else Alertmanager sends to /page goes on
to the same people, as an SMS or a WhatsApp message by any gateway that takes HTTP, or by any command.

Copy this folder: it needs Python 3.10 or newer and nothing else. `python3 FOLDER SETTINGS` runs it; `--check` reads the
settings, `--test` pages once for trial. docs/operation/watchdog.md has the whole of it.
"""

import argparse
import configparser
import os
import signal
import ssl
import sys
import threading
import time
from pathlib import Path

from door import Door
from watch import Watch, log
from ways import SettingsError, Way, secret

SHORTEST_TOKEN = 16


def read(file: str) -> tuple[configparser.SectionProxy, list[Way]]:
    """Settings and ways; `SettingsError` with what is wrong."""
    parser = configparser.ConfigParser(interpolation=None)
    try:
        with Path(file).open(encoding="utf-8") as stream:
            parser.read_file(stream)
    except (OSError, configparser.Error, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: {error}") from error
    if "watchdog" not in parser:
        raise SettingsError(f"{file}: has no section [watchdog]")
    ways = [Way(parser[name]) for name in parser.sections() if name.startswith("page.")]
    if not ways:
        raise SettingsError(f"{file}: has no section [page.NAME]: nobody would be paged")
    return parser["watchdog"], ways


def token_of(settings: configparser.SectionProxy) -> str:
    """What Alertmanager shows; `SettingsError` for one that can be guessed."""
    token = secret(settings, "token_file")
    if len(token) < SHORTEST_TOKEN:
        raise SettingsError(
            f"[watchdog] token_file: shorter than {SHORTEST_TOKEN} characters; make one: openssl rand -hex 24"
        )
    return token


def tls_of(settings: configparser.SectionProxy) -> ssl.SSLContext | None:
    """Of the door, where a certificate is set."""
    if not settings.get("certificate"):
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(settings["certificate"], settings.get("key"))
    return context


def main() -> int:
    """Run until SIGTERM. Status 0 well, 1 a test that somebody did not take, 2 settings that cannot be used."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("settings", help="the file, as pantau-watchdog.ini")
    parser.add_argument("--check", action="store_true", help="read the settings, and leave")
    parser.add_argument("--test", action="store_true", help="page once for trial, say what came back, and leave")
    chosen = parser.parse_args()
    try:
        settings, ways = read(chosen.settings)
        watch = Watch(settings, ways)
        if chosen.test:
            failures = watch.page(f"UJI COBA / TEST: penjaga luar {watch.name} sampai kepada Anda.")
            print("\n".join(failures) or f"taken by {len(ways)} of {len(ways)} ways")
            return 1 if failures else 0
        token, tls = token_of(settings), tls_of(settings)
        host, _, port = settings.get("listen", "127.0.0.1:9820").rpartition(":")
        if chosen.check:
            print(f"good: {', '.join(way.name for way in ways)} paged after {watch.silence} s of silence")
            return 0
        door = Door((host.strip("[]"), int(port)), watch, token, tls)
    except (SettingsError, KeyError, ValueError, OSError) as error:
        print(f"pantau-watchdog: {error}", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))  # what counts is on the disk already
    threading.Thread(target=door.serve_forever, daemon=True).start()
    log(f"listening on {host}:{door.server_address[1]}; pages after {watch.silence} s of silence")
    while True:
        watch.look()
        time.sleep(1)


if __name__ == "__main__":
    sys.exit(main())
