"""What a person has to do, or should know: programs that are missing, doors, the first look."""

from collections.abc import Iterator
from pathlib import Path

from pantau.stack.install.places import BACKUPS, CONFIG, Places
from pantau.stack.install.units import DEBIANS


def advice(places: Places, agents_door: str | None) -> Iterator[str]:
    """Sentences and commands. `agents_door` is HOST:PORT where agents are heard, if there is such a door."""
    missing = [name for name in DEBIANS if not places.inside(Path("/usr/bin") / name).exists()]
    if missing:
        yield f"not installed yet: sudo apt-get install {' '.join(missing)}; then `pantau install` once more"
    if not places.runs_systemd:
        yield "systemd does not run here: the units are enabled, and start with the machine"
    yield "firewall: 9810 (exporter), 9090 (Prometheus) and 9093 (Alertmanager) listen on 127.0.0.1 alone; open none"
    add = "nft add rule inet filter input"
    yield f"firewall: dashboards, for the office's network only: {add} ip saddr 10.0.0.0/8 tcp dport 3000 accept"
    if agents_door is not None:
        port = agents_door.rpartition(":")[2]
        yield f"firewall: agents at the hotspots: {add} tcp dport {port} accept"
    yield f"firewall: pings and their errors must come back: {add} ct state established,related accept"
    yield f"the journal is backed up each night to {BACKUPS}: copy that to another machine (docs/operation/backup.md)"
    yield f"look: systemctl status pantau; journalctl -u pantau -f; pantau check --live --config {CONFIG}/pantau.yml"
