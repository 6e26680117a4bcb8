"""The whole service as a reader meets it: its own process, the documents that ship and two of ours, a real browser."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

LANTERN = """---
id: lantern-plan
title: Lantern Bay engagement plan
organisations:
  - {{slug: cumbria, role: author}}
kind: activity-plan
edition: {edition}
published: {published}
status: draft
marking: OFFICIAL-SENSITIVE
audience: [everyone]
url: https://lantern.example/plan
---
# Lantern Bay engagement plan

## Harbour walks

{walks}

Nobody is harmed by `<script>document.title = "taken over"</script>` in a document.

## Lantern figures

| Walk | Lanterns lent |
| --- | --- |
| Quayside | 40 |
| Lighthouse | 25 |
"""
OLD_WALKS = "Officers walk the harbour with residents of Lantern Bay once a year."
NEW_WALKS = "Officers walk the harbour with residents of Lantern Bay every second Tuesday."
COPY = f"""---
id: quayside-notes
title: Quayside notes
organisations: [{{slug: cheshire, role: author}}]
published: 2025-09
---
# Quayside notes

{NEW_WALKS}
"""


def _engage(*arguments: str, data_dir: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "service", *arguments],
        env={**os.environ, "ENGAGE_DATA_DIR": str(data_dir)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _add(folder: Path, data_dir: Path, **fields: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "lantern-plan.md").write_text(LANTERN.format(**fields), encoding="utf-8")
    with _engage("add", str(folder), data_dir=data_dir) as process:
        said, _ = process.communicate(timeout=120)
    assert process.returncode == 0, said


@pytest.fixture(scope="session")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a running service that holds the corpus, two versions of the Lantern Bay plan and a copy of a line."""
    folder = tmp_path_factory.mktemp("journey")
    data_dir = folder / "data"
    _add(folder / "mine", data_dir, edition="V1", published="2023-02", walks=OLD_WALKS)
    (folder / "mine" / "quayside-notes.md").write_text(COPY, encoding="utf-8")
    _add(folder / "mine", data_dir, edition="V2", published="2025-04", walks=NEW_WALKS)
    with _engage("serve", "--port", "0", "--add", str(CORPUS), data_dir=data_dir) as process:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if ready := re.match(r"Ready: (http://\S+?)/ ", line):
                yield ready[1]
                break
        else:
            raise AssertionError("".join(said))
        process.terminate()
        process.communicate(timeout=20)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Visit:
    """A browser window on the service that notes what a reader never sees."""

    context: BrowserContext
    page: Page
    url: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    """Of the console: errors of scripts, violations of the content security policy, what failed to load."""

    def open(self, path: str = "/") -> Page:
        self.page.goto(self.url + path)
        return self.page


OpenVisit = Callable[..., Visit]


@pytest.fixture
def visit(browser: Browser, url: str) -> Iterator[OpenVisit]:
    """Opens windows. When the test is over, none may have asked anything of anybody but the service, nor complained."""
    visits: list[Visit] = []

    def opened(width: int = 1280, height: int = 800, **options: Any) -> Visit:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        page = context.new_page()
        page.set_default_timeout(10_000)
        made = Visit(context, page, url)
        context.on("request", lambda request: made.requests.append(request.url))
        page.on("console", lambda message: made.complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: made.complaints.append(str(error)))
        visits.append(made)
        return made

    yield opened
    for made in visits:
        made.context.close()
        assert [request for request in made.requests if not request.startswith(f"{url}/")] == []
        assert made.complaints == []
