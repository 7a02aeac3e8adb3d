"""What is refused before it is read, or while: too large, from other pages, or not going on.

A browser lets any page send forms to this machine; that it was one of ours is told by the header
`Origin` (RFC 6454). And whoever owns a name can have it lead here, so that their page would be ours
(DNS rebinding); so only addresses, which nobody can, and known names are answered to. Knows HTTP
alone.
"""

import asyncio
import ipaddress
import shutil
from collections.abc import Collection
from pathlib import Path
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_READING = frozenset({"GET", "HEAD", "OPTIONS"})

PATIENCE = 60.0
"""Seconds for which nothing more of a request may come, by default."""


class Guard:
    """Middleware before everything else.

    Args:
        app: what is guarded.
        largest: bytes of a request at most.
        folder: where what is sent is kept.
        names: by which the server may be called, besides addresses.
        patience: seconds for which nothing more of a request may come. Who is gone without a word
            would hold the room that they asked for as long as the server runs.
    """

    def __init__(
        self,
        app: ASGIApp,
        largest: int,
        folder: Path,
        names: Collection[str] = ("localhost",),
        patience: float = PATIENCE,
    ) -> None:
        self._app = app
        self._largest = largest
        self._folder = folder
        self._names = frozenset(name.lower() for name in names)
        self._patience = patience
        self._coming = 0  # bytes of requests that are being read

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let it pass."""
        refusal, size = None, 0
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            refusal = self._misnamed(headers)
            if refusal is None and scope["method"] not in _READING:
                refusal = self._refusal(headers)
                size = _size(headers)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        self._coming += size
        try:
            await self._app(scope, self._prompt(receive) if size else receive, send)
        finally:
            self._coming -= size

    def _prompt(self, receive: Receive) -> Receive:
        """The same while a body comes, but for a `TimeoutError` where it does not go on."""
        coming = True

        async def received() -> Message:
            nonlocal coming
            if not coming:
                return await receive()
            async with asyncio.timeout(self._patience):
                message = await receive()
            coming = message.get("more_body", False)
            return message

        return received

    def _misnamed(self, headers: Headers) -> JSONResponse | None:
        name = _host(f"//{headers.get('host', '')}")
        if name.lower() in self._names:
            return None
        if _is_address(name):
            return None
        if not name:
            return _answer(400, "The header Host names no host.")
        return _answer(400, f"This server is not called {name}; start it with --name {name}.")

    def _refusal(self, headers: Headers) -> JSONResponse | None:
        sender = headers.get("origin")
        if sender is not None and not self._is_ours(sender, headers.get("host", "")):
            return _answer(403, f"{sender} may not send this; use the page of this server.")
        if headers.get("transfer-encoding") is not None:
            return _answer(411, "The length of the request is not known; send Content-Length.")
        size = _size(headers)
        if size > self._largest:
            return _answer(
                413,
                f"More than {self._largest / 1e6:.0f} MB are not taken; start the server with a"
                " larger --largest, or give a shorter video.",
            )
        room = shutil.disk_usage(self._folder).free
        if 2 * (self._coming + size) > room:  # as it comes, and where it is kept
            return _answer(507, f"There is no room for {size / 1e6:.0f} MB on the server's disk.")
        return None

    def _is_ours(self, sender: str, host: str) -> bool:
        """Whether an origin is this server, by the name it was called, or one behind a proxy.

        The latter is told by a name alone, and by no port: on this machine others have theirs.
        """
        try:
            parts = urlsplit(sender)
            named = parts.port is None and parts.hostname in self._names - {"localhost"}
        except ValueError:
            return False
        return parts.netloc == host or (named and not _is_address(parts.hostname or ""))


def _host(url: str) -> str:
    """The host that an address names, empty if it is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _size(headers: Headers) -> int:
    length = headers.get("content-length", "0")
    return int(length[:18]) if length.isascii() and length.isdigit() else 0


def _answer(status: int, sentence: str) -> JSONResponse:
    return JSONResponse({"detail": sentence}, status, headers={"Connection": "close"})
