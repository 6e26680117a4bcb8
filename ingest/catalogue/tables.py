"""The tables of the catalogue, the same for SQLite and PostgreSQL."""

from sqlalchemy import (
    DDL,
    JSON,
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
)

metadata = MetaData()

# Ids are never given out twice: a derived index may still hold those of a version that is gone.
_Id = BigInteger().with_variant(Integer, "sqlite")

documents = Table(
    "documents",
    metadata,
    Column("id", String(100), primary_key=True),
    Column("added_at", DateTime(timezone=True), nullable=False),
)

versions = Table(
    "versions",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("document_id", ForeignKey("documents.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", String(20), nullable=False),
    Column("card", JSON, nullable=False),
    Column("card_digest", String(64), nullable=False),
    # What a scope is resolved by, repeated from the card. The date as first and last day that it may mean.
    Column("kind", String(40), nullable=False),
    Column("first_day", String(10)),
    Column("last_day", String(10)),
    Column("sha256", String(64), nullable=False),
    Column("file_name", Text, nullable=False),
    Column("format", String(20), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("pages", Integer),
    Column("embedder", Text, nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
    Column("centroid", LargeBinary, nullable=False),
    Column("left_out", JSON, nullable=False),
    Column("text", Text, nullable=False),
    Column("blocks", JSON, nullable=False),
    # Nullable, since versions that were added before have none: see writes.Catalogue.
    Column("quality", JSON(none_as_null=True)),
    Column("printed_pages", JSON(none_as_null=True)),
    # Of a card that was edited in the library: when, and what the file says.
    Column("edited_at", DateTime(timezone=True)),
    Column("file_card", JSON(none_as_null=True)),
    # The smallest numbers of the text's shingles: by these, another conversion of the same text is found.
    Column("sketch", LargeBinary),
    UniqueConstraint("document_id", "number"),
    Index("versions_by_state", "state"),
    Index("versions_by_sha256", "sha256"),
    sqlite_autoincrement=True,
)
# Written out: as an Index it names the dialects with conditions, and each start would import all their drivers.
_ONE_LIVE_VERSION = "CREATE UNIQUE INDEX one_live_version_per_document ON versions (document_id) WHERE state = 'live'"
event.listen(versions, "after_create", DDL(_ONE_LIVE_VERSION))  # type: ignore[no-untyped-call]  # SQLAlchemy's own

organisations = Table(
    "version_organisations",
    metadata,
    Column("version_id", ForeignKey("versions.id", ondelete="CASCADE"), primary_key=True),
    Column("slug", String(100), primary_key=True),
    Column("role", String(20), primary_key=True),
    Index("organisations_by_slug", "slug"),
)

audiences = Table(
    "version_audiences",
    metadata,
    Column("version_id", ForeignKey("versions.id", ondelete="CASCADE"), primary_key=True),
    Column("name", Text, primary_key=True),
)

# The passage's vector stands before its long columns, so that SQLite reads all vectors without touching those; what is
# read of a hundred passages a question stands before the vector.
passages = Table(
    "passages",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("version_id", ForeignKey("versions.id", ondelete="CASCADE"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("page_start", Integer),
    Column("page_end", Integer),
    Column("digest", String(64), nullable=False),
    Column("embedding_key", String(64), nullable=False),
    Column("heading_path", JSON, nullable=False),
    Column("vector", LargeBinary, nullable=False),
    Column("text", Text, nullable=False),
    Column("sentences", JSON, nullable=False),
    Column("sentence_vectors", LargeBinary, nullable=False),
    UniqueConstraint("version_id", "ordinal"),
    sqlite_autoincrement=True,
)
