"""Triggers: what stands in the journal is only added to, and a head moves only forwards.

They keep a plain `UPDATE` or `DELETE` by hand, by mistake or by another program from changing evidence, and tell what
would be right in its place. Who owns the tables can drop them: that is what the chain and a kept digest are for.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_TABLES = ("entries", "names", "sources", "blobs")
_ONLY_ADDED = "the journal is only added to: write a decision, or an entry that corrects, and leave what stands there"
_FORWARDS = "a head of the journal only moves forwards, with its entries"
_BACK = "NEW.source <> OLD.source OR NEW.number < OLD.number OR NEW.run < OLD.run"


def upgrade() -> None:
    """The same rules in the words of either database."""
    statements = _in_postgresql() if op.get_bind().dialect.name == "postgresql" else _in_sqlite()
    for statement in statements:
        op.execute(sa.text(statement))


def _in_sqlite() -> list[str]:
    made = []
    for table in (*_TABLES, "head"):
        for action in ("UPDATE", "DELETE"):
            guarded = table == "head" and action == "UPDATE"
            when, sentence = (f"WHEN {_BACK} ", _FORWARDS) if guarded else ("", _ONLY_ADDED)
            made.append(
                f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} {when}"
                f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
            )
    return made


def _in_postgresql() -> list[str]:
    return [
        _function("pantau_only_added", f"RAISE EXCEPTION '{_ONLY_ADDED}';"),
        _function("pantau_forwards", f"IF {_BACK} THEN RAISE EXCEPTION '{_FORWARDS}'; END IF; RETURN NEW;"),
        "CREATE TRIGGER head_forwards BEFORE UPDATE ON head FOR EACH ROW EXECUTE FUNCTION pantau_forwards()",
        "CREATE TRIGGER head_kept BEFORE DELETE OR TRUNCATE ON head EXECUTE FUNCTION pantau_only_added()",
        *(
            f"CREATE TRIGGER {table}_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "EXECUTE FUNCTION pantau_only_added()"
            for table in _TABLES
        ),
    ]


def _function(name: str, body: str) -> str:
    return f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
