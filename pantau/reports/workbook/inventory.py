"""The sheets about the inventory: which ones held in the month, and what was said otherwise."""

from pantau.reports.statement import Statement
from pantau.reports.statement.inventory_rows import InventoryChangeRow, InventoryRow
from pantau.reports.workbook.book import Book
from pantau.reports.workbook.fields import TableField, write_fields
from pantau.texts import mark


def inventory_sheets(book: Book, statement: Statement) -> None:
    """Write both sheets."""
    basis, status, kind = (book.words[f"inventory {name}"] for name in ("basis", "status", "kind"))
    held: list[TableField[InventoryRow]] = [
        TableField(mark("From (%(zone)s)"), "time", 18, lambda row: row.start),
        TableField(mark("To (%(zone)s)"), "time", 18, lambda row: row.end),
        TableField(mark("Basis"), "text", 40, lambda row: basis(row.basis)),
        TableField(mark("Journal's entry"), "number", 12, lambda row: row.entry),
        TableField(mark("SHA-256"), "text", 66, lambda row: row.sha256 or None),
    ]
    changes: list[TableField[InventoryChangeRow]] = [
        TableField(mark("Chained (%(zone)s)"), "time", 18, lambda row: row.at),
        TableField(mark("Counts?"), "text", 40, lambda row: status(row.status)),
        TableField(mark("Kind"), "text", 20, lambda row: kind(row.kind)),
        TableField(mark("Record"), "text", 40, lambda row: row.record),
        TableField(mark("Field"), "text", 20, lambda row: row.field or None),
        TableField(mark("Then"), "text", 40, lambda row: row.then),
        TableField(mark("Now"), "text", 40, lambda row: row.now),
    ]
    name, title = book.say(mark("Inventory")), book.say(mark("Inventories that held in the month"))
    sheet = book.sheet(name, title, book.say(mark("What decides money, as the journal chained it.")))
    write_fields(sheet, held, statement.inventories)
    name, title = book.say(mark("Inventory changes")), book.say(mark("What inventories say otherwise"))
    sheet = book.sheet(name, title, book.say(mark("What was said after the month changes no rupiah by itself.")))
    write_fields(sheet, changes, statement.inventory_changes)
