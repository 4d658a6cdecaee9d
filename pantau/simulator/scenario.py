"""Scenario files: read, validated, found by name. What their events do to the city is `script`'s business."""

from pathlib import Path
from typing import Self

from pydantic import BaseModel, Field, PrivateAttr, model_validator

from pantau.errors import Problem, ScenarioError
from pantau.inventory.durations import format_duration
from pantau.inventory.fields import FROZEN, Id, Seconds, Text, fault
from pantau.inventory.source import Branch, Step, decode, line_of
from pantau.inventory.validation import check
from pantau.inventory.wording import did_you_mean, listed, quote
from pantau.inventory.yaml_source import parse_yaml
from pantau.simulator import events as kinds
from pantau.simulator import service_events
from pantau.simulator.equipping import ScriptedAgents

SHIPPED = Path(__file__).parent / "scenarios"


class ScriptedEvent(BaseModel):
    """One item of the list of events: its kind, and below it what that kind needs."""

    model_config = FROZEN
    isp_outage: kinds.IspOutage | None = None
    kecamatan_outage: kinds.KecamatanOutage | None = None
    kelurahan_power_cut: kinds.KelurahanPowerCut | None = None
    uplink_cut: kinds.UplinkCut | None = None
    hotspot_down: kinds.HotspotDown | None = None
    flap: kinds.Flap | None = None
    loss: kinds.Loss | None = None
    latency: kinds.Latency | None = None
    unreachable: kinds.Unreachable | None = None
    vantage_cut: kinds.VantageCut | None = None
    send_failure: kinds.SendFailure | None = None
    receive_overflow: kinds.ReceiveOverflow | None = None
    isolated: service_events.Isolated | None = None
    no_internet: service_events.NoInternet | None = None
    agent_silent: service_events.AgentSilent | None = None
    ping_filtered: service_events.PingFiltered | None = None
    door_closed: service_events.DoorClosed | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise fault(f"must be exactly one event with its values; known are {', '.join(ScriptedEvent.model_fields)}")
        return self

    @property
    def kind(self) -> str:
        """The key of its event."""
        return next(iter(self.model_fields_set))

    @property
    def event(self) -> kinds.ScenarioEvent:
        """Its event."""
        event: kinds.ScenarioEvent = getattr(self, self.kind)
        return event


class Dead(BaseModel):
    """Hotspots that never answer, from before the start."""

    model_config = FROZEN
    count: int | None = Field(None, ge=1, description="So many, chosen by the seed.")
    hotspots: tuple[Id, ...] = Field((), description="These.")

    @model_validator(mode="after")
    def _either(self) -> Self:
        if (self.count is None) == (not self.hotspots):
            raise fault("needs 'count' or 'hotspots'; give one of them")
        return self


class Scenario(BaseModel):
    """What happens in the city, and when."""

    model_config = FROZEN
    name: Text = Field(description="Title shown to people.")
    description: Text | None = Field(None, description="What it is for.")
    background_loss: bool = Field(True, description="Whether links lose a few packets by their nature.")
    dead: Dead | None = Field(None, description="Hotspots that never answer.")
    agents: ScriptedAgents | None = Field(
        None, description="Agents at hotspots, where the inventory has none and the settings know of no door."
    )
    repeat_every_seconds: Seconds | None = Field(
        None, alias="repeat_every", description="The script begins anew after this time: for events with 'for' alone."
    )
    events: tuple[ScriptedEvent, ...] = Field((), description="The script.")
    _file: Path = PrivateAttr(Path("scenario"))
    _root: Branch | None = PrivateAttr(None)

    @model_validator(mode="after")
    def _fits_into_the_loop(self) -> Self:
        loop = self.repeat_every_seconds
        if loop is None:
            return self
        for index, entry in enumerate(self.events):
            event = entry.event
            if event.repeat_every_seconds is not None or event.daily_seconds is not None or event.for_seconds is None:
                continue
            if event.for_seconds > loop or (event.at_seconds or 0) >= loop:
                raise fault(
                    f"events.{index}.{entry.kind} begins or lasts beyond the {format_duration(loop)} of "
                    "'repeat_every'; shorten it or lengthen the loop"
                )
        return self

    def problem(self, path: tuple[Step, ...], message: str) -> Problem:
        """What is wrong at `path` (list indices from 0), with the file and line that it was read from."""
        line = 0 if self._root is None else line_of(self._root, path)
        return Problem(self._file, line, dotted(path), message)


def load_scenario(file: Path) -> Scenario:
    """The scenario that `file` holds; `ScenarioError` with every problem, each on a line, if it is not usable."""
    text = decode(_read(file), file)
    if not isinstance(text, str):
        raise scenario_error(text)
    root, problems = parse_yaml(text, file)
    if root is None:
        raise scenario_error(problems)
    checked = check(Scenario, root)
    places = ((line_of(root, one.path), dotted(one.path), one.message) for one in checked.problems)
    problems += [Problem(file, *place) for place in places]
    if problems:
        raise scenario_error(problems)
    scenario = checked.value
    # The frozen model allows no assignment of fields; these two say where it came from and are none.
    scenario._file, scenario._root = file, root  # noqa: SLF001
    return scenario


def scenario_error(problems: list[Problem]) -> ScenarioError:
    """One error that says them all, in the order of the file."""
    return ScenarioError("\n".join(map(str, sorted(problems))))


def find_scenario(name: str) -> Path:
    """The file that `name` means: one of the shipped scenarios, or else a path. `ScenarioError` if there is none."""
    shipped = {file.stem: file for file in sorted(SHIPPED.glob("*.yml"))}
    if name in shipped:
        return shipped[name]
    if Path(name).is_file():
        return Path(name)
    cure = did_you_mean(name, shipped) if Path(name).suffix == "" else f"known are {listed(shipped)}"
    raise ScenarioError(f"{quote(name)} is neither a file nor a shipped scenario; {cure}")


def dotted(path: tuple[Step, ...]) -> str:
    """A path as people read it in a message; the items of a list count from 0, as everywhere in Pantau's messages."""
    return ".".join(map(str, path))


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or str(error)
        raise ScenarioError(f"{file}: cannot be read ({reason}); correct its name or its permissions") from error
