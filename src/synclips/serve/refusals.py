"""What is answered where something is refused, and how programs are told that it can be.

Knows HTTP and the errors of synclips; not what is asked for.
"""

from pathlib import Path
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from synclips.errors import OutputError, SynclipsError
from synclips.serve.form import LONGEST
from synclips.serve.uploads import plainly


class Refusal(BaseModel):
    """Why something is refused, a sentence."""

    detail: str


class Wrong(BaseModel):
    """A value of a wrong kind: where it is, and what is wrong with it."""

    type: str
    loc: list[str | int]
    msg: str


class FormRefusal(BaseModel):
    """Why an order is refused: a sentence, or what is wrong with each value of a wrong kind."""

    detail: str | list[Wrong]


_REASONS = {
    400: "A name that is not the server's.",
    403: "The order of another page.",
    404: "No such job.",
    408: "A request that did not go on.",
    409: "The video is not made.",
    411: "The length of the request is not told.",
    413: "Too large.",
    416: "A range beyond the end.",
    422: "A form, file, field or option that cannot be used.",
    507: "A full disk.",
}


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Refusals as OpenAPI describes them, by their status."""
    # Of ranges Starlette tells in plain text.
    return {
        status: {"description": _REASONS[status]}
        | ({} if status == 416 else {"model": FormRefusal if status == 422 else Refusal})
        for status in statuses
    }


def add_refusals(app: FastAPI, folder: Path) -> None:
    """Have a server answer errors; what it keeps in a folder is called as the user called it."""

    def refused(request: Request, error: SynclipsError) -> JSONResponse:
        if isinstance(error, OutputError):  # whose words are about folders of this machine
            return _answer(507, "There is no room on the server's disk.")
        return _answer(422, plainly(str(error), folder))

    app.exception_handler(SynclipsError)(refused)
    app.exception_handler(400)(_unreadable)  # which only the parser of forms raises
    app.exception_handler(RequestValidationError)(_of_wrong_kind)


def _unreadable(request: Request, error: HTTPException) -> JSONResponse:
    if isinstance(error.__cause__, TimeoutError):
        return _answer(408, "The request did not go on; send it again.")
    if "maximum size" in error.detail:  # Starlette tells it by no other sign
        most = f"{LONGEST // 2**20} MiB"
        return _answer(
            413, f"A field has more than {most}, which only files may have; give a shorter text."
        )
    return _answer(422, "The form cannot be read; send it as multipart/form-data (docs/http.md).")


def _of_wrong_kind(request: Request, error: RequestValidationError) -> JSONResponse:
    """Without what was sent: all of the form where a field is missing, and how it is kept here."""
    return _answer(422, [{key: one[key] for key in Wrong.model_fields} for one in error.errors()])


def _answer(status: int, detail: str | list[dict[str, Any]]) -> JSONResponse:
    return JSONResponse({"detail": detail}, status)
