"""Whose pages change the library, and how an error is told to somebody who reads it."""

import httpx
import pytest
from starlette.datastructures import Headers

from service.guarding import may_change_library
from service.settings import Settings


@pytest.mark.parametrize(
    ("settings", "headers", "may"),
    [
        ({}, {}, True),
        ({"public_url": "https://engagement.example"}, {}, False),
        ({"host": "0.0.0.0", "listen_beyond_loopback": True}, {}, False),
        ({"owner_header": "X-Keeps-Library"}, {}, False),
        ({"owner_header": "X-Keeps-Library"}, {"x-keeps-library": " "}, False),
        ({"owner_header": "X-Keeps-Library"}, {"x-keeps-library": "yes"}, True),
        (
            {"owner_header": "X-Keeps-Library", "public_url": "https://engagement.example"},
            {"x-keeps-library": "1"},
            True,
        ),
    ],
)
def test_who_may_change_the_library(settings: dict[str, object], headers: dict[str, str], may: bool) -> None:
    made = Settings(_env_file=None, **settings)  # type: ignore[arg-type, call-arg]
    assert may_change_library(Headers(headers), made) is may


def test_a_browser_is_told_of_an_error_on_a_page_and_a_program_as_a_problem(service) -> None:
    nowhere = f"{service.url}/nowhere"
    read = httpx.get(nowhere, headers={"Accept": "text/html,application/xhtml+xml"})
    assert (read.status_code, read.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "No such address" in read.text

    told = httpx.get(nowhere)
    assert (told.status_code, told.headers["content-type"]) == (404, "application/problem+json")
    script = httpx.get(f"{service.url}/api/v1/nowhere", headers={"Accept": "text/html"})
    assert script.headers["content-type"] == "application/problem+json"
