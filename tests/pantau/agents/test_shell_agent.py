"""The agent in each of its shells, with each of its clients, against a door that takes nothing but the wire format."""

import os
import stat
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pantau.agents.receiver import TOKEN, Receiver, receiving
from tests.pantau.agents.router import AGENT, SHELLS, Router, files_of
from tests.patience import PATIENCE_SECONDS
from tests.programs import require_program
from tests.sources import ROOT

BOOT = "5f3c1a901b2c4d5e8f60718293a4b5c6"
MACS = ("0a:1b:2c:3d:4e:5f", "0A:1B:2C:3D:4E:60")
EACH_SHELL = pytest.mark.parametrize("shell", SHELLS)
WAYS = [*((shell, "curl") for shell in SHELLS), ("dash", "wget"), ("busybox ash", "wget"), ("busybox ash", "busybox")]


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    """The receiver of all tests."""
    require_program("openssl")
    with receiving(tmp_path_factory.mktemp("door")) as receiver:
        yield receiver


def router(folder: Path, door: Receiver, shell: str = "busybox ash", client: str = "curl", **settings: str) -> Router:
    """A router whose agent knows the door."""
    door.clear()
    made = Router(folder / f"{shell}-{client}".replace(" ", "-"), shell, client)
    url = door.old_url if client == "busybox" else door.url
    given = {"URL": url, "HOTSPOT": "BTG-0001", "TOKEN": TOKEN, "CA": str(door.ca), "INTERNET": "10.0.0.1"}
    made.configure(given | {"DNS": "known.example"} | settings)
    return made


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_reads_every_script(shell: str) -> None:
    """Nothing but POSIX: the agent and the service that starts it."""
    interpreter, *options = SHELLS[shell]
    for script in (AGENT, ROOT / "agents" / "openwrt" / "files" / "pantau-agent.init"):
        done = subprocess.run(
            [require_program(interpreter), *options, "-n", script], capture_output=True, timeout=PATIENCE_SECONDS
        )
        assert (done.returncode, done.stderr) == (0, b"")


def test_shellcheck_has_nothing_to_say() -> None:
    """As POSIX sh, all its warnings and advice."""
    scripts = [AGENT, ROOT / "agents" / "openwrt" / "files" / "pantau-agent.init"]
    done = subprocess.run(
        [require_program("shellcheck"), "-s", "sh", *scripts], capture_output=True, text=True, timeout=PATIENCE_SECONDS
    )
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize(("shell", "client"), WAYS)
def test_a_minute_is_told_to_the_letter(door: Receiver, tmp_path: Path, shell: str, client: str) -> None:
    """Every field, from a router that has all of it; who cannot verify the certificate says so."""
    here = router(tmp_path, door, shell, client, PORTAL=f"{door.pages}/ok", CLIENTS="leases")
    (here.folder / "leases").write_text(f"0 {MACS[0]} 192.168.1.2 hp *\n1 {MACS[1]} 192.168.1.3 * *\n", "utf-8")
    done = here.agent()
    assert (done.returncode, door.faults, done.stderr) == (0, [], "")
    (beat,) = door.beats
    assert abs(beat.pop("sent") - time.time()) < 60
    known = {"boot": BOOT, "seq": 10_000, "uptime": 10_000, "version": "sh-1.0", "late": []}
    seen = {"clients": 1, "rx_bytes": 123_456_789_012, "tx_bytes": 42, "portal": "ok", "dns": "ok"}
    pinged = {"gateway_rtt": 0.012345, "internet_rtt": 0.012345, "loss": 0.2}
    assert beat == known | seen | pinged | ({"unverified": True} if client == "busybox" else {})


