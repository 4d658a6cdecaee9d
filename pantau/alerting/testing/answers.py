"""What came back, from the log of Alertmanager (logfmt, level debug; the same words from 0.25 to 0.33). Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_PAIR = re.compile(r'([\w.]+)=("(?:[^"\\]|\\.)*"|\S*)')
_ESCAPED = re.compile(r"\\(.)")
_FINAL = re.compile(r"(?:^|; )(?P<receiver>[^\s/]+)/(?P<integration>\w+\[\d+\]): ")
_LISTENING = re.compile(r"^(?:127\.0\.0\.1|\[::1\]):\d+$")
_REASONS = (
    re.compile(r"^notify retry canceled due to unrecoverable error after \d+ attempts: "),
    re.compile(r"^notify retry canceled after \d+ attempts: "),
)


@dataclass(frozen=True, slots=True)
class DeliveryReply:
    """Of one way by which a receiver is told."""

    integration: str
    """`email[0]`"""
    taken: bool
    """Whether the other end took the message."""
    said: str
    """What it said where it did not, as Alertmanager tells it."""
    final: bool = True
    """Whether Alertmanager has given up; else it would go on trying."""

    def __str__(self) -> str:
        if self.taken:
            return f"{self.integration}: taken by the other end"
        return f"{self.integration}: {'refused' if self.final else 'failed, and tried again'}: {self.said}"


def answers_of(log: Iterable[str], integrations: Iterable[str]) -> dict[str, DeliveryReply]:
    """By integration, the latest that the log says of each; of which it says nothing is not in it."""
    found: dict[str, DeliveryReply] = {}
    for line in log:
        pairs = fields(line)
        message = pairs.get("msg", "").lower()
        integration = pairs.get("integration", "")
        if message == "notify success":
            found[integration] = DeliveryReply(integration, True, "")
        elif message.startswith("notify attempt failed"):
            found.setdefault(integration, DeliveryReply(integration, False, "", final=False))
            if not found[integration].taken:
                found[integration] = DeliveryReply(integration, False, pairs.get("err", ""), final=False)
        elif message == "notify for alerts failed":
            for name, said in _finals(pairs.get("err", "")):
                found[name] = DeliveryReply(name, False, said)
    wanted = set(integrations)
    return {name: answer for name, answer in found.items() if name in wanted}


def address_of(log: Iterable[str]) -> str | None:
    """HOST:PORT where it listens; None before it does."""
    for line in log:
        pairs = fields(line)
        if pairs.get("msg") == "Listening on" and _LISTENING.match(pairs.get("address", "")):
            return pairs["address"]
    return None


def complaint(log: Iterable[str]) -> str:
    """Why it did not start: the last error that it told."""
    errors = [pairs for pairs in map(fields, log) if pairs.get("level", "").lower() == "error"]
    return " ".join(filter(None, (errors[-1].get("msg"), errors[-1].get("err")))) if errors else "it says nothing"


def fields(line: str) -> Mapping[str, str]:
    """The keys of a line of logfmt."""
    return {key: _plain(value) for key, value in _PAIR.findall(line)}


def _plain(value: str) -> str:
    if not value.startswith('"'):
        return value
    return _ESCAPED.sub(lambda match: {"n": " ", "t": " "}.get(match[1], match[1]), value[1:-1])


def _finals(error: str) -> Iterable[tuple[str, str]]:
    """Each integration that was given up, and why: they are one error, behind one another."""
    found = list(_FINAL.finditer(error))
    for number, match in enumerate(found):
        end = found[number + 1].start() if number + 1 < len(found) else len(error)
        said = error[match.end() : end]
        for reason in _REASONS:
            said = reason.sub("", said)
        yield match["integration"], said
