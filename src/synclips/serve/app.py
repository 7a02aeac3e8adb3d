"""The page and the HTTP interface: requests in, jobs and videos out.

Knows addresses and forms; what a job is and how it is done is in `jobs` and `order`.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import replace
from importlib.resources import files
from inspect import signature
from pathlib import Path
from typing import Annotated

from fastapi import Depends, FastAPI, File, Form, HTTPException, Request, Response, UploadFile
from fastapi.responses import FileResponse, JSONResponse

from synclips import __version__
from synclips.errors import ConfigError, OutputError, SynclipsError
from synclips.options import SayOptions, SyncOptions
from synclips.serve.guard import Guard
from synclips.serve.jobs import Job, Jobs, Perform
from synclips.serve.order import Order, check, perform
from synclips.serve.uploads import keep, plainly, require_media
from synclips.speech.engines import list_voices
from synclips.speech.subtitle_kinds import check_suffix
from synclips.speech.synthesizer import Voice

LARGEST = 2 * 10**9
"""Bytes of an order by default."""

_PAGE = {
    "": ("index.html", "text/html; charset=utf-8"),
    "style.css": ("style.css", "text/css; charset=utf-8"),
    "page.js": ("page.js", "text/javascript; charset=utf-8"),
}
_READ = ["GET", "HEAD"]
# The page shows the user's own files and what is made of them, and nothing from elsewhere.
_POLICY = (
    "default-src 'self'; media-src 'self' blob:; img-src 'self' blob: data:; frame-ancestors 'none'"
)


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
    common_picture, common_voice = picture or SyncOptions(), voice or SayOptions()

    @asynccontextmanager
    async def running(app: FastAPI) -> AsyncIterator[None]:
        app.state.jobs = Jobs(folder, perform)
        try:
            yield
        finally:
            await asyncio.to_thread(app.state.jobs.close)

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

    @app.exception_handler(SynclipsError)
    def told(request: Request, error: SynclipsError) -> JSONResponse:
        if isinstance(error, OutputError):  # whose words are about folders of this machine
            return JSONResponse({"detail": "There is no room on the server's disk."}, 507)
        return JSONResponse({"detail": plainly(str(error), folder)}, 422)

    def known(request: Request, id: str) -> Job:
        job = _jobs(request).find(id)
        if job is None:
            raise HTTPException(404, "There is no such job, or it was removed.")
        return job

    async def no_strangers(request: Request) -> None:
        """Refuse a form with fields that mean nothing here, or one of them twice."""
        names = [name for name, _ in (await request.form()).multi_items()]
        known = signature(order).parameters.keys() - {"request", "response"}
        for name in names:
            if name not in known:
                raise ConfigError(f"There is no field {name}; docs/http.md lists those there are.")
            if names.count(name) > 1:
                raise ConfigError(f"The field {name} is given twice; give it once.")

    @app.post("/jobs", status_code=202, dependencies=[Depends(no_strangers)])
    def order(
        request: Request,
        response: Response,
        video: Annotated[UploadFile, File(description="A video with a face, or a portrait.")],
        audio: Annotated[
            UploadFile | None, File(description="Speech: a sound file, or a video with sound.")
        ] = None,
        text: Annotated[str | None, Form(description="What is said, instead of audio.")] = None,
        subtitles: Annotated[
            UploadFile | None, File(description="SRT or WebVTT that is said, instead of audio.")
        ] = None,
        dub: Annotated[bool, Form(description="As --dub.")] = SyncOptions.dub,
        alive: Annotated[bool, Form(description="As --alive.")] = SyncOptions.alive,
        adapt: Annotated[str | None, Form(description="As --adapt.")] = None,
        region: Annotated[str | None, Form(description="As --region.")] = None,
        quality: Annotated[int, Form(ge=0, le=51, description="As --quality.")] = (
            SyncOptions.quality
        ),
        label: Annotated[str | None, Form(description="As --label, words alone.")] = None,
        engine: Annotated[str | None, Form(description="What speaks a text.")] = None,
        speaker: Annotated[str | None, Form(description="In which of its voices.")] = None,
        language: Annotated[str | None, Form(description="Of the text.")] = None,
        speed: Annotated[float, Form(description="1 is the voice's own.")] = SayOptions.speed,
    ) -> Job:
        """Order a video; give one of `audio`, `text` and `subtitles`."""
        given = [each for each in (audio, text, subtitles) if each]
        if len(given) != 1:
            raise ConfigError("Give one of audio, text and subtitles.")
        place = _jobs(request).new_folder()
        try:
            filmed = keep(video.file, video.filename or "video", place / "video")
            require_media(filmed)
            what: Path | str = text or ""
            if audio:
                what = keep(audio.file, audio.filename or "speech", place / "speech")
                require_media(what)
            elif subtitles:
                what = keep(subtitles.file, subtitles.filename or "", place / "speech")
                check_suffix(what, what.name)
            made = Order(
                filmed,
                what,
                is_sound=bool(audio),
                picture=replace(
                    common_picture,
                    dub=dub,
                    alive=alive,
                    adapt=adapt or None,
                    region=region or None,
                    quality=quality,
                    label=label or None,
                ),
                voice=replace(
                    common_voice,
                    engine=engine or None,
                    speaker=speaker or None,
                    language=language or None,
                    speed=speed,
                ),
            )
            check(made)
            job = _jobs(request).submit(place, made)
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise
        response.headers["Location"] = f"/jobs/{job.id}"
        return job

    @app.get("/jobs")
    def jobs(request: Request) -> list[Job]:
        """All of them, the oldest first."""
        return _jobs(request).all()

    @app.get("/jobs/{id}")
    def job(request: Request, id: str) -> Job:
        """How far one is."""
        return known(request, id)

    @app.api_route("/jobs/{id}/video", methods=_READ, response_class=FileResponse)
    def result(request: Request, id: str) -> FileResponse:
        """The video that was made."""
        job = known(request, id)
        if job.state != "done":
            raise HTTPException(409, f"The video is not made; the job is {job.state}.")
        return FileResponse(
            _jobs(request).result(job),
            media_type="video/mp4",
            filename=job.title,
            content_disposition_type="inline",
        )

    @app.delete("/jobs/{id}", status_code=204)
    def remove(request: Request, id: str) -> None:
        """Stop a job if it is not done, and remove it with its files."""
        if not _jobs(request).remove(id):
            known(request, id)

    @app.get("/voices")
    def voices(language: str | None = None) -> list[Voice]:
        """Who can speak a text."""
        found = list_voices(language or None, common_voice.voices_folder)
        return [voice for voice in found if voice.installed]

    def page(name: str) -> Response:
        file, kind = _PAGE[name]
        body = files("synclips.serve").joinpath("page", file).read_bytes()
        headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache"}
        return Response(body, media_type=kind, headers=headers)

    for name in _PAGE:
        app.add_api_route(
            f"/{name}",
            lambda name=name: page(name),
            methods=_READ,
            include_in_schema=False,
            response_model=None,
        )
    return app


def _jobs(request: Request) -> Jobs:
    jobs = request.app.state.jobs
    assert isinstance(jobs, Jobs)
    return jobs