@pytest.mark.parametrize(("shell", "client"), WAYS[:-1])
def test_a_door_that_another_has_signed_gets_nothing(door: Receiver, tmp_path: Path, shell: str, client: str) -> None:
    """Neither heartbeat nor token; the minute is kept, and what is said holds no token."""
    here = router(tmp_path, door, shell, client, CA=str(door.stranger))
    done = here.agent("try")
    assert (done.returncode, door.beats, door.faults) == (1, [], [])
    assert "HTTP 000" in done.stdout
    assert "certificate" in done.stderr
    assert TOKEN not in done.stdout + done.stderr
    assert len(here.ring.read_text("utf-8").splitlines()) == 1


PAGES = {
    "ok": "ok",
    "words-in-vain": "ok",
    "login": "redirect",
    "portal": "redirect",
    "suspended": "isolir",
    "binary": "redirect",
    "broken": "fail",
    "led-to-suspension": "isolir",
}


@pytest.mark.parametrize("client", ["curl", "wget", "busybox"])
def test_what_stands_in_place_of_the_page_is_told_apart(door: Receiver, tmp_path: Path, client: str) -> None:
    """The page, a portal, the ISP's suspension by its words or by where it leads, and a server that is ill."""
    here = router(tmp_path, door, "busybox ash", client)
    pages = PAGES if client == "curl" else {what: PAGES[what] for what in [*list(PAGES)[::2], "led-to-suspension"]}
    for number, what in enumerate(pages):
        here.set_uptime(10_000 + number)
        here.configure({"PORTAL": f"{door.pages}/{what}"})
        here.agent()
    here.set_uptime(20_000)
    here.configure({"PORTAL": "http://127.0.0.1:9/"})
    here.agent()
    told = [beat["portal"] for beat in door.beats]
    assert (dict(zip([*pages, "nobody"], told, strict=True)), door.faults) == (pages | {"nobody": "fail"}, [])


def test_the_isp_s_own_words_are_a_setting(door: Receiver, tmp_path: Path) -> None:
    """A pattern in place of ours."""
    here = router(tmp_path, door, PORTAL=f"{door.pages}/portal", ISOLIR="silakan +masuk")
    here.agent()
    assert [beat["portal"] for beat in door.beats] == ["isolir"]


@EACH_SHELL
def test_minutes_that_were_not_taken_come_later_with_their_age(door: Receiver, tmp_path: Path, shell: str) -> None:
    """By uptime, though the clock is set meanwhile; and once they were taken, no more."""
    here = router(tmp_path, door, shell)
    door.statuses = [503, 401, 204, 204]
    here.program("date", "#!/bin/sh\necho 17\n")  # 1970
    for minute in range(4):
        here.set_uptime(10_000 + 60 * minute)
        if minute == 2:
            here.program("date", "#!/bin/sh\necho 1800000000\n")
        here.agent()
    assert door.faults == []
    late = [[(one["age"], one["seq"], one["sent"]) for one in beat["late"]] for beat in door.beats]
    assert late == [[], [(60, 10_000, 17)], [(120, 10_000, 17), (60, 10_060, 17)], []]
    assert here.ring.read_text("utf-8") == ""


def test_a_long_silence_is_told_in_parts_and_bounded(door: Receiver, tmp_path: Path) -> None:
    """Of 200 minutes 100 are kept, 60 are told in one heartbeat, the eldest first."""
    here = router(tmp_path, door, KEEP="100")
    minute = '"boot":"{boot}","seq":{at},"uptime":{at},"version":"sh-1.0"'
    lines = [f"{BOOT} {at} {minute.format(boot=BOOT, at=at)} .\n" for at in range(1000, 1000 + 200 * 30, 30)]
    here.run_dir.mkdir()
    here.ring.write_text("".join(lines), "utf-8")
    door.statuses = [500]
    for again in range(4):
        here.set_uptime(10_000 + again)
        here.agent()
    assert door.faults == []
    assert [len(beat["late"]) for beat in door.beats] == [60, 60, 40, 0]
    assert [beat["late"][0]["seq"] for beat in door.beats[:3]] == [1000, 1000 + 101 * 30, 1000 + 161 * 30]


