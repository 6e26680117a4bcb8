"""The tables of what could not be answered, the same for SQLite and PostgreSQL."""

from sqlalchemy import JSON, Column, DateTime, Integer, MetaData, String, Table, Text

ID = 16
"""Characters of a gap's id."""

metadata = MetaData()

gaps = Table(
    "gaps",
    metadata,
    # Of the question's words: the words themselves may be longer than an index of PostgreSQL takes.
    Column("digest", String(64), primary_key=True),
    Column("question", Text, nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("first_asked", DateTime(timezone=True), nullable=False),
    Column("last_asked", DateTime(timezone=True), nullable=False, index=True),
    Column("times", Integer, nullable=False),
    Column("organisations", JSON, nullable=False),
)

# What came later, in a table of its own: a gap of an earlier release has no row in it.
wordings = Table(
    "gap_wordings",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("gap", String(ID), nullable=False, index=True),
    Column("alike", String(64), nullable=False, index=True),
    Column("asked", JSON(none_as_null=True)),
    Column("looked_at", String(20)),
    Column("answered_since", DateTime(timezone=True)),
    Column("document_id", String(100)),
    Column("version", Integer),
    Column("title", Text),
)
NOT_ANSWERED = dict.fromkeys(("answered_since", "document_id", "version", "title"))
