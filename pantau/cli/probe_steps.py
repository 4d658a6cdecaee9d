"""`pantau probe`: one target, now, step by step, like a good colleague would explain it."""

import asyncio
import datetime
import json
import socket as socketlib
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

import aiohttp
import numpy as np
from rich.console import Console
from rich.markup import escape

from exporter.probing.addresses import FAMILIES_OF, address_words
from exporter.probing.icmp.engine import Engine
from exporter.probing.icmp.opening import open_engine, socket_settings
from exporter.probing.names.late_resolver import LateResolver
from exporter.probing.names.reach import MachineReach
from exporter.probing.outcome import Observations, Outcome
from pantau.cli.probe_names import destinations
from pantau.cli.probe_words import MEANINGS, UNUSABLE, judged, rtt_text
from pantau.clock import NANOSECONDS, Clock, SystemClock
from pantau.errors import ConfigurationError
from pantau.inventory import Configuration, Hotspot, Settings, Uplink, load
from pantau.stack.errors import ExporterRefusesError, ExporterSilentError
from pantau.stack.exporter_client import client_of

_POLL_SECONDS = 0.005
_SPACING_SECONDS = 0.5
_ASK_SECONDS = 2.0
_DISCARD_PORT = 9
_TARGET = 0


async def probe(target: str, count: int, config: Path, console: Console) -> int:
    """Probe `target`, the id of a hotspot or uplink or an address, `count` times.

    Exit status: 0 answered, 1 not, 2 could not probe. `EngineUnavailableError` where no ICMP socket is permitted.
    """
    configuration = _configuration(config, console)
    settings = configuration.settings if configuration else Settings()
    known = _find(target, configuration) if configuration else None
    _introduce(target, known, console)
    if isinstance(known, Hotspot) and not known.pinged:
        _say(
            console,
            "titik ini tidak diping: hanya agennya yang memberi kabar",
            "nobody pings this hotspot: its agent alone tells of it",
        )
        await tell_last_verdict(known.id, settings, config.parent, console)
        return 2
    reach = MachineReach(FAMILIES_OF[settings.probing.family])
    where = await destinations((known and known.address) or target, LateResolver(), reach, console)
    if where is None:
        return 2
    address = where.first
    clock = SystemClock()
    source = socket_settings(settings.probing).addresses.get(4 if address.version == 4 else 6) or _source(address)
    engine = open_engine(settings.probing, clock)
    try:
        _say(
            console,
            f"dari {source}, {engine.name}/{engine.socket}",
            f"from {source}, engine {engine.name}, {engine.socket} socket",
        )
        timeout_seconds = settings.probing.timeout_seconds
        results = await _probe_all(engine, address, count, timeout_seconds, clock, console)
        for other in where.others if not judged(results).replies else ():
            _say(console, f"alamat lain dari nama itu: {other}", f"another address of the name: {other}")
            results += await _probe_all(engine, other, count, timeout_seconds, clock, console)
    finally:
        engine.close()
    tally = judged(results)
    median = "" if tally.median_rtt_seconds is None else f", median RTT {tally.median_rtt_seconds * 1e3:.2f} ms"
    colour = "green" if tally.replies else "red" if tally.conclusive else "yellow"
    console.print(
        f"[bold {colour}]{tally.verdict[0]}[/] [dim]/ {tally.verdict[1]}[/] ({tally.replies}/{tally.sent}{median})"
    )
    if known:
        await tell_last_verdict(known.id, settings, config.parent, console)
    return 0 if tally.replies else 1 if tally.conclusive else 2


def _configuration(config: Path, console: Console) -> Configuration | None:
    try:
        return load(config)
    except ConfigurationError as error:
        first = escape(str(error.problems[0]))
        _say(
            console,
            f"konfigurasi tidak terbaca, hanya alamat yang bisa diprobe: {first}",
            "the configuration is not usable, only addresses can be probed; see `pantau check`",
        )
        return None


def _find(target: str, configuration: Configuration) -> Hotspot | Uplink | None:
    inventory = configuration.inventory
    probed = {uplink.id: uplink for uplink in inventory.probed_uplinks}
    return inventory.hotspot_by_id.get(target) or probed.get(target)


def _introduce(target: str, known: Hotspot | Uplink | None, console: Console) -> None:
    console.print(f"[bold]{escape(target)}[/]")
    if isinstance(known, Uplink):
        isp = f"ISP {known.isp}" if known.isp else ""
        console.print(f"  {escape(' · '.join(filter(None, (known.name, known.kecamatan, isp))))}")
    elif known:
        hotspot = known
        place = ", ".join(filter(None, (hotspot.kelurahan, hotspot.kecamatan)))
        carried = f", upstream {hotspot.upstream}" if hotspot.upstream else ""
        details = f"{hotspot.name} · {place} · ISP {hotspot.isp} · {hotspot.access or 'access ?'}{carried}"
        console.print(f"  {escape(details)}")
        if hotspot.status != "active":
            _say(console, f"status {hotspot.status}: tidak dipantau", f"status {hotspot.status}: it is not monitored")


