"""Options that several commands have."""

from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer

from synclips.options import parse_time

Model = Annotated[
    str, typer.Option(help="Name of a shipped model, or the folder of a trained one.")
]
Device = Annotated[str, typer.Option(help="auto, cpu or cuda.")]
Consent = Annotated[
    bool,
    typer.Option(
        "--i-have-consent", help="The person has agreed to the imitation, knowing what is said."
    ),
]
VoicesFolder = Annotated[
    Path | None,
    typer.Option(
        envvar="SYNCLIPS_VOICES",
        help="Where downloaded voices are. [default: synclips/voices in the user's data]",
        show_default=False,
    ),
]
Adapt = Annotated[
    str | None,
    typer.Option(
        metavar="auto|off|SECONDS",
        help="Learn the speaker from the video: auto (about two seconds), off, or so many seconds"
        " at most. [default: auto; off with a profile]",
        show_default=False,
    ),
]
Person = Annotated[
    Path | None, typer.Option(help="A profile of the speaker, made by `synclips adapt`.")
]
Region = Annotated[
    str | None,
    typer.Option(
        metavar="left|right|L,T,R,B",
        help="Where the face is if the picture shows several: the left or right half, or a part of"
        " it in shares of width and height, such as 0.5,0,1,1. By default whoever speaks.",
    ),
]
Alive = Annotated[
    bool,
    typer.Option(
        "--alive/--still",
        help="Whether a portrait picture blinks and moves its head a little, or only its mouth."
        " Videos are left alone.",
    ),
]
Dub = Annotated[
    bool,
    typer.Option(
        "--dub",
        help="The speech is a dub of what is said in the video: the result is at least as long as"
        " the video, and who only listens is left as filmed.",
    ),
]
At = Annotated[
    str | None,
    typer.Option(
        metavar="SECONDS|M:SS|H:MM:SS",
        help="Replace a part: from this time of the video on the speech is heard, at its own level,"
        " instead of what was said, and the lips speak it; before and after, all is as filmed. By"
        " default all of it is replaced.",
    ),
]
LabelText = Annotated[
    str | None,
    typer.Option(
        "--label",
        metavar="WORDS|FILE.png",
        help="Words, or a picture, that every frame shows in its lower left corner, such as"
        " AI-generated.",
    ),
]
Quality = Annotated[
    int,
    typer.Option(
        min=0,
        max=51,
        help="Rate factor of H.264 and HEVC; lower is better, 16 looks lossless.",
    ),
]
OutputCodec = Annotated[
    str,
    typer.Option(
        "--codec",
        metavar="h264|hevc|prores",
        help="What the result is coded as. h264 plays everywhere and has 8 bits and no HDR; hevc"
        " and prores (422 HQ, .mov or .mkv) keep 10 bits and HDR where the video has them.",
    ),
]
Extend = Annotated[
    str,
    typer.Option(
        metavar="bounce|loop|hold",
        help="How the video goes on where the speech is longer: bounce (backward, then forward"
        " again), loop (from its beginning) or hold (its last picture stays).",
    ),
]
ReportFile = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE|-",
        help="Also write what was done as JSON to this file; - writes it to standard output, and"
        " the line that says so to standard error.",
    ),
]


def time_of(given: str | None) -> Fraction | None:
    """What --at means.

    Raises:
        ConfigError: As `parse_time`.
    """
    return None if given is None else parse_time(given)


def label_of(given: str | None) -> str | Path | None:
    """What --label means: a .png is a picture, everything else words."""
    return Path(given) if given and given.lower().endswith(".png") else given