TORN = [
    f'{BOOT} 9000 "boot":"{BOOT}","seq":9000,"upt',
    f'{BOOT} 9000 "boot":"{BOOT}","seq":9000,"uptime":9000,"version":"sh-1.0"',
    f'{BOOT} 20000 "boot":"{BOOT}","seq":20000,"uptime":20000,"version":"sh-1.0" .',  # of the future
    'ffffffff 9000 "boot":"ffffffff","seq":9000,"uptime":9000,"version":"sh-1.0" .',  # of another boot: how old?
    "\x00\xff\x00 . .",
    ".",
    "",
]


@EACH_SHELL
def test_what_was_torn_is_left_out_and_harms_nothing_after_it(door: Receiver, tmp_path: Path, shell: str) -> None:
    """Half a line at the end is not continued by the next minute; all that is whole is told."""
    here = router(tmp_path, door, shell)
    here.run_dir.mkdir()
    whole = f'{BOOT} 9500 "boot":"{BOOT}","seq":9500,"uptime":9500,"version":"sh-1.0" .'
    here.ring.write_text("\n".join([*TORN, whole, TORN[0]]), "utf-8", errors="surrogateescape")
    door.statuses = [500]
    here.agent()
    here.set_uptime(10_060)
    here.agent()
    assert door.faults == []
    assert [[one["seq"] for one in beat["late"]] for beat in door.beats] == [[9500], [9500, 10_000]]


@EACH_SHELL
def test_a_full_disk_costs_what_cannot_be_kept_and_nothing_else(door: Receiver, tmp_path: Path, shell: str) -> None:
    """Heartbeats go on, and what was kept before is told once and then gone."""
    here = router(tmp_path, door, shell)
    here.run_dir.mkdir()
    line = f'{BOOT} {{at}} "boot":"{BOOT}","seq":{{at}},"uptime":{{at}},"version":"sh-1.0" .\n'
    here.ring.write_text(line.format(at=9000), "utf-8")
    door.statuses = [500, 204, 204]
    done = [here.agent(room=0)]
    for minute in (1, 2):
        here.set_uptime(10_000 + 60 * minute)
        done.append(here.agent(room=0))
    assert door.faults == []
    assert [[one["seq"] for one in beat["late"]] for beat in door.beats] == [[9000], [9000], []]
    assert [one.returncode for one in done] == [1, 0, 0]
    assert "this minute is not kept" in done[0].stderr


def test_a_server_that_cannot_read_what_was_kept_is_not_told_it_again(door: Receiver, tmp_path: Path) -> None:
    """One line that it refuses must not hold up all that follow."""
    here = router(tmp_path, door)
    door.statuses = [500, 400, 204]
    for minute in range(3):
        here.set_uptime(10_000 + 60 * minute)
        here.agent()
    assert [len(beat["late"]) for beat in door.beats] == [0, 1, 0]


@EACH_SHELL
def test_seq_rises_over_calls_of_cron_and_a_boot_begins_anew(door: Receiver, tmp_path: Path, shell: str) -> None:
    """Also where nothing can be kept between two calls; what is of the boot before is not told as if it had an age."""
    here = router(tmp_path, door, shell)
    door.statuses = [204, 204, 500]
    for uptime in (10_000, 10_060, 10_120):
        here.set_uptime(uptime)
        here.agent()
    here.write("proc/sys/kernel/random/boot_id", "00000000-1b2c-4d5e-8f60-718293a4b5c6\n")
    here.set_uptime(40)
    here.agent()
    assert [(beat["boot"][:8], beat["seq"], len(beat["late"])) for beat in door.beats] == [
        ("5f3c1a90", 10_000, 0),
        ("5f3c1a90", 10_060, 0),
        ("5f3c1a90", 10_120, 0),
        ("00000000", 40, 0),
    ]


def test_without_the_kernel_s_boot_id_one_is_made_and_kept(door: Receiver, tmp_path: Path) -> None:
    """Random, 32 digits, the same over calls."""
    here = router(tmp_path, door)
    (here.folder / "proc/sys/kernel/random/boot_id").unlink()
    for uptime in (50, 110):
        here.set_uptime(uptime)
        here.agent()
    first, second = (beat["boot"] for beat in door.beats)
    assert first == second
    assert len(first) == 32