def _source(address: IPv4Address | IPv6Address) -> str:
    """The address that this machine would send from; ``?`` where it has no route."""
    family = socketlib.AF_INET if address.version == 4 else socketlib.AF_INET6
    with socketlib.socket(family, socketlib.SOCK_DGRAM) as sock:
        try:
            sock.connect((str(address), _DISCARD_PORT))  # sends nothing: it only chooses the route
        except OSError:
            return "?"
        name: str = sock.getsockname()[0]
        return name


async def _probe_all(
    engine: Engine,
    address: IPv4Address | IPv6Address,
    count: int,
    timeout_seconds: float,
    clock: Clock,
    console: Console,
) -> list[Observations]:
    async with asyncio.TaskGroup() as tasks:
        runner = tasks.create_task(engine.run())
        collected = []
        for number in range(1, count + 1):
            started_ns = clock.monotonic_ns()
            results = await _probe_once(engine, address, timeout_seconds)
            collected.append(results)
            came = engine.unusable_replies(_TARGET)
            for line in _lines(number, results, heard=bool(came)):
                console.print(line)
            left = _SPACING_SECONDS - (clock.monotonic_ns() - started_ns) / NANOSECONDS
            if number < count and left > 0:
                await asyncio.sleep(left)
        runner.cancel()
    for reply in engine.unusable_replies(_TARGET):
        _tell_unusable(reply.meaning, reply.probes, reply.last_wall_ns / NANOSECONDS, console)
    return collected


async def _probe_once(engine: Engine, address: IPv4Address | IPv6Address, timeout_seconds: float) -> Observations:
    words = np.array([address_words(address)], np.uint64)
    engine.submit(np.full(1, _TARGET, np.int32), np.zeros(1, np.int64), words, round(timeout_seconds * NANOSECONDS))
    while not len(results := engine.collect()):  # noqa: ASYNC110 - an engine is polled, it has nothing to wait on
        await asyncio.sleep(_POLL_SECONDS)
    return results


def _lines(number: int, results: Observations, *, heard: bool) -> Iterator[str]:
    """`heard`: replies have come, though none that counts; then silence is not what there is to tell."""
    for code, rtt_ns in zip(results.outcome.tolist(), results.rtt_ns.tolist(), strict=True):
        outcome = Outcome(code)
        indonesian, english = UNUSABLE if heard and outcome is Outcome.TIMEOUT else MEANINGS[outcome]
        if outcome is Outcome.REPLY:
            yield f"  {number}: [green]{indonesian}[/], {rtt_text(rtt_ns)} [dim]/ {english}[/]"
        else:
            yield f"  {number}: [red]{indonesian}[/] [dim]/ {english} ({outcome.label})[/]"


def _tell_unusable(meaning: tuple[str, str], probes: int, last_seconds: float, console: Console) -> None:
    indonesian, english = map(escape, meaning)
    last = datetime.datetime.fromtimestamp(last_seconds, datetime.UTC).astimezone()
    console.print(f"  [yellow]{indonesian}[/] ({probes}x, {last:%H:%M:%S}) [dim]/ {english}[/]")


async def tell_last_verdict(identifier: str, settings: Settings, folder: Path, console: Console) -> None:
    """What the running exporter says of it, or why it cannot be asked. `folder` is that of the settings."""
    listen = settings.web.listen[0]
    try:
        async with aiohttp.ClientSession() as session:
            asked = client_of(settings.web, folder, listen)
            status, body = await asked.get(session, f"api/hotspots/{identifier}", _ASK_SECONDS)
        known = json.loads(body) if status == 200 else None
    except (ExporterSilentError, ValueError) as error:
        _say(console, f"exporter tidak berjalan di {listen}", escape(str(error)))
        return
    except ExporterRefusesError as error:
        _say(console, "exporter tidak menjawab kita", escape(str(error)))
        return
    if known is None:
        _say(console, "exporter belum mengenal titik ini", "the running exporter does not know this hotspot: reload it")
        return
    since = datetime.datetime.fromtimestamp(known["since_timestamp_seconds"], settings.zone)
    _say(
        console,
        f"menurut exporter: {known['state']} sejak {since:%Y-%m-%d %H:%M:%S %Z}",
        f"the exporter says {known['state']}, {known['replies']} replies to {known['requests']} requests",
    )
    used = known.get("address_in_use")
    if used != known.get("address"):
        reason = f": {escape(known['address_problem'])}" if known.get("address_problem") else ""
        _say(
            console,
            f"alamat yang dipakai exporter: {used or 'belum ada'}",
            f"the exporter probes {used or 'nothing'}{reason}",
        )
    for reply in known.get("unusable_replies", ()):
        last = datetime.datetime.fromtimestamp(reply["last_timestamp_seconds"], settings.zone)
        _say(
            console,
            f"exporter menerima balasan yang tidak dihitung dari {reply['address']}: {reply['defect']}, "
            f"{reply['probes']}x, terakhir {last:%Y-%m-%d %H:%M:%S %Z}",
            escape(f"the exporter too: {reply['meaning']}"),
        )


def _say(console: Console, indonesian: str, english: str) -> None:
    console.print(f"  {indonesian} [dim]/ {english}[/]")
