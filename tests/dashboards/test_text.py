"""The words of the dashboards. That their catalogues are complete is tested with all others: tests/pantau/texts."""

from babel.messages.pofile import read_po

from dashboards.text import LOCALE, mark, translation


def test_marks_at_the_front_survive_the_translation() -> None:
    """The shape that stands for the colour is the same in every language."""
    with (LOCALE / "id.po").open("rb") as file:
        messages = [message for message in read_po(file, locale="id") if message.id]
    pairs = []
    for message in messages:
        assert isinstance(message.id, str)  # a dashboard counts nothing in words: there are no plurals
        assert isinstance(message.string, str)
        pairs.append((message.id, message.string))
    shapes = "✔▲✖●"
    assert [(id_, text) for id_, text in pairs if (id_[0] in shapes or text[0] in shapes) and id_[0] != text[0]] == []


def test_a_marked_sentence_is_translated_where_it_is_shown() -> None:
    """`mark` changes nothing; the catalogue does."""
    assert mark("City") == "City"
    assert translation("id").gettext(mark("City")) == "Kota"
    assert translation("en").gettext(mark("City")) == "City"
