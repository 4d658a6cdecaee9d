"""Probes wait while a reload is applied: what each row adds to that is little."""

from exporter.rollback import _Memory
from pantau.inventory.addresses import parse_ip


def test_the_texts_and_numbers_of_rows_are_not_walked_through() -> None:
    """They cannot change; the containers that hold them are put back as they were all the same."""
    texts, rows = [f"h{row}" for row in range(1000)], {f"h{row}": row for row in range(1000)}
    assert [list(_Memory()._keep(held)) for held in (texts, rows, tuple(texts))] == [[], [], []]
    memory = _Memory()
    memory.remember((texts, rows))
    texts.clear()
    rows["new"] = 1
    memory.restore()
    assert len(texts) == len(rows) == 1000


def test_an_address_that_was_read_once_is_known() -> None:
    """The loading thread has read it before the loop asks."""
    first = parse_ip("10.77.0.1")
    assert parse_ip("10.77.0." + str(1)) is first
