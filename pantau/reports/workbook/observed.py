"""The sheet *Keadaan*: every second of each line by what was observed, whose word it rests on, what was told late."""

from pantau.reports.statement import Statement
from pantau.reports.statement.observed import STATES, AmendedRow
from pantau.reports.statement.rows import PointRow
from pantau.reports.workbook.book import Book
from pantau.reports.workbook.fields import TableField, numbers, write_fields
from pantau.texts import mark


def observed_sheets(book: Book, statement: Statement) -> None:
    """Write it, and what was told late where anything was."""
    sheet = book.sheet(
        book.say(mark("States")),
        book.say(mark("What was observed, second by second")),
        book.say(mark("Seconds; all states of a line add up to its time under contract.")),
    )
    write_fields(sheet, _fields(book), statement.points, frozen_columns=2)
    if statement.amended:
        late = book.sheet(
            book.say(mark("Told late")),
            book.say(mark("What had been unknown, and was told late")),
            book.say(mark("Counted as observed unless a reason is given; no judged second is changed by it.")),
        )
        write_fields(late, _late_fields(book), statement.amended)


def _fields(book: Book) -> list[TableField[PointRow]]:
    words = book.words

    def of_state(state: str) -> TableField[PointRow]:
        return TableField(words["state"](state), "number", 13, lambda row: row.state_seconds.get(state, 0))

    def by_agent(custody: str) -> TableField[PointRow]:
        head = f"{book.say(mark('By an agent alone'))}: {words['custody'](custody)}"
        return TableField(head, "number", 13, lambda row: row.agent_seconds.get(custody, 0))

    return [
        TableField(mark("Point ID"), "text", 18, lambda row: row.point),
        TableField(mark("Name"), "text", 30, lambda row: row.name),
        TableField(mark("From (%(zone)s)"), "time", 18, lambda row: row.start),
        TableField(mark("Under contract (s)"), "number", 12, lambda row: row.contract_seconds),
        *(of_state(state) for state in STATES),
        *(by_agent(custody) for custody in ("city", "isp")),
        TableField(mark("Told late"), "number", 12, lambda row: sum(row.amended_seconds.values())),
    ]


def _late_fields(book: Book) -> list[TableField[AmendedRow]]:
    state, custody, refusal = (book.words[name] for name in ("state", "custody", "late refusal"))
    return [
        TableField(mark("Point ID"), "text", 18, lambda row: row.point),
        TableField(mark("Source"), "text", 12, lambda row: row.source),
        TableField(mark("Whose device"), "text", 14, lambda row: custody(row.custody) if row.custody else None),
        TableField(mark("State"), "text", 20, lambda row: state(row.state)),
        TableField(mark("Seconds"), "number", 12, lambda row: row.seconds),
        TableField(mark("Not counted because"), "text", 34, lambda row: refusal(row.refusal) if row.refusal else None),
        TableField(mark("Journal's entries"), "text", 24, lambda row: numbers(row.entries)),
    ]