SPY = """#!/bin/sh
# A tool that looks, as anybody on the router can, at the command lines of all that runs.
for line in /proc/[0-9]*/cmdline; do tr '\\000' ' ' <"$line" 2>/dev/null; echo; done >>"{log}"
exec {real} "$@"
"""


@pytest.mark.parametrize(("shell", "client"), WAYS[:-1])
def test_no_command_line_shows_the_token(door: Receiver, tmp_path: Path, shell: str, client: str) -> None:
    """While the client runs; and no file that others may read holds it. The spy sees what a client is told."""
    here = router(tmp_path, door, shell, client)
    log = here.folder / "spied"
    real = (here.bin / client).readlink()
    here.program(client, SPY.format(log=log, real=real))
    assert here.agent().returncode == 0
    seen = log.read_text("utf-8", errors="replace")
    assert "/dev/null" in seen
    assert TOKEN not in seen
    assert stat.S_IMODE(here.run_dir.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in here.run_dir.iterdir()} <= {0o600}


CLIENTS = {
    "iw": (
        "iw",
        f"""#!/bin/sh
case "$*" in
dev) printf '\\tInterface wlan0\\n\\t\\ttype AP\\n\\tInterface wlan1\\n\\t\\ttype managed\\n' ;;
'dev wlan0 station dump') printf 'Station {MACS[0]} (on wlan0)\\n\\tsignal: -5\\nStation {MACS[1]} (on wlan0)\\n' ;;
esac
""",
    ),
    "iwinfo": (
        "iwinfo",
        f"""#!/bin/sh
case "$*" in
'') printf 'wlan0     ESSID: "x"\\n          Mode: Master\\n' ;;
'wlan0 assoclist') printf '{MACS[0].upper()}  -56 dBm / -95 dBm\\n\\tRX: 6.0\\n{MACS[1]}  -60 dBm\\n' ;;
esac
""",
    ),
    "hostapd": (
        "hostapd_cli",
        f"""#!/bin/sh
case "$*" in
interface) printf "Selected interface 'wlan0'\\nAvailable interfaces:\\nwlan0\\n" ;;
'-i wlan0 list_sta') printf '{MACS[0]}\\n{MACS[1]}\\n' ;;
esac
""",
    ),
}


@pytest.mark.parametrize("how", CLIENTS)
def test_clients_are_counted_and_nothing_of_them_is_kept(door: Receiver, tmp_path: Path, how: str) -> None:
    """Asked for by name, and found by itself; no MAC address on the wire, in what is said or in a file of ours."""
    here = router(tmp_path, door, CLIENTS=how)
    here.program(*CLIENTS[how])
    door.statuses = [500]
    done = [here.agent()]
    here.configure({"CLIENTS": "auto"})
    here.set_uptime(10_060)
    done.append(here.agent("try"))
    assert [beat["clients"] for beat in door.beats] == [2, 2]
    everything = str(door.beats) + str(files_of(here.run_dir)) + "".join(one.stdout + one.stderr for one in done)
    assert not [mac for mac in MACS if mac.lower() in everything.lower()]


def test_a_router_that_has_nothing_tells_what_it_can(door: Receiver, tmp_path: Path) -> None:
    """No ping, no route, no counters, no page: fields are left out, none is invented."""
    here = router(tmp_path, door, DNS="gone.example", INTERNET="10.9.9.9")
    here.write("proc/net/route", "Iface\tDestination\n")
    here.agent()
    (beat,) = door.beats
    assert door.faults == []
    told = {name: beat[name] for name in beat if name not in ("sent", "boot", "version")}
    assert told == {"seq": 10_000, "uptime": 10_000, "dns": "fail", "loss": 1.0, "late": []}


