"""The tables of what was handed in: beside the ledger, what its texts are known by and which of them are alike."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()
submissions = Table(
    "submissions",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("name", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("sent_with", BigInteger),
    Column("unopened", Boolean, nullable=False),
    Column("sha256", String(64)),
    Column("size", BigInteger),
    Column("url", Text),
    Column("state", String(20), nullable=False),
    Column("stage", String(20)),
    Column("done", Integer),
    Column("of", Integer),
    Column("attempts", Integer, nullable=False),
    Column("card_text", Text),
    Column("confirmed", Boolean, nullable=False),
    Column("proposal", JSON(none_as_null=True)),
    Column("outcome", String(20)),
    Column("document", String(100)),
    Column("version", Integer),
    Column("reason", String(40)),
    Column("message", Text),
    Column("receipt", JSON(none_as_null=True)),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Index("submissions_by_state", "state"),
    Index("submissions_by_sha256", "sha256"),
    sqlite_autoincrement=True,
)

sketches = Table(
    "submission_sketches",
    metadata,
    Column("submission", BigInteger, primary_key=True, autoincrement=False),
    Column("sketch", LargeBinary, nullable=False),
)

# Each pair stands here twice, once from either side.
alike = Table(
    "submissions_alike",
    metadata,
    Column("submission", BigInteger, primary_key=True, autoincrement=False),
    Column("other", BigInteger, primary_key=True, autoincrement=False),
    Column("common", Float, nullable=False),
    Column("like", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("newer", Boolean, nullable=False),
)
