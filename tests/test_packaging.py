"""What ships is what was promised: pinned dependencies, an image without rights, documents that agree with the code."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from bot.cli.parser import build_parser
from bot.fetching import reach_of
from bot.settings import Settings, read_settings
from tests.container import Instruction, build_context, read_dockerfile

HOME: Final = Path(__file__).resolve().parent.parent
DOCKERFILE: Final = read_dockerfile(HOME / "Dockerfile")
COMPOSE: Final[dict[str, Any]] = yaml.safe_load((HOME / "compose.yaml").read_text())
PROJECT: Final = tomllib.loads((HOME / "pyproject.toml").read_text())
SHIPPED_TEXT: Final = ("Dockerfile", "compose.yaml", ".env.example", "Makefile", "README.md", "requirements.txt", "requirements-dev.txt")

# Dependencies


def pins(file: str) -> dict[str, Requirement]:
    """The requirements of a file by name; each must have a hash."""
    lines = (HOME / file).read_text().replace("\\\n", " ").splitlines()
    requirements = [line.partition(" --hash=") for line in lines if not line.startswith("#")]
    assert all(rest.strip().startswith("sha256:") for _, _, rest in requirements)
    return {each.name.lower(): each for each in (Requirement(text) for text, _, _ in requirements)}


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_every_dependency_is_pinned_with_a_hash_and_names_no_place(file: str) -> None:
    assert all(re.fullmatch(r"==[^*,]+", str(each.specifier)) for each in pins(file).values())
    assert not re.search(r"://|--index|--find-links|/", (HOME / file).read_text())


@pytest.mark.parametrize(
    ("file", "ranges"),
    [
        ("requirements.txt", PROJECT["project"]["dependencies"]),
        ("requirements-dev.txt", PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"]),
    ],
)
def test_the_pins_are_those_of_the_project(file: str, ranges: list[str]) -> None:
    pinned = pins(file)
    behind = [
        text
        for text, wanted in ((text, Requirement(text)) for text in ranges)
        if wanted.name.lower() not in pinned or not wanted.specifier.contains(str(pinned[wanted.name.lower()].specifier).removeprefix("=="))
    ]

    assert behind == [], "run `make lock`"


def test_developers_run_the_versions_that_ship() -> None:
    shipped, developed = pins("requirements.txt"), pins("requirements-dev.txt")

    assert {name: str(each) for name, each in shipped.items()}.items() <= {name: str(each) for name, each in developed.items()}.items()


# The image


def instructions(name: str) -> list[Instruction]:
    return [each for each in DOCKERFILE if each.name == name]


def final_stage() -> list[Instruction]:
    last = max(number for number, each in enumerate(DOCKERFILE) if each.name == "FROM")
    return DOCKERFILE[last:]


def in_final_stage(name: str) -> Instruction:
    (found,) = (each for each in final_stage() if each.name == name)
    return found


def test_the_image_runs_the_python_that_the_tests_run_on() -> None:
    (version,) = {re.fullmatch(r"python:(\d+\.\d+)-slim( AS build)?", each.text)[1] for each in instructions("FROM")}  # type: ignore[index]

    assert SpecifierSet(PROJECT["project"]["requires-python"]).contains(version)
    assert version == PROJECT["tool"]["mypy"]["python_version"]


def test_the_image_runs_as_nobody_in_particular() -> None:
    user, _, group = in_final_stage("USER").text.partition(":")

    assert int(user) > 0
    assert int(group) > 0
    assert [each.name for each in final_stage()].index("USER") < [each.name for each in final_stage()].index("CMD")


def test_everything_copied_into_the_image_exists() -> None:
    context = build_context(HOME)
    for instruction in instructions("COPY"):
        for source in [] if "from" in instruction.flags else instruction.words[:-1]:
            assert any(path == Path(source) or path.is_relative_to(source) for path in context), source


def test_the_build_sees_no_secret_no_history_and_no_tests() -> None:
    top = {path.parts[0] for path in build_context(HOME)}

    assert top == {"main.py", "LICENSE", "requirements.txt", "bot", "handlers", "data", "locales"}


def test_the_image_listens_where_it_says() -> None:
    environment = dict(word.split("=", 1) for word in in_final_stage("ENV").words)

    assert int(in_final_stage("EXPOSE").text) == int(environment["PORT"]) == Settings().port
    assert environment["HOST"] == "0.0.0.0"
    assert "/livez" in in_final_stage("HEALTHCHECK").text


def test_the_image_keeps_its_state_in_a_volume() -> None:
    database = Settings().database.value.removeprefix("sqlite:///")

    assert Path(database).parent.relative_to(HOME) == Path(in_final_stage("VOLUME").text).relative_to("/app")


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_a_service_says_how_it_is_and_comes_back(name: str) -> None:
    service = COMPOSE["services"][name]

    assert service["healthcheck"]["test"][0] == "CMD"
    assert service["restart"] == "unless-stopped"


def test_the_composed_bot_may_do_nothing_but_its_work() -> None:
    service = COMPOSE["services"]["bot"]

    assert service["read_only"] is True
    assert service["tmpfs"] == ["/tmp"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert [mount.partition(":")[2] for mount in service["volumes"]] == [in_final_stage("VOLUME").text]


def test_the_composed_bot_is_reached_from_this_machine_only() -> None:
    service = COMPOSE["services"]["bot"]

    assert service["ports"] == [f"127.0.0.1:{Settings().port}:{service['environment']['PORT']}"]
    assert f", {service['environment']['PORT']}," in service["healthcheck"]["test"][-1]


@pytest.mark.parametrize("role", ["web", "worker"])
def test_a_composed_role_is_the_same_bot_and_is_reached_by_nobody_else(role: str) -> None:
    service, bot = COMPOSE["services"][role], COMPOSE["services"]["bot"]
    options = build_parser().parse_args(service["command"][2:])

    assert service["command"][:2] == in_final_stage("CMD").words
    assert options.role == role
    assert service["profiles"] == ["scaled"]
    assert service["deploy"]["replicas"] == 2
    assert service["ports"] == service["volumes"] == []
    same = ("build", "env_file", "environment", "read_only", "tmpfs", "cap_drop", "security_opt", "healthcheck", "stop_grace_period")
    assert {name: service[name] for name in same} == {name: bot[name] for name in same}
    assert "scaled" in COMPOSE["services"]["postgres"]["profiles"]


def test_the_balancer_leads_to_the_replicas_and_shows_the_world_nothing_but_the_webhook() -> None:
    service, port = COMPOSE["services"]["balancer"], COMPOSE["services"]["web"]["environment"]["PORT"]
    written = COMPOSE["configs"]["balancer"]["content"]

    assert service["ports"] == COMPOSE["services"]["bot"]["ports"]
    assert f"web:{port} check" in written
    assert "option httpchk GET /readyz" in written
    assert "deny if { path /livez /readyz /metrics }" in written


def test_every_volume_of_a_service_is_declared() -> None:
    mounted = {mount.partition(":")[0] for service in COMPOSE["services"].values() for mount in service.get("volumes", ())}

    assert mounted == set(COMPOSE["volumes"])


@pytest.mark.parametrize("file", SHIPPED_TEXT)
def test_no_secret_stands_in_a_file(file: str) -> None:
    text = (HOME / file).read_text()

    assert not re.search(r"\b\d{6,}:[A-Za-z0-9_-]{30,}", text)
    assert not re.search(r"^[ #-]*\w*(TOKEN|SECRET|PASSWORD)[=:] *[^\s$]", text, re.MULTILINE)


# Documents


def variables() -> set[str]:
    return set(re.findall(r'\bread\(\s*"([A-Z_]+)"', (HOME / "bot" / "settings.py").read_text()))


def example(*, commented: bool = False) -> dict[str, str]:
    pattern = r"^(?:# )?([A-Z_]+)=(.*)$" if commented else r"^([A-Z_]+)=(.*)$"
    return dict(re.findall(pattern, (HOME / ".env.example").read_text(), re.MULTILINE))


def test_the_example_names_every_setting() -> None:
    assert set(example()) == variables()
    assert set(example(commented=True)) == variables() | {"POSTGRES_PASSWORD", "PLAYGROUND_ANYWHERE"}


def test_the_example_is_what_the_bot_does_by_itself() -> None:
    assert read_settings(example()) == Settings()


def test_the_readme_names_every_setting() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)`", (HOME / "README.md").read_text(), re.MULTILINE)

    assert set(rows) == variables()
    assert len(rows) == len(set(rows))


def test_the_readme_names_only_what_is_there() -> None:
    text = (HOME / "README.md").read_text()
    targets = set(re.findall(r"^([a-z]+):.*##", (HOME / "Makefile").read_text(), re.MULTILINE))

    assert set(re.findall(r"(?:`|    )make ([a-z]+)\b", text)) <= targets
    for link in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (HOME / link).exists(), link


def test_the_bot_introduces_itself_with_its_version_and_a_contact() -> None:
    version = PROJECT["project"]["version"]

    assert reach_of(Settings(contact="me@example.org")).agent == f"learning-cities-bot/{version} (+me@example.org)"
    assert reach_of(Settings(), "a_bot").agent == f"learning-cities-bot/{version} (+https://t.me/a_bot)"
    assert reach_of(Settings()).agent.startswith(f"learning-cities-bot/{version} (")


def test_the_entry_point_is_thin() -> None:
    assert len((HOME / "main.py").read_text().splitlines()) < 60
