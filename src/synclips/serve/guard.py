"""What is refused before it is read: too large, or sent by the page of somebody else.

A browser lets any page send forms to this machine; that it was one of ours is told by the header
`Origin` (RFC 6454). Knows HTTP alone.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_READING = frozenset({"GET", "HEAD", "OPTIONS"})


class Guard:
    """Middleware before everything else.

    Args:
        app: what is guarded.
        largest: bytes of a request at most.
    """

    def __init__(self, app: ASGIApp, largest: int) -> None:
        self._app = app
        self._largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let it pass."""
        refusal = None
        if scope["type"] == "http" and scope["method"] not in _READING:
            refusal = self._refusal(Headers(scope=scope))
        if refusal is None:
            await self._app(scope, receive, send)
        else:
            await refusal(scope, receive, send)

    def _refusal(self, headers: Headers) -> JSONResponse | None:
        sender = headers.get("origin")
        if sender is not None and urlsplit(sender).netloc != headers.get("host"):
            return _answer(403, f"{sender} may not send this; use the page of this server.")
        if headers.get("transfer-encoding") is not None:
            return _answer(411, "The length of the request is not known; send Content-Length.")
        if int(headers.get("content-length", "0")) > self._largest:
            return _answer(
                413,
                f"More than {self._largest / 1e6:.0f} MB are not taken; start the server with a"
                " larger --largest, or give a shorter video.",
            )
        return None


def _answer(status: int, sentence: str) -> JSONResponse:
    return JSONResponse({"detail": sentence}, status, headers={"Connection": "close"})
