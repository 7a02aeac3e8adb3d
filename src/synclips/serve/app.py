"""The page and the HTTP interface: requests in, jobs and videos out.

Knows addresses and answers; forms are in `form`, what a job is and how it is done in `jobs` and
`order`.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, File, HTTPException, Request, Response
from fastapi.responses import FileResponse

from synclips import __version__
from synclips.options import SayOptions, SyncOptions
from synclips.serve.form import LONGEST, OrderForm, check_fields
from synclips.serve.guard import Guard
from synclips.serve.jobs import Job, Jobs, Perform
from synclips.serve.order import check, perform
from synclips.serve.refusals import add_refusals, described
from synclips.speech.engines import list_voices
from synclips.speech.synthesizer import Voice

LARGEST = 2 * 10**9
"""Bytes of an order by default."""

_PAGE = {
    "": ("index.html", "text/html; charset=utf-8"),
    "style.css": ("style.css", "text/css; charset=utf-8"),
    "page.js": ("page.js", "text/javascript; charset=utf-8"),
}
_READ = ["GET", "HEAD"]
_KINDS = {".mp4": "video/mp4", ".mov": "video/quicktime"}
_VIDEO: dict[str, Any] = {
    "description": "All of it, or the range that was asked for.",
    "content": {
        kind: {"schema": {"type": "string", "format": "binary"}} for kind in _KINDS.values()
    },
}
# The page shows the user's own files and what is made of them, and nothing from elsewhere.
_POLICY = (
    "default-src 'self'; media-src 'self' blob:; img-src 'self' blob: data:; frame-ancestors 'none'"
)

router = APIRouter(form_limits={"max_part_size": LONGEST}, responses=described(400))


@dataclass(frozen=True)
class Desk:
    """What all requests to a server have in common.

    Attributes:
        folder: where uploads and results are kept.
        jobs: what was ordered.
        picture: model and device of all videos.
        voice: where voices are.
    """

    folder: Path
    jobs: Jobs
    picture: SyncOptions
    voice: SayOptions


def create_app(
    folder: Path,
    *,
    picture: SyncOptions | None = None,
    voice: SayOptions | None = None,
    names: Collection[str] = ("localhost",),
    largest: int = LARGEST,
    perform: Perform = perform,
) -> FastAPI:
    """Make the server; jobs are worked on while it runs.

    Args:
        folder: where uploads and results are kept.
        picture: model and device of all videos.
        voice: where voices are.
        names: by which it may be called, besides addresses.
        largest: bytes of an order at most.
        perform: makes a video.
    """

    @asynccontextmanager
    async def running(app: FastAPI) -> AsyncIterator[None]:
        jobs = Jobs(folder, perform)
        app.state.desk = Desk(folder, jobs, picture or SyncOptions(), voice or SayOptions())
        try:
            yield
        finally:
            await asyncio.to_thread(jobs.close)

    app = FastAPI(
        title="synclips",
        version=__version__,
        summary="A video or a portrait, and speech or a text in; the video speaking it out.",
        lifespan=running,
        # Their pages are fetched from elsewhere; what they show is in /openapi.json.
        docs_url=None,
        redoc_url=None,
    )
    app.add_middleware(Guard, largest=largest, folder=folder, names=names)
    add_refusals(app, folder)
    app.include_router(router)
    for name in _PAGE:
        app.add_api_route(
            f"/{name}",
            partial(_page, name),
            methods=_READ,
            include_in_schema=False,
            response_model=None,
        )
    return app


def _desk(request: Request) -> Desk:
    desk = request.app.state.desk
    assert isinstance(desk, Desk)
    return desk


AtDesk = Annotated[Desk, Depends(_desk)]


def _known(desk: AtDesk, id: str) -> Job:
    job = desk.jobs.find(id)
    if job is None:
        raise HTTPException(404, "There is no such job, or it was removed.")
    return job


Known = Annotated[Job, Depends(_known)]


@router.post(
    "/jobs",
    status_code=202,
    dependencies=[Depends(check_fields)],
    responses=described(403, 408, 411, 413, 422, 507),
)
def order(desk: AtDesk, response: Response, form: Annotated[OrderForm, File()]) -> Job:
    """Order a video; give one of `audio`, `text` and `subtitles`."""
    place = desk.jobs.new_folder()
    try:
        made = form.order(place, desk.picture, desk.voice)
        check(made)
        job = desk.jobs.submit(place, made)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    response.headers["Location"] = f"/jobs/{job.id}"
    return job


@router.get("/jobs")
def jobs(desk: AtDesk) -> list[Job]:
    """All of them, the oldest first."""
    return desk.jobs.all()


@router.get("/jobs/{id}", responses=described(404))
def job(known: Known) -> Job:
    """How far one is."""
    return known


@router.head("/jobs/{id}/video", include_in_schema=False)
@router.get(
    "/jobs/{id}/video",
    response_class=FileResponse,
    responses=described(404, 409, 416) | {200: _VIDEO, 206: _VIDEO},
)
def result(desk: AtDesk, known: Known) -> FileResponse:
    """The video that was made."""
    if known.state != "done":
        raise HTTPException(409, f"The video is not made; the job is {known.state}.")
    video = desk.jobs.result(known)
    return FileResponse(
        video,
        media_type=_KINDS[video.suffix],
        filename=known.title,
        content_disposition_type="inline",
    )


@router.delete("/jobs/{id}", status_code=204, responses=described(403, 404))
def remove(desk: AtDesk, known: Known) -> None:
    """Stop a job if it is not done, and remove it with its files."""
    desk.jobs.remove(known.id)


@router.get("/voices", responses=described(422))
def voices(desk: AtDesk, language: str | None = None) -> list[Voice]:
    """Who can speak a text."""
    found = list_voices(language or None, desk.voice.voices_folder)
    return [voice for voice in found if voice.installed]


def _page(name: str) -> Response:
    file, kind = _PAGE[name]
    body = files("synclips.serve").joinpath("page", file).read_bytes()
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache"}
    return Response(body, media_type=kind, headers=headers)
