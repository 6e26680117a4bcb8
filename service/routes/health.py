"""Whether the service lives, and whether it is ready: told without a thread, however many questions wait for one."""

from typing import Literal

from fastapi import APIRouter

from service import problems
from service.routes import TheLibrary, TheReadiness
from service.vocabulary import Model

router = APIRouter(tags=["health"], responses=problems.documented(421))


class Alive(Model):
    status: Literal["alive"] = "alive"


class Ready(Model):
    status: Literal["ready"] = "ready"
    index: str
    """Where questions without a filter are searched in a large library: "chroma", or "exact (…)" with the reason."""


@router.get("/health")
async def health() -> Alive:
    """The process answers."""
    return Alive()


@router.get("/ready", responses=problems.documented(503))
async def ready(readiness: TheReadiness, library: TheLibrary) -> Ready:
    """All that the service was started with is added, and questions are answered from it."""
    readiness.check()
    return Ready(index=library.index_state)
