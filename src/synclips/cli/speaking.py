"""Commands that speak: `say`, and `voice` and `voices`, with which it may."""

import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from synclips.cli.choices import (
    Adapt,
    Alive,
    At,
    Consent,
    Device,
    Dub,
    Extend,
    LabelText,
    Model,
    OutputCodec,
    Person,
    Quality,
    Region,
    ReportFile,
    VoicesFolder,
    label_of,
    time_of,
)
from synclips.cli.fetching import Download, fetching, get_named
from synclips.cli.program import app
from synclips.cli.progress import bars
from synclips.cli.reporting import Reporting
from synclips.errors import AbsentVoiceError, ConfigError
from synclips.options import DEFAULT_MODEL, SayOptions, SyncOptions

if TYPE_CHECKING:
    from synclips.speech.text import Notice

_MOST_NOTICES = 12  # of a film's subtitles there may be hundreds
_LONG_NAME = 60  # signs; a longer one would hide the rest of its line


@app.command()
def say(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[VIDEO] [TEXT]",
            help="A video with a face or a portrait, and what is said; - reads it from standard"
            " input. No VIDEO is needed for sound alone, no TEXT with a file of it.",
        ),
    ] = None,
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="The .mp4, .mov or .mkv; or only sound: .wav, .flac, .ogg, .mp3 or .m4a.",
        ),
    ] = None,
    show_text: Annotated[
        bool,
        typer.Option(
            "--show-text",
            help="Make nothing, and print the sentences as they would be read, with language,"
            " pauses and the times of subtitles. Needs neither --output nor consent.",
        ),
    ] = False,
    text_file: Annotated[Path | None, typer.Option(help="Say what is in this file.")] = None,
    subtitles: Annotated[
        Path | None,
        typer.Option(
            help="Say these subtitles (.srt, .vtt, .ass, .ssa), each at its time; with --dub in a"
            " voice for each person in VIDEO."
        ),
    ] = None,
    speaker: Annotated[
        str | None,
        typer.Option(
            help="Which voice of the engine, see `synclips voices`; of kokoro several can be mixed,"
            " as in af_heart:70+bm_george:30, the melody of one and the colour of another as in"
            " af_heart/bm_george. By default the first, rather a female or male one if"
            " the person in VIDEO speaks high or low; with --voice kokoro mixes one like theirs."
        ),
    ] = None,
    engine: Annotated[
        str | None, typer.Option(help="What speaks: piper, kokoro, espeak or flite.")
    ] = None,
    language: Annotated[
        str | None, typer.Option(help="Of the text, such as de; told from the text by default.")
    ] = None,
    speed: Annotated[float, typer.Option(help="0.5 is half, 2 twice as fast.")] = SayOptions.speed,
    voices_folder: VoicesFolder = None,
    download: Download = None,
    voice: Annotated[
        str,
        typer.Option(
            help="Whose voice it becomes: neutral (the engine's), original (the person's in VIDEO)"
            " or a folder that `synclips voice` made; with --converter a video or sound file, too."
        ),
    ] = "neutral",
    converter: Annotated[
        Path | None,
        typer.Option(help="Folder of a network that gives the voice; original by default."),
    ] = None,
    i_have_consent: Consent = False,
    save_audio: Annotated[
        Path | None, typer.Option(help="Also keep the sound in this file, such as a .wav or .mp3.")
    ] = None,
    report: ReportFile = None,
    model: Model = DEFAULT_MODEL,
    device: Device = "auto",
    quality: Quality = SyncOptions.quality,
    adapt: Adapt = None,
    person: Person = None,
    region: Region = None,
    alive: Alive = SyncOptions.alive,
    dub: Dub = SyncOptions.dub,
    label: LabelText = None,
    at: At = None,
    codec: OutputCodec = SyncOptions.codec,
    extend: Extend = SyncOptions.extend,
) -> None:
    """Make the person in VIDEO speak TEXT, or write the speech alone."""
    from synclips.dubbing import say as run
    from synclips.speech.consent import asks_consent, require_consent

    told: list[str] = []

    def notice(sentence: str) -> None:
        told.append(sentence)
        if len(told) <= _MOST_NOTICES:
            typer.echo(f"synclips: {sentence}", err=True)

    if show_text and download:
        raise ConfigError(
            "--show-text makes nothing, and so downloads nothing; leave out --download."
        )
    video, text = _video_and_text(what or [], text_file, subtitles)
    speech = SayOptions(
        engine,
        speaker,
        language,
        speed,
        voices_folder,
        voice=voice,
        converter_folder=converter,
        consent=i_have_consent,
    )
    if show_text:
        read = _from_standard_input() if text == "-" else text
        typer.echo(_lines_of(video, read, speech, notice))
        return
    if output is None:
        raise typer.BadParameter("There is none; name the file to write.", param_hint="--output")
    picture = SyncOptions(
        model,
        device,
        quality,
        adapt=adapt,
        person=person,
        region=region,
        alive=alive,
        dub=dub,
        label=label_of(label),
        at=time_of(at),
        codec=codec,
        extend=extend,
    )
    reporting = Reporting(report)
    given = [path for path in (video, text) if isinstance(path, Path)]
    inputs = [*given, *speech.inputs, *picture.inputs]
    reporting.check(inputs, [output, *([save_audio] if save_audio else [])])
    if video is not None and asks_consent(voice, converter):  # before standard input is waited for
        require_consent(i_have_consent)
    if text == "-":
        text = _from_standard_input()
    try:
        with bars() as tell:
            result = run(
                video,
                text,
                output,
                speech,
                picture,
                save_audio=save_audio,
                fetch=fetching(download),
                progress=tell,
                notice=notice,
            )
    except AbsentVoiceError as absent:
        if download is not None:
            raise
        raise ConfigError(f"{str(absent).rstrip('.')}, or add --download.") from absent
    if len(told) > _MOST_NOTICES:
        more = f"{len(told) - _MOST_NOTICES} more notices like these"
        typer.echo(f"synclips: {more}{'' if report else '; --report has them all'}.", err=True)
    reporting.write(result.to_json())
    length = result.duration if result.video is None else result.video.duration
    line = f"{result.output}: {length:.1f} s"
    if result.video is not None:
        line += f", {result.video.width}x{result.video.height}"
    voice = result.voice
    if len(voice) > _LONG_NAME:
        if not result.speakers:
            reporting.tell(f"voice, for --speaker: {voice}")
        voice = "(mixed)"
    line += f"; {result.sentences} {'subtitle' if subtitles else 'sentence'}"
    line += "" if result.sentences == 1 else "s"
    if result.speakers:
        line += f" of {len(set(result.speakers))} people"
    line += f" by {result.engine} {voice}"
    if result.video is not None:
        from synclips.report import remarks

        for remark in remarks(result.video, picture):
            typer.echo(f"synclips: {remark}", err=True)
        line += (
            f"; {result.video.edited} frames edited, {result.video.passed} passed through;"
            f" {result.seconds:.1f} s with {result.video.model}"
        )
    reporting.tell(line)


