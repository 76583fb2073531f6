"""What an operator may set: a wrong value stops the start with its name, and is never repeated."""

import traceback
from pathlib import Path

import pytest

from bot.roles import Role
from bot.settings import PUBLIC_SERVER, Limits, Secret, Settings, Webhook, WrongSetting, read_settings

TOKEN = "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11"
SECRET = "a-secret_of_16_or_more"


def test_an_empty_environment_is_enough() -> None:
    settings = read_settings({})

    assert settings == Settings()
    assert settings.token is None
    assert settings.api_url == PUBLIC_SERVER
    assert settings.host == "127.0.0.1", "nothing listens to the world unless asked to"
    assert settings.database.value.startswith("sqlite:////")


def test_every_variable_is_read() -> None:
    settings = read_settings(
        {
            "BOT_TOKEN": TOKEN,
            "BOT_API_URL": "http://127.0.0.1:8081/",
            "DATABASE_URL": "postgresql://bot:pass@db/bot",
            "ADMIN_IDS": "1, 22 333,4444",
            "WEBHOOK_URL": "https://bot.example.org/hook",
            "WEBHOOK_SECRET": SECRET,
            "HOST": "0.0.0.0",
            "PORT": "0",
            "LOG_LEVEL": "debug",
            "NEWS_POLL_MINUTES": "60",
            "NEWS_PRIVATE_ADDRESSES": "1",
            "CONTACT": "mailto@example.org",
            "BULK_PER_SECOND": "1000",
            "BULK_AT_ONCE": "200",
        }
    )

    assert settings == Settings(
        token=Secret(TOKEN),
        api_url="http://127.0.0.1:8081",
        database=Secret("postgresql://bot:pass@db/bot"),
        admins=frozenset({1, 22, 333, 4444}),
        webhook=Webhook("https://bot.example.org/hook", Secret(SECRET)),
        host="0.0.0.0",
        port=0,
        log_level="DEBUG",
        news_poll_minutes=60,
        news_private_addresses=True,
        contact="mailto@example.org",
        limits=Limits(bulk_per_second=1000, requests_at_once=200),
    )


@pytest.mark.parametrize("name", ["BOT_TOKEN", "BOT_API_URL", "DATABASE_URL", "ADMIN_IDS", "WEBHOOK_URL", "WEBHOOK_SECRET", "HOST", "PORT"])
@pytest.mark.parametrize("empty", ["", "  ", "\n"])
def test_an_empty_variable_counts_as_not_set(name: str, empty: str) -> None:
    assert read_settings({name: empty}) == Settings()


def test_spaces_around_a_value_are_not_part_of_it() -> None:
    assert read_settings({"BOT_TOKEN": f" {TOKEN}\n"}).token == Secret(TOKEN)


def test_variables_of_others_are_left_alone() -> None:
    assert read_settings({"PATH": "/bin", "TOKEN": "x", "PORTS": "x"}) == Settings()


