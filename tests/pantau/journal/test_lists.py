"""Lists as text: what people sign is read back exactly, and one changed sign makes it no list of Pantau's."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pantau.errors import JournalError
from pantau.journal.lists import (
    WORD_OF,
    DecisionList,
    ItemKind,
    ListItem,
    clean,
    digest_of_list,
    list_text,
    read_list,
)

ITEM = ListItem(ItemKind.CAUSE, "4711", "BTG-1", 1_712_678_400, 1_712_682_000, "pemantau", "BA-1", 24_306, "kabel NOC")
MADE = DecisionList(
    "2024-04", "", "Asia/Makassar", "ani", 1_714_500_000, f"42:{'ab' * 32}", -5_000, (ITEM, ITEM._replace(end=None))
)


def test_a_list_can_be_read_by_people() -> None:
    """Local times with their distance from UTC, rupiah with points, words of the office."""
    lines = list_text(MADE).decode().splitlines()
    assert lines[0] == "PANTAU: DAFTAR KEPUTUSAN, BENTUK 1"
    assert lines[2:4] == ["Cakupan: seluruh kota", "Zona waktu: Asia/Makassar"]
    assert lines[7:9] == ["Pengaruh seluruhnya: -Rp5.000", "Jumlah butir: 2"]
    assert lines[11] == (
        "1 | sebab | #4711 | BTG-1 | 2024-04-10 00:00:00+08:00 | 2024-04-10 01:00:00+08:00 | pemantau | BA-1 | "
        "Rp24.306 | kabel NOC"
    )
    assert set(WORD_OF) == set(ItemKind)
    assert ITEM.outage == 4711


@pytest.mark.parametrize(
    ("currency", "told"),
    [
        (("USD", 2), ["-USD 50.00", "USD 243.06"]),
        (("JPY", 0), ["-JPY 5000", "JPY 24306"]),
        (("KWD", 3), ["-KWD 5.000", "KWD 24.306"]),
        (("IDR", 2), ["-IDR 50.00", "IDR 243.06"]),
    ],
)
def test_a_list_says_what_its_amounts_are_in(currency: tuple[str, int], told: list[str]) -> None:
    """Another currency stands by its code, and comes back with its decimals; a list of two currencies is none."""
    made = MADE._replace(currency=currency[0], digits=currency[1])
    text = list_text(made)
    assert read_list(text) == made
    lines = text.decode().splitlines()
    assert [lines[7].removeprefix("Pengaruh seluruhnya: "), lines[11].split(" | ")[8]] == told
    with pytest.raises(JournalError):
        read_list(text.replace(told[0].encode(), b"-Rp5.000"))


plain = st.text(st.characters(codec="utf-8"), max_size=12).map(clean).filter(lambda text: text not in ("-", ""))
seconds = st.integers(0, 4_000_000_000)
items = st.builds(
    lambda kind, number, name, *rest: ListItem(
        kind, str(number) if kind in (ItemKind.CAUSE, ItemKind.EXCLUSION) else name.replace("#", ""), *rest
    ),
    st.sampled_from(ItemKind),
    st.integers(1, 10**9),
    plain.filter(lambda text: "#" not in text),
    plain | st.just(""),
    st.none() | seconds,
    st.none() | seconds,
    plain | st.just(""),
    plain | st.just(""),
    st.none() | st.integers(-(10**12), 10**12),
    plain | st.just(""),
)
lists = st.builds(
    DecisionList,
    st.just("2024-04"),
    st.sampled_from(["", "maesa-telkom"]),
    st.sampled_from(["Asia/Makassar", "Asia/Jakarta", "UTC"]),
    st.just("ani"),
    seconds,
    st.just(f"1:{'0' * 64}"),
    st.none() | st.integers(-(10**12), 10**12),
    st.lists(items, max_size=4).map(tuple),
    st.just("IDR"),
    st.just(0),
)


@settings(max_examples=60, deadline=None)
@given(lists)
def test_a_list_is_read_back_as_it_was_made(made: DecisionList) -> None:
    """Whatever people write into reasons and documents."""
    assert read_list(list_text(made)) == made


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(list_text(MADE)) - 1), st.integers(0, 255))
def test_one_changed_byte_is_another_list_or_none(place: int, byte: int) -> None:
    """What is still a list has another name, which nobody has signed."""
    text = bytearray(list_text(MADE))
    if text[place] == byte:
        return
    text[place] = byte
    assert digest_of_list(bytes(text)) != digest_of_list(list_text(MADE))
    try:
        read = read_list(bytes(text))
    except JournalError:
        return
    assert read != MADE


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"\xff",
        list_text(MADE) + b"\n",
        list_text(MADE)[:-1],
        list_text(MADE).replace(b"\n", b"\r\n"),
        list_text(MADE).replace(b"Jumlah butir: 2", b"Jumlah butir: 3"),
        list_text(MADE).replace(b"Asia/Makassar", b"Asia/Nowhere"),
        list_text(MADE).replace(b"Asia/Makassar", b"../../etc/passwd"),
        list_text(MADE).replace(b"+08:00", b""),
        list_text(MADE).replace(b"1 | sebab", b"1 | karena"),
        list_text(MADE).replace(b"Rp24.306", b"Rp24306"),
    ],
)
def test_what_pantau_would_not_write_is_no_list(wrong: bytes) -> None:
    """One sentence with the cure."""
    with pytest.raises(JournalError, match="is no list of decisions, or was changed by hand; take the file"):
        read_list(wrong)


def test_what_cannot_be_seen_is_not_signed() -> None:
    """Line ends, signs that turn the direction of text, and what looks like the end of a field go."""
    assert clean(" kabel\n NOC\u202e | putus\x07 ") == "kabel NOC / putus"
