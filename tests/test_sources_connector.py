"""Where the bot never connects to, whoever asks it to."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from aiohttp.resolver import ThreadedResolver

from data.sources import connector
from data.sources.connector import is_public
from data.sources.fetch import Fetcher, Reach
from data.sources.look import look
from data.sources.model import Trouble
from tests.fakes.publisher import FEED, NOW, Publisher, publisher, source

__all__ = ["publisher"]  # a fixture


@pytest.mark.parametrize("address", ["8.8.8.8", "185.104.45.1", "2606:4700::1111", "64:ff9b::808:808", "2002:808:808::1"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(address)


PRIVATE = """127.0.0.1 127.255.255.254 0.0.0.0 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 192.0.0.1 192.0.2.1 198.18.0.1
    198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
    ::1 :: fe80::1 fe80::1%eth0 fc00::1 fd12::1 fec0::1 ff02::1 ff0e::1 2001:db8::1 100::1
    ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:8.8.8.8 ::127.0.0.1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::808:808 2002:7f00:1::1
    2002:c0a8:101::1 2001:0:808:808::1 localhost 2130706433 0x7f000001 127.1 example.org"""


@pytest.mark.parametrize("address", PRIVATE.split())
def test_addresses_of_this_machine_and_its_network_are_not_in_whatever_they_are_wrapped(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "127.0.0.1."])
async def test_a_source_on_this_machine_is_refused_before_a_byte_is_sent(
    publisher: Publisher, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher.has("/feed", FEED)
    port = int(publisher.address.rpartition(":")[2])
    monkeypatch.setattr(connector, "PORTS", (port,))
    async with Fetcher(Reach(pause=0)) as fetcher:
        seen = await look(source(f"http://{host}:{port}/feed"), fetcher, (), NOW)
    assert (seen.told, seen.failed) == ((), True)
    assert seen.problem in {Trouble.PRIVATE, Trouble.ADDRESS, f"{Trouble.CONNECTION}: Name or service not known"}
    assert publisher.asked == []


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "127.1", "0177.0.0.1"])
async def test_numbers_that_hide_this_machine_are_refused(host: str) -> None:
    async with Fetcher(Reach(pause=0)) as fetcher:
        assert (await look(source(f"http://{host}/feed"), fetcher, (), NOW)).problem in {Trouble.ADDRESS, Trouble.PRIVATE}


async def test_a_redirect_to_this_machine_is_refused_before_a_byte_is_sent(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = publisher.has("/secret", FEED)
    async with Publisher().open() as outside:
        url = outside.has("/feed", status=302, headers={"Location": inner})
        outer = int(outside.address.rpartition(":")[2])
        # Nothing here is on the Internet: let the one server, on its port, count as if it were.
        public = connector._public_socket
        monkeypatch.setattr(connector, "PORTS", (int(publisher.address.rpartition(":")[2]),))
        monkeypatch.setattr(connector, "_public_socket", lambda info: connector._any_socket(info) if info[4][1] == outer else public(info))
        async with Fetcher(Reach(pause=0)) as fetcher:
            seen = await look(source(url), fetcher, (), NOW)
    assert (seen.told, seen.problem) == ((), Trouble.PRIVATE)
    assert (len(outside.asked), publisher.asked) == (1, [])


async def test_a_public_name_that_leads_to_this_machine_is_refused(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    publisher.has("/feed", FEED)
    port = int(publisher.address.rpartition(":")[2])

    async def resolve(_self: object, host: str, _port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> list[dict[str, Any]]:
        return [{"hostname": host, "host": "127.0.0.1", "port": port, "family": family, "proto": 0, "flags": 0}]

    monkeypatch.setattr(ThreadedResolver, "resolve", resolve)
    monkeypatch.setattr(connector, "PORTS", (port,))
    async with Fetcher(Reach(pause=0)) as fetcher:
        seen = await look(source(f"http://news.example.org:{port}/feed"), fetcher, (), NOW)
    assert (seen.told, seen.problem, publisher.asked) == ((), Trouble.PRIVATE, [])


async def test_other_ports_than_those_of_the_web_are_refused() -> None:
    async with Fetcher(Reach(pause=0)) as fetcher:
        assert (await look(source("http://8.8.8.8:25/"), fetcher, (), NOW)).problem == Trouble.PRIVATE


async def test_a_setting_lets_sources_be_on_this_machine(publisher: Publisher) -> None:
    async with Fetcher(Reach(private=True, pause=0)) as fetcher:
        assert len((await look(source(publisher.has("/feed", FEED)), fetcher, (), NOW)).told) == 2


async def test_a_proxy_of_the_environment_is_not_used(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    async with Publisher().open() as proxy, Fetcher(Reach(private=True, pause=0)) as fetcher:
        monkeypatch.setenv("http_proxy", proxy.address)
        assert len((await look(source(publisher.has("/feed", FEED)), fetcher, (), NOW)).told) == 2
    assert proxy.asked == []
