"""What holds for every rule, applied by code and not by memory.

- Behind each number that is a threshold stands its name, as a comment.
- Each alert names its runbook, `docs/runbooks/ALERT.md`.
- Each alert has a severity, a scope, a summary and a description.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pantau.alerting.rules.figures import END, NAME, VALUE

SEVERITIES = ("page", "ticket", "info")
_FIGURE = re.compile(f"{NAME}([a-z0-9_]+){VALUE}([^{END}]*){END}")
_WORDS = re.compile(r"^( *)(?:- )?(?:annotations|labels):")
_ALERT = re.compile(r"^( *)- alert: (\w+)$")


def applied(text: str) -> str:
    """A rendered rule file, with the thresholds' names and the runbooks."""
    return "\n".join(_with_runbooks(list(_with_names(text.splitlines())))) + "\n"


def unmarked(text: str) -> str:
    """Figures as their values alone."""
    return _FIGURE.sub(r"\2", text)


def _with_names(lines: list[str]) -> Iterator[str]:
    """Each line without marks; the names behind it but for annotations and labels, where `#` would be a word."""
    words_below = -1
    for line in lines:
        indent = len(line) - len(line.lstrip())
        if line.strip() and indent <= words_below:
            words_below = -1
        if match := _WORDS.match(line):
            words_below = len(match[1])
        names = dict.fromkeys(name for name, _ in _FIGURE.findall(line))
        comment = f"  # {', '.join(names)}" if names and words_below < 0 else ""
        yield unmarked(line) + comment


def _with_runbooks(lines: list[str]) -> Iterator[str]:
    """Each alert's annotations with `runbook_url` as the last but the dashboard's. An alias has its anchor's."""
    alert = ""
    below = ""
    for line in lines:
        if match := _ALERT.match(line):
            alert = match[2]
        ends = below and (not line.startswith(f"{below}  ") or line.startswith(f"{below}  dashboard_url:"))
        if ends:
            yield f"{below}  runbook_url: docs/runbooks/{alert}.md"
            below = ""
        if re.match(r"^ *annotations:(?: &\w+)?$", line):
            below = line[: len(line) - len(line.lstrip())]
        yield line
    if below:
        yield f"{below}  runbook_url: docs/runbooks/{alert}.md"


def breaches(content: Mapping[str, Any]) -> Iterator[str]:
    """What in a built file is not as the conventions are; each a sentence with the rule's name."""
    for group in content.get("groups") or ():
        for rule in group["rules"]:
            if "alert" not in rule:
                continue
            labels, annotations = rule.get("labels", {}), rule.get("annotations", {})
            if labels.get("severity") not in SEVERITIES:
                yield f"{rule['alert']} has no severity; write one of {', '.join(SEVERITIES)} into its labels"
            if not labels.get("scope"):
                yield f"{rule['alert']} has no scope; write into its labels what it is about"
            for key in ("summary", "description"):
                if not annotations.get(key):
                    yield f"{rule['alert']} has no {key}; write one into its annotations"
            if annotations.get("runbook_url") != f"docs/runbooks/{rule['alert']}.md":
                yield f"{rule['alert']} has no runbook; write its annotations on lines of their own"
