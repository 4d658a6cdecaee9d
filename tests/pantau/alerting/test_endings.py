"""Every alert, firing, told again and ended in each way, in both languages: what a message may and may not say.

The alerts are those of the shipped rules, so one that is added is covered by itself. Alertmanager's own template engine
renders them.
"""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from pantau.alerting.sentences import ENDED, ENDINGS
from pantau.alerting.word_templates import LOCALE
from pantau.texts import LANGUAGES, catalogue
from tests.pantau.alerting.amtool import rendered
from tests.pantau.alerting.test_sentences import shape_of
from tests.rules.checking import Rule, shipped_rules

TOLD, OVER = "2026-03-01T20:31:42Z", "2026-03-01T20:35:20Z"
SINCE, UNTIL = "02-03-2026 04:30:00 WITA", "02-03-2026 04:34:10 WITA"
ENDS = ("", *ENDINGS)
SPEAKING = [rule for rule in shipped_rules() if rule.get("annotations", {}).get("what")]
ON_OUTAGES = [rule for rule in SPEAKING if "silent" in rule["annotations"]]
WRONG = {
    "id": re.compile(
        r"\b(padam|putus|gagal|mati|lambat|terganggu|buruk|hidup-mati|belum menilai|ditolak|kehilangan|tidak terlihat"
        r"|belum pernah|diisolir|mengisolir|tanpa internet|habis)\b"
    ),
    "en": re.compile(
        r"\b(down|cut|fails?|slow|degraded|poor|impaired|refused|flapping|lost|loses|shrunk"
        r"|cannot|never|suspended|no internet|expires)\b",
        re.IGNORECASE,
    ),
}
"""What says of a thing that something is wrong with it."""
RECOVERED = {"id": re.compile("pulih", re.IGNORECASE), "en": re.compile("resolved|recovered", re.IGNORECASE)}


class Case(NamedTuple):
    """One message."""

    rule: Rule
    status: str
    ended: str
    language: str

    @property
    def name(self) -> str:
        """As a failure shows it."""
        return f"{self.rule['alert']} {self.status} {self.ended or '-'} {self.language}"


def said(rule: Rule, ended: str) -> dict[str, str]:
    """The annotations of a rule, with what Prometheus would fill in."""
    notes = {key: shape_of(text).replace("{}", "Kuda Laut") for key, text in rule["annotations"].items()}
    notes |= {key: SINCE for key in notes if key == "since"}
    left = {key: notes[key] for key in notes if key not in ("silent", "until", "lasted", "window", "ended")}
    if not ended or "ended" not in notes:
        return left
    left |= {"ended": ended, "window": "telkom-2026-03"}
    if ended in ("recovered", "partly", "unserved"):
        left |= {"until": UNTIL, "lasted": "4m 10s"}
    if ended not in ("recovered", "unserved"):
        left["silent"] = "48 dari 143 titik"
    return left


def alert_of(case: Case) -> dict[str, Any]:
    """As Alertmanager holds it."""
    labels = {"alertname": case.rule["alert"], "isp": "pc24", "kecamatan": "girian", **case.rule["labels"]}
    ends = {"endsAt": OVER} if case.status == "resolved" else {}
    return {
        "status": case.status,
        "labels": labels,
        "annotations": said(case.rule, case.ended),
        "startsAt": TOLD,
        **ends,
    }


def cases() -> Iterator[Case]:
    """Each rule firing, and ended in each way that it can tell of."""
    for rule, language in product(SPEAKING, LANGUAGES):
        yield Case(rule, "firing", "", language)
        for ended in ENDS if rule in ON_OUTAGES else ENDS[:2] if "ended" in rule["annotations"] else ENDS[:1]:
            yield Case(rule, "resolved", ended, language)


Messages = list[tuple[Case, str]]


@pytest.fixture(scope="module")
def messages(tmp_path_factory: pytest.TempPathFactory) -> Messages:
    """Every message, whole."""
    folder = tmp_path_factory.mktemp("messages")

    def message(numbered: tuple[int, Case]) -> tuple[Case, str]:
        number, case = numbered
        own = folder / str(number)
        own.mkdir()
        return case, rendered("pantau.text", [alert_of(case)], case.language, own)

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(message, enumerate(cases())))


def breaking(messages: Messages, wrong: Callable[[Case, str, str], bool]) -> list[tuple[str, str]]:
    """Names and first lines of those that are wrong, by what they are, their first line and their whole text."""
    return [
        (case.name, text.partition("\n")[0]) for case, text in messages if wrong(case, text.partition("\n")[0], text)
    ]


def test_every_alert_says_since_when() -> None:
    """No rule leaves it to Alertmanager, which knows only when it was told; only the Watchdog has nothing to say."""
    assert [rule["alert"] for rule in shipped_rules() if "alert" in rule and "since" not in rule["annotations"]] == [
        "Watchdog"
    ]
    assert {rule["labels"]["scope"] for rule in ON_OUTAGES} == {
        *("city", "kecamatan", "isp", "isp_kecamatan", "uplink", "hotspot")
    }


def test_since_is_what_the_rule_says(messages: Messages) -> None:
    """In the first page and at the end alike; when Alertmanager was told is nowhere."""
    assert breaking(messages, lambda _, __, text: SINCE not in text or "04:31:42" in text) == []


