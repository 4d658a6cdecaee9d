"""Own limits by access: a satellite link is not degraded for what it cannot help, and a reload changes the limits."""

from pathlib import Path

from exporter.kinds import plan_of
from exporter.planning.policy import QualityLimits
from exporter.probing.icmp.plan import plan_icmp
from pantau.inventory import load
from pantau.states import State
from tests.exporter.monitor.watched import Watched, hotspots
from tests.exporter.monitor.watched import plan_of as plan_for
from tests.network import MS, SECOND, answers

INVENTORY = """
isps: [{id: telkom, name: Telkom}]
kecamatan: [{id: maesa, name: Maesa}]
uplinks: [{id: pop, name: POP, isp: telkom, address: 10.1.0.1}]
hotspots:
  - {id: fibre, name: A, address: 10.0.0.1, kecamatan: maesa, isp: telkom, access: ftth_gpon}
  - {id: sky, name: B, address: 10.0.0.2, kecamatan: maesa, isp: telkom, access: vsat}
  - {id: nobody-knows, name: C, address: 10.0.0.3, kecamatan: maesa, isp: telkom}
"""


def test_rows_of_an_access_with_own_limits_have_them(tmp_path: Path) -> None:
    """Only those; fibre's are as for all though they are written down, and the uplink has no access."""
    own = "{vsat: {rtt: 900ms}, ftth_gpon: {loss_ratio: 0.1}}"
    settings = f"inventory: [inventory.yml]\nprobing: {{degraded: {{access: {own}}}}}\n"
    (tmp_path / "pantau.yml").write_text(settings)
    (tmp_path / "inventory.yml").write_text(INVENTORY)
    plan = plan_of(load(tmp_path / "pantau.yml"))
    assert plan.ids == ("fibre", "sky", "nobody-knows", "pop")
    assert plan.kinds[0].own_limits == {1: QualityLimits(0.1, 900 * MS)}


def test_settings_without_own_limits_make_none(tmp_path: Path) -> None:
    """What nobody asks for costs nothing."""
    (tmp_path / "pantau.yml").write_text("inventory: [inventory.yml]\n")
    (tmp_path / "inventory.yml").write_text(INVENTORY)
    configuration = load(tmp_path / "pantau.yml")
    assert plan_icmp(configuration, configuration.inventory.active_hotspots).own_limits == {}


def test_a_satellite_point_is_up_within_its_own_limits_and_a_reload_changes_them() -> None:
    """At 600 ms: degraded under the limit for all, 500 ms, and up under 900 ms; each follows what is loaded."""
    high = {1: QualityLimits(0.1, 900 * MS)}
    city = Watched(plan_for(hotspots(2), own_limits=high))
    city.network.hosts["10.77.0.1"] = city.network.hosts["10.77.0.2"] = answers(600 * MS)
    city.run(30 * SECOND)
    assert (city.state_of("h0"), city.state_of("h1")) == (State.DEGRADED, State.UP)
    city.reload(plan_for(hotspots(2)))
    city.run(15 * SECOND)
    assert (city.state_of("h0"), city.state_of("h1")) == (State.DEGRADED, State.DEGRADED)
    city.reload(plan_for(hotspots(2), own_limits={0: QualityLimits(0.1, 900 * MS), **high}))
    city.run(15 * SECOND)
    assert (city.state_of("h0"), city.state_of("h1")) == (State.UP, State.UP)


def test_own_limits_follow_their_hotspot_over_a_reload() -> None:
    """The satellite point moves from row 1 to row 0: the limit goes with it, not with the row."""
    city = Watched(plan_for(hotspots(2), own_limits={1: QualityLimits(0.1, 900 * MS)}))
    city.network.hosts["10.77.0.1"] = city.network.hosts["10.77.0.2"] = answers(600 * MS)
    city.run(30 * SECOND)
    swapped = {"h1": "10.77.0.2", "h0": "10.77.0.1"}
    city.reload(plan_for(swapped, own_limits={0: QualityLimits(0.1, 900 * MS)}))
    city.run(15 * SECOND)
    assert (city.state_of("h0"), city.state_of("h1")) == (State.DEGRADED, State.UP)
