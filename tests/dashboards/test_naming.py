"""Short names of ISPs: each tells one from all others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.naming import LONGEST, shortened

CASES = [
    ({"a": "Telkom", "b": "Biznet"}, {"a": "Telkom", "b": "Biznet"}),
    (
        {"a": "PT Telkom Indonesia", "b": "PT Biznet Gio Nusantara", "c": "PT. Jinom Network"},
        {"a": "Telkom", "b": "Biznet", "c": "Jinom"},
    ),
    (
        {"a": "PT Media Lintas Data", "b": "PT Media Antar Nusa", "c": "CV Media Lintas Benua"},
        {"a": "Media Lintas Data", "b": "Media Antar", "c": "Media Lintas Benua"},
    ),
    ({"a": "PT Sinar Jaya Abadi", "b": "CV Sinar Jaya Abadi"}, {"a": "a", "b": "b"}),
    ({"a": "PT"}, {"a": "PT"}),
    ({}, {}),
]


@pytest.mark.parametrize(("names", "short"), CASES)
def test_a_name_is_as_short_as_it_may_be(names: dict[str, str], short: dict[str, str]) -> None:
    """By its first words, without the kind of body, and by its id where nothing else tells it."""
    assert shortened(names) == short


@given(
    st.dictionaries(
        st.from_regex(r"[a-z]{3}", fullmatch=True),
        st.lists(
            st.sampled_from(["PT", "CV", "Tbk", "Media", "Lintas", "Data", "Sinar", "Jaya"]), min_size=1, max_size=5
        ),
        max_size=8,
    )
)
def test_no_two_are_alike(words: dict[str, list[str]]) -> None:
    """Whatever the names are, and none is a PT unless its whole name is."""
    names = {id_: " ".join(parts) for id_, parts in words.items()}
    short = shortened(names)
    assert len(set(short.values())) == len(names)
    told = {id_ for id_, name in names.items() if set(name.split()) - {"PT", "CV", "Tbk"} and len(name) > LONGEST}
    assert [short[id_] for id_ in told if short[id_] in {"PT", "CV", "Tbk"}] == []
