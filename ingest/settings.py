"""Settings of the library, from the environment (ENGAGE_…) or a .env file. Every one is listed in docs/operator.md."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

MINILM = "minilm"
PROJECT = Path(__file__).resolve().parent.parent


class IngestSettings(BaseSettings):
    # An empty value is one that is not set: that is how a compose file passes on what its environment lacks.
    model_config = SettingsConfigDict(env_prefix="ENGAGE_", env_file=".env", env_ignore_empty=True, extra="ignore")

    data_dir: Path = PROJECT / "data"
    """Folder that holds the catalogue, the originals and the indexes. One process owns it at a time."""
    database_url: str | None = None
    """SQLAlchemy address of the catalogue; by default SQLite inside the data folder."""
    chroma_url: str | None = None
    """Address of a Chroma server, http://host:port; by default Chroma is embedded."""
    chroma_timeout_seconds: float = Field(default=10.0, gt=0)
    embedder: str = MINILM
    """"minilm" for the packaged model, or "provider:model" for any that LangChain knows."""
    embedder_base_url: str | None = None
    embedder_api_key: str | None = Field(default=None, repr=False)
    embedder_question_prefix: str = ""
    """Put before each question, as the model's own documentation has it ("query: ")."""
    embedder_passage_prefix: str = ""
    fetch_private_hosts: str = ""
    """Hosts that documents may be fetched from though they are in a private network, commas between them."""
    fetch_seconds: float = Field(default=60.0, gt=0)
    """For all of one web address, redirects and all."""
    max_document_bytes: int = Field(default=100_000_000, gt=0)
    max_reading_seconds: float = Field(default=120.0, gt=0)
    """How long one document may stay silent while it is read, split or embedded."""
    max_reading_memory_bytes: int = Field(default=4_000_000_000, gt=0)

    @property
    def embedder_name(self) -> str:
        """What is recorded with every vector: passages embedded behind other words are another embedder's."""
        prefix = self.embedder_passage_prefix
        return f"{self.embedder} behind '{prefix}'" if prefix and self.embedder != MINILM else self.embedder

    @property
    def allowed_hosts(self) -> frozenset[str]:
        return frozenset(host.strip().lower() for host in self.fetch_private_hosts.split(",") if host.strip())

    @property
    def unpacking_dir(self) -> Path:
        """Where files that hold files are unpacked while these are added. Empty but for that."""
        return self.data_dir / "unpacked"

    @property
    def catalogue_url(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir / 'catalogue.sqlite'}"
