"""What a new version changes is told figure by figure, by names and not by places."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from lab.samples.accounting import APRIL, WITA, span
from lab.samples.evidence import CITY, TELKOM, Recorded, dark
from pantau.reports.edition import Difference
from pantau.reports.publishing.differences import differences
from pantau.reports.publishing.edition_files import data_file
from pantau.reports.statement import make_statement, survey

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)


def data_of(evidence: Recorded) -> dict[str, Any]:
    """A statement's data, as it is read back."""
    made = json.loads(data_file(make_statement(TELKOM, survey(CITY, evidence, APRIL, WITA))))
    assert isinstance(made, dict)
    return made


@settings(deadline=None)
@given(st.dictionaries(st.text(max_size=5), JSON, max_size=4))
def test_what_is_equal_has_no_differences(data: dict[str, Any]) -> None:
    """Equal data give no differences."""
    assert differences(data, json.loads(json.dumps(data))) == ()


def test_a_minute_more_is_told_where_it_stands() -> None:
    """A changed second shows in its point's figures and the sums, and nowhere else."""
    before = data_of(Recorded({"P-1": dark(span("04-03", "04-05"))}))
    after = data_of(Recorded({"P-1": dark(span("04-03", "04-05 00:01"))}))
    found = {one.field: one for one in differences(before, after)}
    assert found["points[P-1].charged_seconds"] == Difference("points[P-1].charged_seconds", "172800", "172860")
    assert found["summary.charged_seconds"].after == "172860"
    assert found["points[P-1].availability"].before == "14/15 (93.3333 %)"
    assert found["payment.restitution"].before != found["payment.restitution"].after
    assert not [name for name in found if "P-2" in name or "P-3" in name]


def test_one_row_more_does_not_change_all_after_it() -> None:
    """A row that is inserted is one new row; rows after it do not differ."""
    old = span("04-20", "04-21")
    before = data_of(Recorded({"P-1": dark(old)}))
    after = data_of(Recorded({"P-1": dark(span("04-03", "04-05"), old)}))
    events = [one for one in differences(before, after) if one.field.startswith("events[")]
    begun = [one for one in events if one.field.endswith(".seconds")]
    assert [(one.before, one.after) for one in begun] == [(None, "172800")]


def test_what_is_gone_has_no_after() -> None:
    """A missing value and a null value are told apart."""
    assert differences({"a": 1, "b": None}, {"b": 2}) == (Difference("a", "1", None), Difference("b", "null", "2"))