def test_the_end_is_not_read_as_a_beginning(messages: Messages) -> None:
    """The first line of an end says how it ended, and nothing of what was wrong; that of a beginning does not."""

    def wrong(case: Case, first: str, _: str) -> bool:
        words = catalogue(LOCALE, case.language).gettext
        ends = [words(ending) for ending in (*ENDINGS.values(), ENDED)]
        if case.status == "firing":
            return any(first.startswith(end) for end in ends) or bool(RECOVERED[case.language].search(first))
        expected = words(ENDINGS.get(case.ended, ENDED))
        return not first.startswith(f"{expected} · ") or bool(WRONG[case.language].search(first))

    assert breaking(messages, wrong) == []


def test_the_beginning_says_what_is_wrong(messages: Messages) -> None:
    """So that the words by which an end is told from it are there to be found, and each alert's are looked for."""
    loud = {case.rule["alert"] for case, text in messages if WRONG[case.language].search(text.partition("\n")[0])}
    quiet = {"InventoryEmptyOrShrunk", "AvailabilityBudgetBurn", "MaintenanceOverrun", "PantauDown", "JournalFailing"}
    quiet |= {"AnchorOverdue", "AgentSilent", "AgentsDoorClosed", "PingFiltered"}
    assert {rule["alert"] for rule in SPEAKING} - loud <= quiet | {"HotspotFlapping"}


def test_recovered_is_said_only_of_what_answers(messages: Messages) -> None:
    """Of no window, no point that was taken out, no cause that went over into another, and of nothing unknown."""

    def wrong(case: Case, _: str, text: str) -> bool:
        return bool(RECOVERED[case.language].search(text)) != (case.ended in ("recovered", "partly"))

    assert breaking(messages, wrong) == []


def test_what_is_silent_is_counted(messages: Messages) -> None:
    """N of M, in the first line and below; a hotspot's own says that it is."""
    count = {"id": ("48/143", "48 dari 143 titik"), "en": ("48/143", "48 of 143 hotspots")}

    def wrong(case: Case, first: str, text: str) -> bool:
        if "silent" not in said(case.rule, case.ended):
            return "48" in text
        short, long = count[case.language]
        alone = case.rule["labels"]["scope"] == "hotspot" and case.ended != "removed"
        return long not in text or (("diam" if case.language == "id" else "silent") if alone else short) not in first

    assert breaking(messages, wrong) == []


def test_how_long_is_from_the_first_loss_to_the_first_answer(messages: Messages) -> None:
    """As the rule reckons it, and only where something answers; else there is only when the alert ended."""
    lasted = {"id": "4 menit 10 detik", "en": "4 min 10 s"}

    def wrong(case: Case, _: str, text: str) -> bool:
        answered = case.ended in ("recovered", "partly", "unserved") and case.rule in ON_OUTAGES
        ended = "05:35:20" in text or "04:35:20" in text
        if case.status == "firing" or (case.ended and case.rule not in ON_OUTAGES):
            return False
        return (lasted[case.language] in text and UNTIL in text) != answered or ended == answered

    assert breaking(messages, wrong) == []


def test_a_window_is_named(messages: Messages) -> None:
    """Where it is what ended the alert."""
    assert breaking(messages, lambda case, _, text: ("telkom-2026-03" in text) != (case.ended == "maintenance")) == []


def test_no_id_is_dressed_up_as_a_name(messages: Messages) -> None:
    """An ISP is called what the inventory calls it."""
    assert breaking(messages, lambda _, __, text: re.search("pc24", text, re.IGNORECASE) is not None) == []


def test_english_is_english(messages: Messages) -> None:
    """No word of the rules' language but names and the offices' own words."""
    indonesian = re.compile(
        r"\b(titik|dari|sejak|sampai|diam|menjawab|seluruh|satu|lain|gangguan|jalur|kita|padam|putus|ruang|antara)\b",
        re.IGNORECASE,
    )

    def wrong(case: Case, _: str, text: str) -> bool:
        return case.language == "en" and indonesian.search(re.sub(r"/d/\S+", "", text)) is not None

    assert breaking(messages, wrong) == []


def test_a_first_line_fits_a_lock_screen(messages: Messages) -> None:
    """Also with the longest way in which an alert may end."""
    assert breaking(messages, lambda _, first, __: len(first) > 80) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_of_ends_says_each_ones_own(language: str, tmp_path: Path) -> None:
    """Several in one message: those that answer, those in a window, those of which nothing is known; and no PULIH."""
    rule = next(rule for rule in SPEAKING if rule["alert"] == "HotspotDown")
    many = [alert_of(Case(rule, "resolved", ended, language)) for ended in ("recovered", "maintenance", "")]
    text = rendered("pantau.text", many, language, tmp_path)
    assert not RECOVERED[language].search(text)
    assert text.startswith(catalogue(LOCALE, language).gettext(ENDED))
    lines = [line.partition("; ")[2] for line in text.splitlines() if line.startswith("- ")]
    expected = {
        "id": [
            "lamanya 4 menit 10 detik",
            "masih diam: 48 dari 143 titik; jendela pemeliharaan dimulai",
            "peringatan berakhir; keadaan sekarang lihat dasbor",
        ],
        "en": [
            "lasted 4 min 10 s",
            "still silent: 48 of 143 hotspots; a maintenance window has begun",
            "the alert has ended; how its subject is now, the dashboard shows",
        ],
    }
    assert lines == expected[language]
    alike = rendered("pantau.title", [many[0], many[0]], language, tmp_path)
    assert alike == {"id": "PULIH · Kuda Laut · 2 titik", "en": "RESOLVED · Kuda Laut · 2 hotspots"}[language]
