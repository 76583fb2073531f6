"""The pictures of `docs/pictures`: each a short scene in a playground of its own, as a palette PNG.

Run by `make screenshots`. Names of scenes as arguments take only those.
"""

from __future__ import annotations

import struct
import sys
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from playwright.sync_api import expect, sync_playwright

from tests.browser.playground import open_browser, temporary_playground
from tests.browser.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from playwright.sync_api import Browser

PICTURES: Final = Path(__file__).resolve().parent.parent.parent / "docs" / "pictures"
COLOURS: Final = 128
STEP: Final = 250
"""Milliseconds for what moves to come to rest."""

MORNING: Final = """async () => {
  const now = new Date(), morning = new Date(now);
  morning.setHours(10, 24, 0);
  const { state } = await import("/web/store.js"), { act } = await import("/web/api.js");
  await act("clock", { as: state.me.id, offset: (morning - now) / 1000 });
}"""
"""Set the playground's clock, so that the pictures do not tell when they were taken."""


@dataclass(frozen=True)
class Scene:
    """Who looks, how wide, and what they do before the picture is taken."""

    name: str
    person: str
    acts: Callable[[Screen], None]
    look: dict[str, Any] = field(default_factory=dict)
    language: str | None = None
    """Set for someone who is not there from the beginning."""


def city(question: str, name: str) -> Callable[[Screen], None]:
    def acts(screen: Screen) -> None:
        screen.starts()
        screen.says(question)
        screen.says(f"/city {name}")

    return acts


def inline(query: str) -> Callable[[Screen], None]:
    def acts(screen: Screen) -> None:
        screen.starts()
        screen.input.fill(f"@learning_cities_bot {query}")
        expect(screen.options.nth(3)).to_be_visible()

    return acts


def long_list(screen: Screen) -> None:
    screen.starts()
    screen.says("/countries")


def error(screen: Screen) -> None:
    screen.starts()
    screen.says("/weather")
    screen.says("/city Гоґвортс")


def nearby(screen: Screen) -> None:
    screen.starts()
    screen.says("/nearby")
    screen.page.locator("#reply-keyboard .key").first.click()
    screen.dialog.get_by_role("button", name="Дніпро").click()
    expect(screen.last).to_contain_text("Нікополь")


def group(screen: Screen) -> None:
    screen.opens("Learning team")
    screen.chooses_topic("Ideas")
    screen.input.fill("Which of our neighbours are learning cities?")
    screen.input.press("Enter")
    screen.says("/cities@learning_cities_bot Poland")


def menu(screen: Screen) -> None:
    screen.starts()
    screen.page.get_by_role("button", name="Меню").click()
    expect(screen.options.first).to_be_visible()


DESKTOP_UK: Final = {"locale": "uk-UA"}
PHONE_UK: Final = DESKTOP_UK | {"phone": True, "scale": 2}
PHONE_EN: Final = {"phone": True, "scale": 2}

SCENES: Final = (
    Scene("uk", "Леся", city("скільки міст з України", "Нікополь"), DESKTOP_UK),
    Scene("en", "Ada", city("Is Nikopol a member?", "Lviv")),
    Scene("uk-phone", "Леся", city("чи є Дніпро в мережі?", "Мелітополь"), PHONE_UK),
    Scene("en-phone", "Ada", inline("ma"), PHONE_EN),
    Scene("uk-phone-dark", "Леся", nearby, PHONE_UK | {"dark": True}),
    Scene("uk-menu-dark", "Леся", menu, DESKTOP_UK | {"dark": True}),
    Scene("group-rtl-dark", "فاطمة الزهراء", group, {"dark": True}, language="ar"),
    Scene("list", "Ada", long_list),
    Scene("error", "Леся", error, PHONE_UK),
)


def main(wanted: Iterable[str]) -> None:
    """Take the pictures that are wanted; all, if none is named."""
    names = set(wanted)
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = open_browser(playwright)
        for scene in SCENES:
            if not names or scene.name in names:
                picture = with_few_colours(_taken(browser, scene))
                (PICTURES / f"{scene.name}.png").write_bytes(picture)
                sys.stdout.write(f"{scene.name}.png {len(picture) // 1024} KiB\n")
        browser.close()


