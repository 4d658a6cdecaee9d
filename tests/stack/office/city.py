"""The shipped city on one page of metrics: one ISP dark, all else up."""

from collections import Counter
from collections.abc import Iterator

from pantau.inventory import Inventory


def page(inventory: Inventory, dark: str, since: float) -> str:
    """The text that an exporter would give: every hotspot's verdict, names, and a vantage that sees."""
    return "\n".join([*_lines(inventory, dark, since), ""])


def _lines(inventory: Inventory, dark: str, since: float) -> Iterator[str]:
    yield from ("pantau_vantage_up 1", 'pantau_canary_up{canary="gateway",isp=""} 1')
    yield from (f'isp_info{{isp="{isp.id}",name="{isp.name}"}} 1' for isp in inventory.isps)
    yield from (f'kecamatan_info{{kecamatan="{one.id}",name="{one.name}"}} 1' for one in inventory.kecamatan)
    pairs = Counter((hotspot.kecamatan, hotspot.isp) for hotspot in inventory.active_hotspots)
    for (kecamatan, isp), count in pairs.items():
        for state in ("up", "down"):
            shown = count if (state == "down") == (isp == dark) else 0
            yield f'pantau_hotspots{{kecamatan="{kecamatan}",isp="{isp}",contract="",state="{state}"}} {shown}'
    for hotspot in inventory.active_hotspots:
        labels = f'hotspot="{hotspot.id}",kecamatan="{hotspot.kecamatan}",isp="{hotspot.isp}"'
        up = int(hotspot.isp != dark)
        yield f"hotspot_up{{{labels}}} {up}"
        yield f"hotspot_state{{{labels}}} {up}"
        yield f"hotspot_state_since_timestamp_seconds{{{labels}}} {since}"
        if not up:
            yield f"hotspot_down_since_timestamp_seconds{{{labels}}} {since}"
            yield f"hotspot_silent_since_timestamp_seconds{{{labels}}} {since}"
        yield f"hotspot_probe_last_reply_timestamp_seconds{{{labels}}} {since}"
        yield f'hotspot_info{{{labels},name="{hotspot.name}",category="{hotspot.category or ""}"}} 1'
