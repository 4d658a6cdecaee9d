"""Who has acknowledged what, read from an Alertmanager that answers as it should, otherwise, or not at all."""

import json
from typing import Any

import pytest

from exporter.silences import Silences, ticket_of
from pantau.prometheus import PrometheusError
from tests.pantau.prometheus.answering import answering

LABELS = {"alertname": "IspOutage", "severity": "page", "scope": "isp", "isp": "telkom"}


def silence(id_: str, comment: str, starts: str = "2026-03-01T20:30:00.123Z", author: str = "ani") -> dict[str, Any]:
    """One as the API tells it."""
    return {"id": id_, "comment": comment, "createdBy": author, "startsAt": starts, "status": {"state": "active"}}


def alert(*silenced_by: str, **labels: str) -> dict[str, Any]:
    """One as the API tells it."""
    return {"labels": LABELS | labels, "status": {"state": "suppressed", "silencedBy": [*silenced_by]}}


async def looked(alerts: Any, silences: Any, status: int = 200) -> Silences:
    """After one question to an Alertmanager that answers these."""

    def answer(_asked: dict[str, str], handler: Any) -> tuple[int, bytes]:
        content = alerts if handler.path.startswith("/api/v2/alerts") else silences
        return status, content if isinstance(content, bytes) else json.dumps(content).encode()

    with answering(answer) as url:
        found = Silences(url)
        await found.look()
        return found


@pytest.mark.parametrize(
    ("comment", "ticket"),
    [
        ("#1234 teknisi berangkat", "1234"),
        ("teknisi berangkat, tiket #INC-12.", "INC-12"),
        ("# 77", "77"),
        ("#A/2026-07 lalu #B", "A/2026-07"),
        ("#7", "7"),
        ("nomor 1234", ""),
        ("#", ""),
        ("", ""),
    ],
)
def test_the_ticket_is_behind_a_hash(comment: str, ticket: str) -> None:
    """Wherever in the comment it stands, without the full stop of the sentence."""
    assert ticket_of(comment) == ticket


async def test_an_alert_is_told_with_who_silenced_it_and_why() -> None:
    """Comment on one line, and not without end; of several silences the first that says why."""
    silences = [silence("a", " "), silence("b", "#9 menunggu\nPLN"), silence("c", "x" * 500, "2026-03-01T20:31:00Z")]
    found = await looked([alert("a", "c", "b"), alert("c", isp="biznet"), alert("gone", isp="icon"), alert()], silences)
    assert found.alertmanager_up
    assert [(one.labels["isp"], one.comment, one.ticket) for one in found.silenced] == [
        ("telkom", "#9 menunggu PLN", "9"),
        ("biznet", "x" * 120, ""),
    ]
    assert found.silenced[0].author == "ani"
    assert found.silenced[0].since_seconds == pytest.approx(1772397000.123)


@pytest.mark.parametrize(
    ("alerts", "status"),
    [([], 503), (b"<html>", 200), ([{"labels": {}}], 200), ({"status": "success"}, 200), (b"\xff", 200)],
    ids=["refused", "no JSON", "other fields", "another program", "no UTF-8"],
)
async def test_an_answer_that_is_none_is_told_and_changes_nothing_else(alerts: Any, status: int) -> None:
    """Then nobody knows who has acknowledged what, and nothing is raised."""
    found = await looked(alerts, [], status)
    assert not found.alertmanager_up
    assert found.silenced == ()


async def test_what_was_known_is_not_believed_while_nobody_answers() -> None:
    """An acknowledgement may have been taken back meanwhile."""
    found = await looked([alert("a")], [silence("a", "#1")])
    assert len(found.silenced) == 1
    await found.look()
    assert not found.alertmanager_up
    assert found.silenced == ()


def test_an_address_that_is_none_is_refused_at_the_start() -> None:
    """With a sentence, and not after the first question."""
    with pytest.raises(PrometheusError, match="is no address"):
        Silences("alertmanager:9093")
