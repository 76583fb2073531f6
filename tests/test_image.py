"""The image built and run, without Docker: see tests/container.py."""

from __future__ import annotations

import asyncio
import datetime as dt
import shutil
import signal
import socket
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from aiohttp.test_utils import TestServer

from bot.emulator import BotApi
from bot.emulator.http import application as http_front
from tests.container import Image, python_for, read_dockerfile
from tests.fakes.telegram import assert_valid, sent
from tests.fakes.updates import ADA

if TYPE_CHECKING:
    import subprocess
    from collections.abc import AsyncIterator, Callable, Iterator

HOME: Final = Path(__file__).resolve().parent.parent
SECONDS: Final = 60
"""How long anything here may take on a slow machine, the installation of packages left out."""


@pytest.fixture(scope="module")
def image() -> Iterator[Image]:
    """The Dockerfile carried out in a folder that nobody but root may write to. Not pytest's own folder: other users may not enter that."""
    folder = Path(tempfile.mkdtemp(prefix="image-"))
    folder.chmod(0o755)
    (user,) = (int(each.text.partition(":")[0]) for each in read_dockerfile(HOME / "Dockerfile") if each.name == "USER")
    built = Image(HOME, folder / "root", python_for(user, folder / "python"))
    try:
        built.build()
        built.seal()
        yield built
    finally:
        built.unseal()
        shutil.rmtree(folder)


class WallClock:
    """The real time: the bot in the image lives in it."""

    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC)


@pytest.fixture
async def telegram() -> AsyncIterator[tuple[BotApi, str]]:
    core = BotApi(clock=WallClock())
    async with TestServer(http_front(core), host="127.0.0.1") as server:
        yield core, str(server.make_url("")).rstrip("/")


async def until(true: Callable[[], Any], process: subprocess.Popen[bytes]) -> None:
    """Waits for something, as long as the process lives."""
    for _ in range(SECONDS * 10):
        if true():
            return
        assert process.poll() is None, "the bot has ended"
        await asyncio.sleep(0.1)
    pytest.fail("waited in vain")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_nothing_in_the_image_can_be_changed_by_the_bot(image: Image, tmp_path: Path) -> None:
    tries = [f"touch {image.inside(Path(place))}/new" for place in ("/app", "/app/bot", "/opt/venv")]
    process = image.start(["/bin/sh", "-c", " || ".join(tries)], tmp_path / "output")

    assert process.wait(SECONDS) != 0


async def test_the_image_runs_answers_and_stops(image: Image, telegram: tuple[BotApi, str], tmp_path: Path) -> None:
    core, address = telegram
    files, output, port = image.files(), tmp_path / "output", str(free_port())
    process = image.start(image.command, output, BOT_TOKEN=core.token, BOT_API_URL=address, HOST="127.0.0.1", PORT=port)

    async def healthy() -> bool:
        return await asyncio.to_thread(image.start(image.healthcheck, tmp_path / "health", PORT=port).wait, SECONDS) == 0

    try:
        await until(lambda: core.log, process)
        core.says(None, ADA, "/city Nikopol")
        await until(lambda: any("Nikopol" in call.text for call in sent(core.log)), process)
        assert await healthy()
        process.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(process.wait, SECONDS) == 0
    finally:
        process.kill()
        process.wait()
        said = await asyncio.to_thread(output.read_text)
        print(said)  # noqa: T201 - pytest shows it where the test fails.

    assert_valid(core)
    assert core.token not in said
    assert image.files() == files
    assert (image.volumes[0] / "bot.db").exists()
    assert not await healthy()