def _taken(browser: Browser, scene: Scene) -> bytes:
    with temporary_playground() as address:
        screen = Screen.opened(browser, address, **scene.look)
        if scene.language is None:
            screen.is_someone(scene.person)
        else:
            screen.becomes(scene.person, scene.language)
        screen.opens("Learning Cities")
        screen.page.evaluate(MORNING)
        scene.acts(screen)
        screen.page.mouse.move(0, 0)
        screen.page.wait_for_timeout(STEP)
        picture = screen.page.screenshot(animations="disabled", caret="hide")
        screen.page.context.close()
    if screen.complaints:
        raise RuntimeError(f"{scene.name}: {screen.complaints}")
    return picture


# --- Small files --------------------------------------------------------------------------------------------------------------------------
# A picture of an interface has few colours: with a palette a PNG is a quarter of its size. https://www.w3.org/TR/png-3/


def with_few_colours(picture: bytes, colours: int = COLOURS) -> bytes:
    """The same picture with at most so many colours, by median cut; each is one that the picture has."""
    width, height, pixels = _read(picture)
    counts: dict[bytes, int] = {}
    for at in range(0, len(pixels), 3):
        colour = pixels[at : at + 3]
        counts[colour] = counts.get(colour, 0) + 1
    boxes = _boxes(counts, colours)
    palette = [max(box, key=lambda colour: counts[colour]) for box in boxes]
    number = {colour: index for index, box in enumerate(boxes) for colour in box}
    rows = (bytes(number[pixels[at : at + 3]] for at in range(row, row + 3 * width, 3)) for row in range(0, len(pixels), 3 * width))
    data = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, content) for kind, content in ((b"IHDR", header), (b"PLTE", b"".join(palette)), (b"IDAT", data), (b"IEND", b""))
    )


def _boxes(counts: dict[bytes, int], most: int) -> list[list[bytes]]:
    """Groups of colours that are alike. The widest, a little weighted by its pixels, is cut in two at its middle."""
    boxes = [list(counts)]
    while len(boxes) < most:
        widest = max(boxes, key=lambda box: _spread(box)[0] * sum(counts[colour] for colour in box) ** 0.25)
        spread, channel = _spread(widest)
        if not spread:
            break
        boxes.remove(widest)
        widest.sort(key=lambda colour: colour[channel])
        middle = (widest[0][channel] + widest[-1][channel]) / 2
        boxes += [[colour for colour in widest if colour[channel] <= middle], [colour for colour in widest if colour[channel] > middle]]
    return boxes


def _spread(box: list[bytes]) -> tuple[int, int]:
    """How far apart the colours of a group are, and in which channel."""
    return max((max(colour[channel] for colour in box) - min(colour[channel] for colour in box), channel) for channel in range(3))


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _read(picture: bytes) -> tuple[int, int, bytes]:
    """Width, height and pixels (red, green, blue) of an 8-bit RGB or RGBA PNG without interlacing, which is what Chromium writes."""
    at, data, width, height, kind = 8, b"", 0, 0, 0
    while at < len(picture):
        (length,) = struct.unpack(">I", picture[at : at + 4])
        name, content = picture[at + 4 : at + 8], picture[at + 8 : at + 8 + length]
        if name == b"IHDR":
            width, height, _, kind = struct.unpack(">IIBB", content[:10])
        elif name == b"IDAT":
            data += content
        at += 12 + length
    channels = {2: 3, 6: 4}[kind]
    raw = _unfiltered(zlib.decompress(data), width * channels, channels)
    return width, height, raw if channels == 3 else b"".join(raw[pixel : pixel + 3] for pixel in range(0, len(raw), 4))


def _unfiltered(data: bytes, stride: int, channels: int) -> bytes:
    """Undo the five filters of PNG, row by row."""
    above = bytearray(stride)
    rows = bytearray()
    for start in range(0, len(data), stride + 1):
        row = bytearray(data[start + 1 : start + 1 + stride])
        _unfilter(data[start], row, above, channels)
        rows += row
        above = row
    return bytes(rows)


def _unfilter(kind: int, row: bytearray, above: bytearray, channels: int) -> None:
    for index in range(len(row)) if kind else ():
        left = row[index - channels] if index >= channels else 0
        corner = above[index - channels] if index >= channels else 0
        guess = (0, left, above[index], (left + above[index]) // 2, _paeth(left, above[index], corner))[kind]
        row[index] = (row[index] + guess) & 255


def _paeth(left: int, above: int, corner: int) -> int:
    estimate = left + above - corner
    far = abs(estimate - left), abs(estimate - above), abs(estimate - corner)
    return left if far[0] <= min(far[1:]) else above if far[1] <= far[2] else corner


if __name__ == "__main__":
    main(sys.argv[1:])
