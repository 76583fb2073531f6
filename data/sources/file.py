"""A file of this machine, for what is made by another program here."""

from __future__ import annotations

from pathlib import Path

from data.sources.model import NotRead, Trouble


def read_file(path: str, most_bytes: int, modified: str | None) -> tuple[bytes | None, str]:
    """The bytes of a file, None if it is still as it was when it had this mark, and its mark now. Raises NotRead."""
    file = Path(path)
    try:
        if not file.is_file():
            raise NotRead(Trouble.NO_FILE, path)
        stat = file.stat()
        mark = f"{stat.st_mtime_ns}-{stat.st_size}"
        if mark == modified:
            return None, mark
        with file.open("rb") as opened:
            body = opened.read(most_bytes + 1)
    except OSError as error:
        raise NotRead(Trouble.UNREADABLE, error.strerror or "") from None
    if len(body) > most_bytes:
        raise NotRead(Trouble.LARGE, f"{most_bytes / 1_000_000:g} MB")
    return body, mark