WRONG = [
    ("BOT_TOKEN", "hunter2hunter2"),
    ("BOT_TOKEN", "123456"),
    ("BOT_TOKEN", "123456:short"),
    ("BOT_TOKEN", "bot123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11"),
    ("BOT_TOKEN", "123456:ABC DEF1234ghIkl-zyx57W2v1u123ew11"),
    ("BOT_API_URL", "api.telegram.example"),
    ("BOT_API_URL", "ftp://api.telegram.example"),
    ("BOT_API_URL", "https://"),
    ("BOT_API_URL", "https://api.example:notaport"),
    ("BOT_API_URL", "https://api.example:99999999"),
    ("BOT_API_URL", "https://api.example/?token=hunter2hunter2"),
    ("BOT_API_URL", "https://[half-an-address"),
    ("DATABASE_URL", "hunter2hunter2"),
    ("DATABASE_URL", "mysql://root:hunter2hunter2@db/bot"),
    ("DATABASE_URL", "postgresql://root:hunter2@hunter2:hunter2@db/bot"),
    ("DATABASE_URL", "postgresql+psycopg2://bot:hunter2hunter2@db/bot"),
    ("DATABASE_URL", "sqlite://"),
    ("DATABASE_URL", "oracle://hunter2hunter2"),
    ("ADMIN_IDS", "@hunter2hunter2"),
    ("ADMIN_IDS", "-1001234567890"),
    ("ADMIN_IDS", "0"),
    ("ADMIN_IDS", "1;2hunter"),
    ("ADMIN_IDS", "12345678901234567890"),
    ("WEBHOOK_URL", "bot.example.org/hunter2"),
    ("WEBHOOK_SECRET", "tooshort-hunter"),
    ("WEBHOOK_SECRET", "has spaces and is long enough"),
    ("WEBHOOK_SECRET", "пароль-достатньо-довгий"),
    ("WEBHOOK_SECRET", "x" * 257),
    ("HOST", "two words"),
    ("HOST", "http://hunter2"),
    ("PORT", "65536"),
    ("PORT", "-1"),
    ("PORT", "80.5"),
    ("PORT", "http"),
    ("PORT", "99999999999999999999"),
    ("LOG_LEVEL", "LOUD"),
    ("LOG_LEVEL", "10"),
    ("NEWS_POLL_MINUTES", "1441"),
    ("BULK_PER_SECOND", "0"),
    ("BULK_PER_SECOND", "1001"),
    ("BULK_PER_SECOND", "2.5"),
    ("BULK_PER_SECOND", "fast"),
    ("BULK_AT_ONCE", "0"),
    ("BULK_AT_ONCE", "201"),
    ("NEWS_POLL_MINUTES", "often"),
    ("NEWS_PRIVATE_ADDRESSES", "yes"),
    ("NEWS_PRIVATE_ADDRESSES", "2"),
    ("CONTACT", "hunter2hunter2"),
    ("CONTACT", "https://example.org/hunter2 hunter2"),
    ("CONTACT", "me@example.org)\r\nX-hunter2: 1"),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_value_is_refused_by_the_name_of_its_variable_and_never_repeated(name: str, value: str) -> None:
    with pytest.raises(WrongSetting) as refused:
        read_settings({name: value})

    told = "".join(traceback.format_exception(refused.value, chain=True))
    told = "\n".join(row for row in told.splitlines() if not row.startswith("    "))  # the source lines of the traceback
    assert refused.value.name == name
    assert str(refused.value).startswith(f"{name} must be ")
    assert len(str(refused.value)) > len(name) + 20, "it says what is allowed"
    assert value not in told or len(value) <= len("https://")
    assert "hunter2" not in told


@pytest.mark.parametrize(
    ("given", "missing"),
    [({"WEBHOOK_URL": "https://bot.example.org"}, "WEBHOOK_SECRET"), ({"WEBHOOK_SECRET": SECRET}, "WEBHOOK_URL")],
)
def test_half_a_webhook_is_refused_by_the_name_of_the_missing_half(given: dict[str, str], missing: str) -> None:
    with pytest.raises(WrongSetting) as refused:
        read_settings(given)

    assert refused.value.name == missing
    assert SECRET not in str(refused.value)


def test_secrets_are_not_shown_by_accident() -> None:
    settings = read_settings(
        {
            "BOT_TOKEN": TOKEN,
            "DATABASE_URL": "postgresql://bot:hunter2@db/bot",
            "WEBHOOK_URL": "https://b.example",
            "WEBHOOK_SECRET": SECRET,
        }
    )

    for shown in (repr(settings), str(settings), f"{settings.token}", f"{settings.database!r}"):
        assert TOKEN not in shown
        assert "hunter2" not in shown
        assert SECRET not in shown


def test_settings_are_frozen() -> None:
    with pytest.raises(AttributeError):
        Settings().port = 1  # type: ignore[misc]


def test_every_variable_is_told_of_in_the_readme() -> None:
    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")

    assert [name for name, _ in WRONG if name not in readme] == []


@pytest.mark.parametrize(("rate", "at_once"), [("1", 16), ("20", 16), ("64", 16), ("65", 17), ("400", 100), ("1000", 200)])
def test_whoever_sends_faster_has_more_requests_under_way(rate: str, at_once: int) -> None:
    assert read_settings({"BULK_PER_SECOND": rate}).limits.requests_at_once == at_once


@pytest.mark.parametrize(
    ("given", "role", "missing"),
    [({}, Role.WORKER, "BOT_TOKEN"), ({}, Role.WEB, "BOT_TOKEN"), ({"BOT_TOKEN": TOKEN}, Role.WEB, "WEBHOOK_URL")],
)
def test_a_role_that_cannot_be_played_is_refused_by_the_name_of_what_it_lacks(given: dict[str, str], role: Role, missing: str) -> None:
    with pytest.raises(WrongSetting) as refused:
        read_settings(given, role)

    assert refused.value.name == missing


def test_a_worker_needs_no_webhook() -> None:
    assert read_settings({"BOT_TOKEN": TOKEN}, Role.WORKER).role is Role.WORKER


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+asyncpg"])
def test_a_database_may_name_its_driver(scheme: str) -> None:
    assert read_settings({"DATABASE_URL": f"{scheme}://bot:pass@db/bot"}).database == Secret(f"{scheme}://bot:pass@db/bot")