@pytest.mark.parametrize(
    ("supplies", "said"),
    [
        ({"ac": "1"}, "present"),
        ({"ac": "0"}, "absent"),
        ({"ac": "0", "usb": "1"}, "present"),
        ({"ac": "0", "usb": "what"}, "absent"),
        ({"ac": ""}, None),
        ({}, None),
    ],
)
def test_a_sensor_of_the_mains_is_told_of(
    door: Receiver, tmp_path: Path, supplies: dict[str, str], said: str | None
) -> None:
    """One supply that has it is enough; what cannot be read says nothing, nor does a device without a sensor."""
    here = router(tmp_path, door)
    here.configure({"MAINS": f"{here.folder}/sys/class/power_supply/*/online"})
    for name, value in supplies.items():
        here.write(f"sys/class/power_supply/{name}/online", f"{value}\n")
    here.agent()
    assert (door.beats[0].get("mains"), door.faults) == (said, [])


def test_one_call_of_cron_at_a_time(door: Receiver, tmp_path: Path) -> None:
    """A call that hangs is not joined by the next; the lock of one that was killed holds up nobody."""
    here = router(tmp_path, door)
    lock = here.run_dir / "lock"
    lock.mkdir(parents=True)
    (lock / "pid").write_text(str(os.getpid()), "ascii")
    assert (here.agent().returncode, door.beats) == (0, [])
    (lock / "pid").write_text("999999999", "ascii")
    assert (here.agent().returncode, len(door.beats)) == (0, 1)
    assert not lock.exists()


@EACH_SHELL
def test_without_timeout_a_command_that_hangs_is_ended(door: Receiver, tmp_path: Path, shell: str) -> None:
    """On a router whose busybox has no `timeout`; here a silent name server, and a fifth of a second for ten."""
    here = router(tmp_path, door, shell)
    (here.bin / "timeout").unlink()
    here.program("nslookup", "#!/bin/sh\nexec sleep 3000\n")
    real = (here.bin / "sleep").readlink()
    sleep = f"{real} sleep" if real.name == "busybox" else str(real)
    here.program("sleep", f'#!/bin/sh\n[ "$1" = 10 ] && set -- 0.2\nexec {sleep} "$@"\n')
    assert here.agent().returncode == 0  # it is waited for for minutes at most
    assert [beat["dns"] for beat in door.beats] == ["fail"]


@EACH_SHELL
def test_the_loop_keeps_to_its_minute(door: Receiver, tmp_path: Path, shell: str) -> None:
    """A heartbeat each second here, on the router's real uptime; it ends when it is told to."""
    here = router(tmp_path, door, shell, EVERY="1")
    environment = here.environment() | {"PANTAU_PROC": "/proc"}
    process = subprocess.Popen(here.command("run"), env=environment, stderr=subprocess.PIPE)
    started = time.monotonic()
    while len(door.beats) < 2 and time.monotonic() < started + 60:
        time.sleep(0.02)
    passed = time.monotonic() - started
    process.terminate()
    _, told = process.communicate(timeout=PATIENCE_SECONDS)
    assert (door.faults, told) == ([], b"")
    first, second = (beat["seq"] for beat in door.beats[:2])
    assert 0 < second - first <= 2 + passed  # a machine that is busy lets it run late


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"TOKEN": ""}, "PANTAU_TOKEN is not set"),
        ({"URL": "http://pantau.example"}, "must begin with https://"),
        ({"URL": "http://127.0.0.1.evil.example"}, "must begin with https://"),
        ({"HOTSPOT": "../admin"}, "PANTAU_HOTSPOT"),
        ({"CA": "/nowhere/ca.pem"}, "/nowhere/ca.pem cannot be read"),
    ],
)
def test_settings_that_cannot_be_are_said(
    door: Receiver, tmp_path: Path, settings: dict[str, str], complaint: str
) -> None:
    """In one line, and nothing is sent."""
    done = router(tmp_path, door, **settings).agent("try")
    assert (done.returncode, door.beats) == (2, [])
    assert complaint in done.stderr
    assert TOKEN not in done.stderr