@app.command()
def voices(
    language: Annotated[
        str | None, typer.Option(help="Only those that speak it, such as en or pt-br.")
    ] = None,
    get: Annotated[
        str | None,
        typer.Option(metavar="ENGINE/VOICE", help="Download this one instead of listing them."),
    ] = None,
    voices_folder: VoicesFolder = None,
) -> None:
    """List the voices of all engines and how to install what is missing, or download one."""
    if get is not None:
        get_named(get, voices_folder)
        return
    from synclips.speech.engines import list_voices
    from synclips.speech.listing import voice_table

    found = list_voices(language, voices_folder)
    if not found:
        raise ConfigError(
            f"No engine has a voice of the language {language}; `synclips voices` lists all."
        )
    typer.echo(voice_table(found))


@app.command("voice")
def learn_voice(
    videos: Annotated[
        list[Path], typer.Argument(help="Videos or sound files of one person speaking.")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder of the profile.")],
    i_have_consent: Consent = False,
) -> None:
    """Learn a person's voice, once; for `synclips say --voice`."""
    from synclips.media.partial import check_folder
    from synclips.speech.consent import require_consent

    agreed = require_consent(i_have_consent)
    check_folder(output)
    from synclips.speech.profile import learn_voice as learn
    from synclips.speech.profile import save_profile

    with bars() as tell:
        profile = learn(videos, agreed, partial(tell, "voice"))
    save_profile(profile, output)
    for warning in profile.recording.warnings:
        typer.echo(f"synclips: {warning}", err=True)
    typer.echo(
        f"{output}: {profile.recording.seconds:.1f} s of speech,"
        f" pitch {profile.pitch_range.median:.0f} Hz; consent recorded {agreed.date}"
    )


def _video_and_text(
    given: list[str], text_file: Path | None, subtitles: Path | None
) -> tuple[Path | None, str | Path]:
    """What `say` is to work on, from its two arguments and the options in place of the second."""
    from synclips.speech.manuscript import is_written, refuse_name
    from synclips.speech.subtitle_kinds import check_suffix

    if text_file is not None and subtitles is not None:
        raise ConfigError("--text-file and --subtitles exclude each other; give one of them.")
    if len(given) > 2:
        raise ConfigError("There are more arguments than a video and a text; quote the text.")
    if subtitles is not None:
        check_suffix(subtitles)
    file = text_file or subtitles
    if file is not None:
        if len(given) > 1:
            raise ConfigError(f"There is a text beside {file}; give one of the two.")
        return (Path(given[0]) if given else None), file
    if not given:
        raise ConfigError("There is nothing to say; give a text, --text-file or --subtitles.")
    *video, text = given
    # Unlike Path's, isfile is False for what is no file name. The name of a text goes on below.
    if not video and os.path.isfile(text) and not is_written(Path(text)):
        raise ConfigError(f"There is nothing to say with {text}; give a text after it.")
    refuse_name(text, on_disk=True)
    return (Path(video[0]) if video else None), text


def _lines_of(video: Path | None, text: str | Path, speech: SayOptions, notice: "Notice") -> str:
    """What would be spoken, as a table."""
    from synclips.speech.consent import asks_voice
    from synclips.speech.listing import line_table
    from synclips.speech.manuscript import read_manuscript

    converts = asks_voice(speech.voice, speech.converter_folder)
    found = read_manuscript(video, text, speech, converting=converts, notice=notice)
    return line_table(found.lines(), found.lead)


def _from_standard_input() -> str:
    from synclips.speech.text_file import MAX_FILE, decode, too_long

    name = "What is read from standard input"
    data = sys.stdin.buffer.read(MAX_FILE + 1)
    if len(data) > MAX_FILE:
        raise too_long(name)
    return decode(data, name)
