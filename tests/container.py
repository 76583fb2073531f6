"""A Dockerfile without Docker: enough of a reader and a builder to run its commands in a folder.

One folder stands for the file systems of all stages. Whatever is not understood here raises: nothing is skipped in silence.
What only an engine can do (the base image, isolation, networking) is not tried.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

IMAGE_PATH: Final = re.compile(r"(?<![\w./])/(?=(?:app|opt)\b)")
"""Where an absolute path of the image begins in a command or a value."""

BASE_ENVIRONMENT: Final = {"LANG": "C.UTF-8", "HOME": "/nonexistent"}
"""What python:*-slim sets, and the home that a user without an account has."""


class DockerfileError(Exception):
    """The Dockerfile says something that fails, or that this reader does not know."""


@dataclass(frozen=True, slots=True)
class Instruction:
    """One line of a Dockerfile: `COPY --from=build /app /app` is COPY, {"from": "build"}, "/app /app"."""

    name: str
    flags: dict[str, str]
    text: str

    @property
    def words(self) -> list[str]:
        """The arguments, of the JSON form too."""
        return list(json.loads(self.text)) if self.text.startswith("[") else shlex.split(self.text)


def read_dockerfile(path: Path) -> list[Instruction]:
    """Its instructions, in order."""
    kept = "\n".join(line for line in path.read_text().splitlines() if not line.lstrip().startswith("#"))
    lines = re.sub(r"\\\n", " ", kept).splitlines()
    return [_instruction(line.strip()) for line in lines if line.strip()]


def _instruction(line: str) -> Instruction:
    name, _, rest = line.partition(" ")
    flags = {}
    while match := re.match(r"\s*--([a-z-]+)=(\S+)\s*", rest):
        flags[match[1]] = match[2]
        rest = rest[match.end() :]
    return Instruction(name.upper(), flags, rest.strip())


def build_context(checkout: Path) -> list[Path]:
    """The files of a checkout that `.dockerignore` lets into an image, relative to it. The last rule that fits decides."""
    rules = [line for line in (checkout / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    inside = []
    for folder, folders, names in os.walk(checkout):
        here = Path(folder).relative_to(checkout)
        folders[:] = [name for name in folders if name not in {".git", ".venv"}]
        inside += [here / name for name in names if _let_in(here / name, rules)]
    return sorted(inside)


def _let_in(path: Path, rules: list[str]) -> bool:
    verdict = True
    for rule in rules:
        if _fits(path, rule.removeprefix("!")):
            verdict = rule.startswith("!")
    return verdict


def _fits(path: Path, pattern: str) -> bool:
    """Whether a rule speaks of the path or of a folder around it."""
    around = (path, *path.parents[:-1])
    if pattern.startswith("**/"):
        return any(fnmatch(part.name, pattern.removeprefix("**/")) for part in around)
    return any(len(part.parts) == len(Path(pattern).parts) and fnmatch(str(part), pattern) for part in around)


@dataclass(slots=True)
class Image:
    """What a Dockerfile makes, built in the folder `root`."""

    checkout: Path
    root: Path
    python: Path
    environment: dict[str, str] = field(default_factory=dict)
    workdir: Path = Path("/")
    user: int = 0
    healthcheck: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)
    volumes: list[Path] = field(default_factory=list)

    def build(self) -> None:
        """Carries out the Dockerfile of the checkout."""
        acts: dict[str, Callable[[Instruction], None]] = {
            "FROM": self._begin_stage,
            "WORKDIR": self._enter,
            "COPY": self._copy,
            "RUN": self._run,
            "ENV": self._set_environment,
            "USER": self._become,
            "VOLUME": self._mount,
            "HEALTHCHECK": self._remember_check,
            "CMD": self._remember_command,
            "EXPOSE": lambda _: None,  # A note to people: the tests read it from the file.
        }
        for instruction in read_dockerfile(self.checkout / "Dockerfile"):
            if instruction.name not in acts:
                raise DockerfileError(instruction.name)
            acts[instruction.name](instruction)

    def inside(self, path: Path) -> Path:
        """Where a path of the image really is."""
        return self.root / (path if path.is_absolute() else self.workdir / path).relative_to("/")

    def mapped(self, text: str) -> str:
        """A command or value with the image's paths made real."""
        return IMAGE_PATH.sub(f"{self.root}/", text)

    def start(self, command: list[str], output: Path, **environment: str) -> subprocess.Popen[bytes]:
        """A command of the finished image, as its user."""
        with output.open("ab") as file:
            return subprocess.Popen(
                command,
                cwd=self.inside(self.workdir),
                env=self.environment | environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                **as_user(self.user),
            )

    def seal(self) -> None:
        """Takes the right to write from everybody, except from the image's user in its volumes."""
        for path in sorted(self.root.rglob("*")):
            if not path.is_symlink() and not any(path.is_relative_to(volume) for volume in self.volumes):
                path.chmod(path.stat().st_mode & ~0o222)

    def unseal(self) -> None:
        """Lets the owner delete everything again."""
        for folder, _, _ in os.walk(self.root):
            Path(folder).chmod(0o755)

    def files(self) -> set[Path]:
        """Everything that is not in a volume."""
        return {path for path in self.root.rglob("*") if not any(path.is_relative_to(volume) for volume in self.volumes)}

    def _begin_stage(self, _: Instruction) -> None:
        self.environment = BASE_ENVIRONMENT | {"PATH": f"{self.python.parent}:/usr/bin:/bin"}
        self.workdir, self.user, self.volumes = Path("/"), 0, []

    def _enter(self, instruction: Instruction) -> None:
        self.workdir = Path(instruction.text)
        self.inside(self.workdir).mkdir(parents=True, exist_ok=True)

    def _copy(self, instruction: Instruction) -> None:
        if "from" in instruction.flags:
            self._copy_between_stages(instruction)
        else:
            self._copy_from_context(instruction)

    def _copy_from_context(self, instruction: Instruction) -> None:
        *sources, target = instruction.words
        context = build_context(self.checkout)
        for source in sources:
            wanted = [path for path in context if path == Path(source) or path.is_relative_to(source)]
            if not wanted:
                raise FileNotFoundError(source)
            for path in wanted:
                # A folder is copied as its contents, a file under its own name.
                relative = path.relative_to(source) if (self.checkout / source).is_dir() else Path(path.name)
                destination = self.inside(Path(target)) / relative
                destination.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(self.checkout / path, destination)

    def _copy_between_stages(self, instruction: Instruction) -> None:
        source, target = (self.inside(Path(word)) for word in instruction.words)
        if source != target:
            shutil.copytree(source, target, symlinks=True)
        if "chown" in instruction.flags and is_root():
            user, group = map(int, instruction.flags["chown"].split(":"))
            for path in (target, *target.rglob("*")):
                os.chown(path, user, group)

    def _run(self, instruction: Instruction) -> None:
        # The real home holds the cache that the mount promises to pip; the rest is how this machine reaches its package index.
        kept = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_")) or name.lower().endswith("_proxy")}
        done = subprocess.run(
            ["/bin/sh", "-c", self.mapped(instruction.text)],
            cwd=self.inside(self.workdir),
            env=kept | self.environment | {"HOME": str(Path.home())},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            raise DockerfileError(f"RUN {instruction.text}\n{done.stdout[-4000:]}")

    def _set_environment(self, instruction: Instruction) -> None:
        for word in instruction.words:
            name, _, value = word.partition("=")
            self.environment[name] = self.mapped(value).replace("$PATH", self.environment["PATH"])

    def _become(self, instruction: Instruction) -> None:
        self.user = int(instruction.text.partition(":")[0])

    def _mount(self, instruction: Instruction) -> None:
        self.volumes = [self.inside(Path(word)) for word in instruction.words]

    def _remember_check(self, instruction: Instruction) -> None:
        self.healthcheck = _instruction(instruction.text).words

    def _remember_command(self, instruction: Instruction) -> None:
        self.command = instruction.words


def is_root() -> bool:
    """Whether we may become another user."""
    return os.geteuid() == 0


def as_user(user: int) -> dict[str, Any]:
    """Arguments for subprocess: another user if we may, else whoever we are."""
    return {"user": user, "group": user, "extra_groups": []} if is_root() else {}


def python_for(user: int, folder: Path) -> Path:
    """A `python` in `folder`/bin that the user can run: the one that runs the tests, another of its version, or a copy of it."""
    link = folder / "bin" / "python"
    link.parent.mkdir(parents=True)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    found = [Path(place) / version for place in os.get_exec_path()]
    for candidate in (Path(sys._base_executable), *found, Path("/usr/bin") / version):  # type: ignore[attr-defined]
        if candidate.is_file() and _runs(candidate, user):
            link.symlink_to(candidate.resolve())
            return link
    # The interpreter lives where only root looks, as with pyenv in /root. It finds its library beside itself.
    shutil.copytree(
        sys.base_prefix,
        folder,
        symlinks=True,
        dirs_exist_ok=True,
        ignore=shutil.ignore_patterns("site-packages", "test", "__pycache__", "share"),
    )
    if not link.exists():
        link.symlink_to(version)
    return link


def _runs(python: Path, user: int) -> bool:
    try:
        done = subprocess.run([python, "-c", "import ensurepip, venv"], check=False, cwd="/", capture_output=True, env={}, **as_user(user))
    except PermissionError:
        return False
    return done.returncode == 0
