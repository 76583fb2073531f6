"""Files: uploaded once, known by a file_id ever after."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass, field
from typing import Any

from bot.emulator.errors import ApiError, bad_request
from bot.emulator.limits import MAX_DOWNLOAD, MAX_PHOTO, MAX_PHOTO_RATIO, MAX_PHOTO_SIDES, MAX_UPLOAD
from bot.emulator.signatures import Upload

Json = dict[str, Any]


@dataclass(frozen=True)
class StoredFile:
    """A file on Telegram's servers; `about` is its Bot API description."""

    kind: str
    upload: Upload
    about: Json
    path: str


@dataclass
class Files:
    """All files by file_id and by path; `web` is what HTTP URLs serve, since nothing is ever fetched."""

    by_id: dict[str, StoredFile] = field(default_factory=dict)
    web: dict[str, Upload] = field(default_factory=dict)

    def photo(self, given: Upload | str) -> list[Json]:
        """A photo in its sizes; the emulator makes one."""
        stored = self._take("photos", given, is_photo=True)
        return [stored.about]

    def document(self, given: Upload | str) -> Json:
        """A document."""
        return self._take("documents", given, is_photo=False).about

    def describe(self, file_id: str) -> Json:
        """The answer of getFile."""
        stored = self.by_id.get(file_id)
        if stored is None:
            raise bad_request("invalid file_id")
        if len(stored.upload.content) > MAX_DOWNLOAD:
            raise bad_request("file is too big")
        names = ("file_id", "file_unique_id", "file_size")
        return {name: stored.about[name] for name in names} | {"file_path": stored.path}

    def content(self, path: str) -> bytes | None:
        """The bytes behind a file_path."""
        return next((stored.upload.content for stored in self.by_id.values() if stored.path == path), None)

    def _take(self, kind: str, given: Upload | str, *, is_photo: bool) -> StoredFile:
        if isinstance(given, Upload):
            return self._store(kind, given, is_photo=is_photo)
        if given.startswith(("http://", "https://")):
            if given not in self.web:
                raise bad_request("failed to get HTTP URL content")
            return self._store(kind, self.web[given], is_photo=is_photo)
        stored = self.by_id.get(given)
        if stored is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        if stored.kind != kind:
            raise bad_request(f"can't use file of type {stored.kind[:-1].title()} as {kind[:-1].title()}")
        return stored

    def _store(self, kind: str, upload: Upload, *, is_photo: bool) -> StoredFile:
        size = len(upload.content)
        if size > MAX_UPLOAD:
            raise ApiError(413, "Request Entity Too Large")
        if not size:
            raise bad_request("file must be non-empty")
        number = len(self.by_id) + 1
        unique = hashlib.sha256(upload.content).hexdigest()[:16]
        about: Json = {"file_id": f"{kind}-{number}-{unique}", "file_unique_id": unique, "file_size": size}
        if is_photo:
            about |= _photo_sides(upload.content)
        else:
            about |= {"file_name": upload.name, "mime_type": upload.mime}
        suffix = upload.name.rpartition(".")[2] if "." in upload.name else "bin"
        stored = StoredFile(kind, upload, about, f"{kind}/file_{number}.{suffix}")
        self.by_id[about["file_id"]] = stored
        return stored


def _photo_sides(content: bytes) -> Json:
    size = len(content)
    if size > MAX_PHOTO:
        raise bad_request(f"file of size {size} bytes is too big for a photo; the maximum size is {MAX_PHOTO} bytes")
    sides = _png(content) or _jpeg(content)
    if sides is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = sides
    if not min(sides) or width + height > MAX_PHOTO_SIDES or max(sides) / min(sides) > MAX_PHOTO_RATIO:
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return {"width": width, "height": height}


def _png(content: bytes) -> tuple[int, int] | None:
    if not content.startswith(b"\x89PNG\r\n\x1a\n") or len(content) < 24:  # noqa: PLR2004 - the header's length.
        return None
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def _jpeg(content: bytes) -> tuple[int, int] | None:
    """Sides from the start-of-frame segment."""
    if not content.startswith(b"\xff\xd8"):
        return None
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:  # noqa: PLR2004 - the mark of a segment.
        kind, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if 0xC0 <= kind <= 0xCF and kind not in {0xC4, 0xC8, 0xCC}:  # noqa: PLR2004
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None
