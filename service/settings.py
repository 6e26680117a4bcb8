"""Settings of the service, from the environment (ENGAGE_…) or a .env file. Every one is listed in docs/operator.md."""

from pydantic import Field

from ingest.settings import IngestSettings


class Settings(IngestSettings):
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    listen_beyond_loopback: bool = False
    """The service has no sign-in of its own: it refuses any other address than loopback unless this is set."""
    public_url: str | None = None
    """Address that readers open, printed in copied citations; by default the one the question was asked at."""
    owner_header: str | None = None
    """Request header by which a reverse proxy says that who asks may change the library; it is set by nobody else.

    Unset, whoever opens the pages on this machine may, and beyond it nobody.
    """
    llm: str | None = None
    """"provider:model" as LangChain's init_chat_model names it; unset, no language model is asked."""
    llm_base_url: str | None = None
    llm_api_key: str | None = Field(default=None, repr=False)
    llm_timeout_seconds: float = Field(default=30.0, gt=0)
    """For the whole answer of the model; after it the reader gets the extractive answer."""
    reranker: str | None = None
    """Name of a reranking model; unset, passages are in the order of retrieval."""
    reranker_base_url: str | None = None
    """"/rerank" is asked below it."""
    reranker_api_key: str | None = Field(default=None, repr=False)
    reranker_timeout_seconds: float = Field(default=5.0, gt=0)
    """For all that one question asks of it; after it the order of retrieval stands."""
