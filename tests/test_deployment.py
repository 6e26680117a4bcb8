"""There is no Docker engine where the tests run, so the two files are checked for what they promise."""

import json
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from service.settings import Settings

PROJECT = Path(__file__).parents[1]

Service = dict[str, Any]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    text = (PROJECT / "docker-compose.yml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


@pytest.fixture(params=["chat", "chroma"])
def service(request: pytest.FixtureRequest, compose: dict[str, Any]) -> Service:
    return dict(compose["services"][request.param])


@pytest.fixture(scope="module")
def instructions() -> list[tuple[str, str]]:
    text = (PROJECT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.split(maxsplit=1)[0], line.split(maxsplit=1)[1].strip()) for line in lines]


class TestCompose:
    def test_the_chat_alone_is_the_default(self, compose: dict[str, Any]) -> None:
        assert [name for name, service in compose["services"].items() if "profiles" not in service] == ["chat"]
        assert compose["services"]["chroma"]["profiles"] == ["chroma-server"]

    def test_each_service_is_confined(self, service: Service) -> None:
        assert service["user"] == "10001:10001"
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert [mount.split(":")[0] for mount in service["tmpfs"]] == ["/tmp"]
        assert not {"privileged", "cap_add", "network_mode", "pid", "devices"} & set(service)

    def test_only_a_volume_can_be_written(self, service: Service, compose: dict[str, Any]) -> None:
        [mount] = service["volumes"]
        volume, place = mount.split(":")
        assert volume in compose["volumes"]
        assert place == "/data"

    def test_the_chat_is_published_on_this_machine_only(self, compose: dict[str, Any]) -> None:
        assert compose["services"]["chat"]["ports"] == ["127.0.0.1:8000:8000"]

    def test_chroma_is_reached_by_the_chat_only(self, compose: dict[str, Any]) -> None:
        chroma = compose["services"]["chroma"]
        assert not {"ports", "expose"} & set(chroma)
        assert chroma["networks"] == ["vectors"]
        assert compose["networks"]["vectors"] == {"internal": True}
        assert "vectors" in compose["services"]["chat"]["networks"]

    def test_the_chat_waits_for_chroma_where_there_is_one(self, compose: dict[str, Any]) -> None:
        assert compose["services"]["chat"]["depends_on"] == {
            "chroma": {"condition": "service_healthy", "required": False}
        }
        assert compose["services"]["chroma"]["command"][:4] == ["chroma", "run", "--path", "/data"]
        assert "/api/v2/heartbeat" in compose["services"]["chroma"]["healthcheck"]["test"][-1]

    def test_an_address_of_chroma_that_is_not_set_counts_for_none(
        self, compose: dict[str, Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        passed_on = compose["services"]["chat"]["environment"]
        assert passed_on["ENGAGE_CHROMA_URL"] == "${ENGAGE_CHROMA_URL:-}"
        for name, value in (passed_on | {"ENGAGE_CHROMA_URL": ""}).items():
            monkeypatch.setenv(name, value)
        settings = Settings(_env_file=None)  # type: ignore[call-arg]
        assert settings.chroma_url is None
        assert (settings.host, settings.port, settings.listen_beyond_loopback) == ("0.0.0.0", 8000, True)
        assert settings.data_dir == Path("/data")


class TestDockerfile:
    def test_what_is_installed_is_pinned_and_hashed(self, instructions: list[tuple[str, str]]) -> None:
        installs = [
            argument for name, argument in instructions if name == "RUN" and '"install", "--no-deps"' in argument
        ]
        assert len(installs) == 2
        assert all(flag in installs[0] for flag in ("--require-hashes", "--only-binary", "requirements.lock"))
        assert "--no-build-isolation" in installs[1]

    def test_the_base_is_the_python_that_the_project_requires(self, instructions: list[tuple[str, str]]) -> None:
        bases = {argument.split()[0] for name, argument in instructions if name == "FROM"}
        assert bases == {"python:3.11-slim-bookworm"}

    def test_it_runs_as_a_user_of_its_own(self, instructions: list[tuple[str, str]]) -> None:
        final = instructions[[name for name, _ in instructions].index("FROM", 1) :]
        assert ("USER", "10001:10001") in final
        assert ("VOLUME", "/data") in final
        assert any('"--uid", "10001"' in argument for name, argument in final if name == "RUN")

    def test_no_instruction_goes_through_a_shell(self, instructions: list[tuple[str, str]]) -> None:
        commands = [argument for name, argument in instructions if name in {"RUN", "CMD"}]
        health = [argument.partition("CMD ")[2] for name, argument in instructions if name == "HEALTHCHECK"]
        assert len(health) == 1
        assert all(isinstance(json.loads(command), list) for command in commands + health)

    def test_the_health_check_asks_the_service(self, instructions: list[tuple[str, str]]) -> None:
        [check] = [argument for name, argument in instructions if name == "HEALTHCHECK"]
        assert "http://127.0.0.1:8000/health" in check

    def test_all_that_is_copied_is_there_and_nothing_else_is_sent(self, instructions: list[tuple[str, str]]) -> None:
        copied = {
            source
            for name, argument in instructions
            if name == "COPY" and not argument.startswith("--from")
            for source in shlex.split(argument)[:-1]
        }
        ignored = (PROJECT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        assert "*" in ignored
        assert {line[1:] for line in ignored if line.startswith("!")} == copied
        assert all((PROJECT / source).exists() for source in copied)
