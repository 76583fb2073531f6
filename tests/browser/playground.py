"""A running playground, and Chromium before it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from playwright.sync_api import Browser, Playwright

HOME: Final = Path(__file__).resolve().parent.parent.parent
START_SECONDS: Final = 60
STOP_SECONDS: Final = 20
UNSET: Final = {"BOT_TOKEN", "WEBHOOK_URL", "WEBHOOK_SECRET", "PLAYGROUND_ANYWHERE"}
FLAGS: Final = (
    "--no-sandbox",  # a container's root has none
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def running_playground(folder: Path, host: str = "127.0.0.1", settings: Mapping[str, str] = MappingProxyType({})) -> Iterator[str]:
    """`main.py` without a token, with a database of its own and `settings` besides; its address. What it logged is in `folder`/log."""
    environment = {name: value for name, value in os.environ.items() if name not in UNSET}
    environment |= {"DATABASE_URL": f"sqlite:///{folder / 'bot.db'}", "HOST": host, "PORT": "0", "LOG_LEVEL": "INFO", **settings}
    log = folder / "log"
    with (
        log.open("wb") as file,
        subprocess.Popen([sys.executable, "main.py"], cwd=HOME, env=environment, stdout=file, stderr=file) as process,
    ):
        try:
            yield f"http://127.0.0.1:{_port(log, process)}/"
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
    if process.returncode:
        raise RuntimeError(f"exit code {process.returncode}\n{log.read_text()}")


def _port(log: Path, process: subprocess.Popen[bytes]) -> str:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if match := re.search(r" started .*\bport=(\d+)", log.read_text()):
            return match[1]
        time.sleep(0.05)
    raise RuntimeError(f"the playground did not start\n{log.read_text()}")


def open_browser(playwright: Playwright) -> Browser:
    """Debian's Chromium, headless."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        raise RuntimeError("Chromium is missing. On Debian: apt-get install chromium fonts-noto-core fonts-noto-color-emoji")
    return playwright.chromium.launch(executable_path=path, args=list(FLAGS))


@contextmanager
def temporary_playground() -> Iterator[str]:
    """A playground that leaves nothing behind."""
    with tempfile.TemporaryDirectory() as folder, running_playground(Path(folder)) as address:
        yield address
