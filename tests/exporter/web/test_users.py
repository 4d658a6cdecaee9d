"""Passwords: right ones are cheap after the first, wrong ones are few, and nobody's tries hold up a scraper."""

import base64
from collections.abc import Callable

import bcrypt
import pytest

from exporter.web import users as users_module
from exporter.web.users import LoginResult, Users
from tests.patience import promptly

HASHES = {"prometheus": bcrypt.hashpw(b"rahasia", bcrypt.gensalt(4)).decode()}


def basic(name: str, password: str) -> str:
    """The header's value."""
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def noting(calls: list[bytes]) -> Callable[[bytes, str], bool]:
    """Knows the right password, and writes down which were compared."""

    def fits(password: bytes, _hashed: str) -> bool:
        calls.append(password)
        return password == b"rahasia"

    return fits


async def test_who_is_let_in() -> None:
    """The right user with the right password; what is no basic authentication at all is refused."""
    users = Users(HASHES)
    asked = [basic("prometheus", "rahasia"), basic("prometheus", "Rahasia"), basic("prometheus", ""), "", "Basic %%"]
    asked += [basic("somebody", "rahasia"), "Bearer x", "basic " + basic("prometheus", "rahasia")[6:]]
    found = [await users.entry(one, "10.0.0.9") for one in asked]
    right, wrong = LoginResult.ALLOWED, LoginResult.REFUSED
    assert found == [right, wrong, wrong, wrong, wrong, wrong, wrong, right]


async def test_a_hash_is_reckoned_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A scrape each ten seconds costs one hash for the process; other hashes for the same user are another matter."""
    calls: list[bytes] = []
    monkeypatch.setattr(users_module, "_fits", noting(calls))
    users = Users(HASHES)
    for _ in range(50):
        assert await users.entry(basic("prometheus", "rahasia"), "10.0.0.9") is LoginResult.ALLOWED
    assert len(calls) == 1
    users.hashes = {"prometheus": bcrypt.hashpw(b"rahasia", bcrypt.gensalt(4)).decode()}
    await users.entry(basic("prometheus", "rahasia"), "10.0.0.9")
    assert len(calls) == 2


async def test_wrong_ones_are_limited_and_hold_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten a minute of one client; who is known goes on from the same address, and others are not counted with it."""
    calls: list[bytes] = []
    monkeypatch.setattr(users_module, "_fits", noting(calls))
    users = Users(HASHES)
    assert await users.entry(basic("prometheus", "rahasia"), "10.0.0.9") is LoginResult.ALLOWED
    found = [await users.entry(basic("prometheus", f"try {number}"), "10.0.0.9") for number in range(1000)]
    assert found.count(LoginResult.REFUSED) == 10
    assert found.count(LoginResult.LIMITED) == 990
    assert len(calls) == 11
    with promptly(5):
        assert await users.entry(basic("prometheus", "rahasia"), "10.0.0.9") is LoginResult.ALLOWED
        assert await users.entry(basic("prometheus", "rahasia "), "10.0.0.10") is LoginResult.REFUSED


async def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries from many addresses never push a right password out."""
    calls: list[bytes] = []
    monkeypatch.setattr(users_module, "_fits", noting(calls))
    users = Users(HASHES)
    await users.entry(basic("prometheus", "rahasia"), "10.0.0.9")
    for number in range(1000):
        await users.entry(basic("prometheus", f"try {number}"), f"10.1.{number % 256}.{number // 256}")
    assert len(users._known) <= users_module._REMEMBERED
    before = len(calls)
    await users.entry(basic("prometheus", "rahasia"), "10.0.0.9")
    assert len(calls) == before


def test_what_bcrypt_is_given() -> None:
    """Seventy-two bytes, as Go takes them; and a hash that it does not know fits nothing."""
    long = b"a" * 100
    hashed = bcrypt.hashpw(long[:72], bcrypt.gensalt(4)).decode()
    assert users_module._fits(long, hashed)
    assert users_module._fits(long, hashed.replace("$2b$", "$2y$"))
    assert not users_module._fits(long, "$9z$04$x")
