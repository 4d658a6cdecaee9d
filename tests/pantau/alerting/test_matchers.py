"""Matchers as Alertmanager reads and applies them."""

import pytest

from pantau.alerting.errors import AlertingError
from pantau.alerting.matchers import all_match, parse_matchers


@pytest.mark.parametrize(
    ("text", "matching", "other"),
    [
        ('isp="telkom"', {"isp": "telkom"}, {"isp": "telkom2"}),
        ("isp=telkom", {"isp": "telkom"}, {}),
        ('isp=""', {}, {"isp": "telkom"}),
        ('isp!=""', {"isp": "telkom"}, {}),
        ('scope=~"isp|uplink"', {"scope": "uplink"}, {"scope": "uplinks"}),
        ('scope!~"isp|uplink"', {"scope": "city"}, {"scope": "isp"}),
        ('{scope="isp", isp=~"a.*"}', {"scope": "isp", "isp": "abc"}, {"scope": "isp", "isp": "b"}),
        (r'name="with \"quotes\", and a comma"', {"name": 'with "quotes", and a comma'}, {"name": "with"}),
    ],
)
def test_a_matcher(text: str, matching: dict[str, str], other: dict[str, str]) -> None:
    """With and without quotes and braces; regular expressions are anchored; a missing label is an empty one."""
    matchers = parse_matchers(text)
    assert all_match(matchers, matching)
    assert not all_match(matchers, other)


@pytest.mark.parametrize("text", ["isp", '="x"', 'isp="x" scope="y"', '"isp"'])
def test_what_is_no_matcher_is_refused(text: str) -> None:
    """With the form that it should have."""
    with pytest.raises(AlertingError, match='is not a matcher of Alertmanager; write label="value"'):
        parse_matchers(text)
