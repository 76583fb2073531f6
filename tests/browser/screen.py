"""What a person does on the page and sees there, by roles and names, as a screen reader finds them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

if TYPE_CHECKING:
    import datetime as dt

    from playwright.sync_api import Browser, Locator, Page

MOVE_CLOCK = """async (seconds) => {
  const { state } = await import("/web/store.js"), { act } = await import("/web/api.js");
  await act("clock", { as: state.me.id, offset: seconds - Date.now() / 1000 });
}"""
PHONE = {"width": 390, "height": 780}
DESKTOP = {"width": 1200, "height": 800}


class Screen:
    """The page of one visitor; `complaints` are its errors, refused loads and broken requests."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", lambda message: self._complain(message.text) if message.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: self._complain(str(error)))

    @classmethod
    def opened(
        cls, browser: Browser, address: str, *, phone: bool = False, dark: bool = False, locale: str = "en-GB", scale: int = 1
    ) -> Screen:
        """The page at phone or desktop width."""
        context = browser.new_context(
            viewport=PHONE if phone else DESKTOP,  # type: ignore[arg-type]
            has_touch=phone,
            color_scheme="dark" if dark else "light",
            locale=locale,
            timezone_id="Europe/Kyiv",
            device_scale_factor=scale,
        )
        screen = cls(context.new_page())
        screen.page.goto(address)
        expect(screen.foot).to_be_visible()
        return screen

    def _complain(self, text: str) -> None:
        self.complaints.append(text)

    # What is there.

    @property
    def input(self) -> Locator:
        return self.page.locator("#input")

    @property
    def instead(self) -> Locator:
        return self.page.locator("#instead")

    @property
    def foot(self) -> Locator:
        """Whatever stands under the messages: the input, or the button in its place."""
        return self.page.locator("#input:visible, #instead:visible")

    @property
    def messages(self) -> Locator:
        return self.page.get_by_role("log").get_by_role("article")

    @property
    def answers(self) -> Locator:
        """Messages that others wrote."""
        return self.page.locator("article.theirs")

    @property
    def last(self) -> Locator:
        return self.answers.last

    @property
    def options(self) -> Locator:
        return self.page.get_by_role("listbox").get_by_role("option")

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    # What one does.

    def becomes(self, name: str, language: str) -> None:
        """Come as someone new."""
        self._show_list()
        self.page.locator("#person").click()
        self.dialog.locator("[name=first_name]").fill(name)
        self.dialog.locator("[name=language_code]").fill(language)
        self.dialog.locator("[name=first_name]").press("Enter")
        expect(self.page.locator("#person")).to_contain_text(name)
        expect(self.page.locator("html")).to_have_attribute("lang", "uk" if language == "uk" else "en")
        expect(self.foot).to_be_visible()

    def is_someone(self, name: str) -> None:
        """Be one of the people who are there."""
        self._show_list()
        self.page.locator("#person").click()
        self.dialog.get_by_role("button", name=name).click()
        expect(self.page.locator("#person")).to_contain_text(name)
        expect(self.foot).to_be_visible()

    def _show_list(self) -> None:
        back = self.page.locator("#back")
        if back.is_visible():
            back.click()

    def starts(self) -> Locator:
        """Press Start in the bot's empty chat."""
        return self._waits(self.instead.click)

    def says(self, text: str, answers: int = 1) -> Locator:
        """Write, and wait for so many answers; the last of them."""

        def write() -> None:
            self.input.fill(text)
            self.input.press("Enter")

        return self._waits(write, answers)

    def presses(self, name: str) -> None:
        """Press a button under the last message that has it."""
        self.page.locator("article .key").filter(has_text=name).last.click()

    def opens(self, chat: str) -> None:
        """Open a chat of the list."""
        self._show_list()
        self.page.get_by_role("navigation").get_by_role("button", name=chat).click()

    def chooses_topic(self, name: str) -> None:
        self.page.get_by_role("tab", name=name).click()

    def moves_clock(self, moment: dt.datetime) -> None:
        """Let it be that moment in the playground, for everybody."""
        self.page.evaluate(MOVE_CLOCK, moment.timestamp())

    def _waits(self, action: Any, answers: int = 1) -> Locator:
        before = self.answers.count()
        action()
        expect(self.answers).to_have_count(before + answers)
        return self.last
