"""The form by which a video is ordered: its fields, and the order that they make.

Knows forms; neither addresses nor what becomes of an order.
"""

from dataclasses import replace
from pathlib import Path

from fastapi import File, Form, Request, UploadFile
from pydantic import BaseModel

from synclips.errors import ConfigError
from synclips.options import SayOptions, SyncOptions, parse_time
from synclips.serve.order import Order
from synclips.serve.uploads import keep, require_media
from synclips.speech.subtitle_kinds import check_suffix

LONGEST = 2**20
"""Bytes at most of a field that is no file, such as a text."""


class OrderForm(BaseModel):
    """A video, and one of `audio`, `text` and `subtitles`; a field left empty is one not given."""

    video: UploadFile = File(description="A video with a face, or a portrait.")
    audio: UploadFile | None = File(
        None, description="Speech: a sound file, or a video with sound."
    )
    text: str | None = Form(None, description="What is said, instead of audio; 1 MiB at most.")
    subtitles: UploadFile | None = File(
        None, description="SRT, WebVTT or ASS that is said, instead of audio."
    )
    dub: bool = Form(
        SyncOptions.dub,
        description="Whether the speech is a dub of what is said in the video (--dub).",
    )
    at: str | None = Form(
        None,
        description="From which time of the video on the speech is heard instead of what was said"
        " (--at): seconds, or minutes:seconds. By default it replaces all.",
    )
    alive: bool = Form(
        SyncOptions.alive, description="Whether a portrait blinks and moves its head (--still)."
    )
    adapt: str | None = Form(
        None, description="auto, off, or seconds that learning the speaker may take."
    )
    region: str | None = Form(
        None, description="Where the face is: left, right, or left,top,right,bottom as shares."
    )
    quality: int = Form(
        SyncOptions.quality,
        ge=0,
        le=51,
        description="Constant rate factor of H.264 or HEVC; 0 is lossless in H.264.",
    )
    codec: str = Form(
        SyncOptions.codec,
        description="h264, hevc, or prores, which is a QuickTime file; the last two keep 10 bits"
        " and HDR (--codec).",
    )
    extend: str = Form(
        SyncOptions.extend,
        description="How the video goes on where the speech is longer: bounce, loop or hold"
        " (--extend).",
    )
    label: str | None = Form(None, description="Words in a corner of every frame.")
    engine: str | None = Form(None, description="What speaks a text.")
    speaker: str | None = Form(None, description="In which of its voices.")
    language: str | None = Form(None, description="Of the text.")
    speed: float = Form(SayOptions.speed, description="1 is the voice's own.")

    def order(self, place: Path, picture: SyncOptions, voice: SayOptions) -> Order:
        """Keep the files, and make the order.

        Args:
            place: a folder for the files.
            picture: how all videos are made, where the form does not say.
            voice: how all texts are spoken, likewise.

        Raises:
            SynclipsError: a file cannot be kept or used, or not one thing is said.
        """
        if sum(bool(each) for each in (self.audio, self.text, self.subtitles)) != 1:
            raise ConfigError("Give one of audio, text and subtitles.")
        filmed = keep(self.video.file, self.video.filename or "video", place / "video")
        require_media(filmed)
        return Order(
            filmed,
            self._speech(place / "speech"),
            is_sound=bool(self.audio),
            picture=replace(
                picture,
                dub=self.dub,
                at=parse_time(self.at) if self.at else None,
                alive=self.alive,
                adapt=self.adapt or None,
                region=self.region or None,
                quality=self.quality,
                codec=self.codec,
                extend=self.extend,
                label=self.label or None,
            ),
            voice=replace(
                voice,
                engine=self.engine or None,
                speaker=self.speaker or None,
                language=self.language or None,
                speed=self.speed,
            ),
        )

    def _speech(self, place: Path) -> Path | str:
        if self.audio:
            sound = keep(self.audio.file, self.audio.filename or "speech", place)
            require_media(sound)
            return sound
        if self.subtitles:
            titles = keep(self.subtitles.file, self.subtitles.filename or "", place)
            check_suffix(titles, titles.name)
            return titles
        return self.text or ""


async def check_fields(request: Request) -> None:
    """Refuse a form with fields that mean nothing here, or one of them twice.

    Raises:
        ConfigError: it has such.
    """
    names = [name for name, _ in (await request.form()).multi_items()]
    for name in names:
        if name not in OrderForm.model_fields:
            raise ConfigError(f"There is no field {name}; docs/http.md lists those there are.")
        if names.count(name) > 1:
            raise ConfigError(f"The field {name} is given twice; give it once.")
