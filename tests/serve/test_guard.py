"""Who is answered to: names, origins and sizes, before anything is read."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from synclips.serve.guard import Guard


def asked(
    guard: Guard, method: str = "POST", headers: Mapping[str, str] | None = None
) -> tuple[int, bytes]:
    """Status and body of the answer."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    given = {"host": "localhost:8000", **(headers or {})}
    scope = {
        "type": "http",
        "method": method,
        "headers": [(key.encode(), value.encode()) for key, value in given.items()],
    }
    asyncio.run(guard(scope, receive, send))
    return sent[0]["status"], sent[1]["body"]


async def passed(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"passed"})


@pytest.fixture
def guard(tmp_path: Path) -> Guard:
    return Guard(passed, 1000, tmp_path, {"localhost", "127.0.0.1", "lips.example.com"})


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8000", 200),
        ("192.168.0.7", 200),
        ("[::1]:8000", 200),
        ("Lips.example.com", 200),
        ("other.example.com", 400),
        ("[::1", 400),
        ("", 400),
    ],
)
def test_names_it_is_called_by(guard: Guard, host: str, status: int) -> None:
    assert asked(guard, "GET", {"host": host})[0] == status


@pytest.mark.parametrize(
    ("origin", "host", "status"),
    [
        ("http://localhost:8000", "localhost:8000", 200),
        ("https://lips.example.com", "127.0.0.1", 200),  # a proxy that passes its own host on
        ("http://localhost:3000", "localhost:8000", 403),
        ("http://localhost", "localhost:8000", 403),
        ("http://127.0.0.1", "127.0.0.1:8000", 403),
        ("https://lips.example.com:3000", "127.0.0.1", 403),
        ("https://other.example.com", "127.0.0.1", 403),
        ("http://[bad", "localhost:8000", 403),
        ("http://localhost:x", "localhost:8000", 403),
        ("null", "localhost:8000", 403),
    ],
)
def test_pages_that_may_send(guard: Guard, origin: str, host: str, status: int) -> None:
    assert asked(guard, headers={"origin": origin, "host": host})[0] == status
    assert asked(guard, "GET", {"origin": origin, "host": host})[0] == 200


def test_what_is_still_coming_takes_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = 2000
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=room))
    statuses = []

    async def while_it_comes(scope: Any, receive: Any, send: Any) -> None:
        if not statuses:  # the first is not done when the second begins
            statuses.append(await second())
        await passed(scope, receive, send)

    guard = Guard(while_it_comes, 1000, tmp_path)
    size = {"content-length": "600"}

    async def second() -> int:
        return await asyncio.to_thread(lambda: asked(guard, headers=size)[0])

    assert asked(guard, headers=size)[0] == 200
    assert statuses == [507]
    assert asked(guard, headers=size)[0] == 200


def test_who_only_reads_takes_no_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A body that a `GET` says it has is not kept, so it must not keep an order out."""
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=2000))
    statuses = []

    async def while_it_comes(scope: Any, receive: Any, send: Any) -> None:
        if scope["method"] == "GET":
            order = {"content-length": "600"}
            answer = await asyncio.to_thread(lambda: asked(guard, headers=order))
            statuses.append(answer[0])
        await passed(scope, receive, send)

    guard = Guard(while_it_comes, 1000, tmp_path)
    assert asked(guard, "GET", {"content-length": "999999999"})[0] == 200
    assert statuses == [200]


def test_a_length_that_is_none_is_no_error_of_the_server(guard: Guard) -> None:
    assert asked(guard, headers={"content-length": "-5"})[0] == 200
    assert asked(guard, headers={"content-length": "1001"})[0] == 413


def test_who_is_read_may_take_long_to_answer(tmp_path: Path) -> None:
    """Only a body has to go on; that somebody hangs up may be waited for without end."""
    told: list[Any] = []

    async def waiting(scope: Any, receive: Any, send: Any) -> None:
        told.append((await receive())["type"])
        told.append((await receive())["type"])
        await passed(scope, receive, send)

    async def receive() -> Any:
        if told:
            await asyncio.sleep(0.2)
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        pass

    guard = Guard(waiting, 1000, tmp_path, patience=0.05)
    headers = [(b"host", b"localhost"), (b"content-length", b"10")]
    asyncio.run(guard({"type": "http", "method": "POST", "headers": headers}, receive, send))
    assert told == ["http.request", "http.disconnect"]
