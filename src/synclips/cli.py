"""The command line: arguments in, sentences out. Every command calls one function of the package.

Heavy packages are imported inside the commands, so that `--help` is instant.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeRemainingColumn,
)

from synclips.errors import ConfigError, InputError, SynclipsError
from synclips.options import DEFAULT_MODEL, SayOptions, SyncOptions

if TYPE_CHECKING:
    from synclips.speech.converter import Converter

app = typer.Typer(
    name="synclips",
    help="Open lip-sync: a video or a portrait and speech in, the video speaking it out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
corpus = typer.Typer(help="Training corpora.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(corpus, name="corpus")

STEPS = {
    "speak": "speaking",
    "track": "finding the face",
    "adapt": "learning the speaker",
    "draw": "drawing the lips",
    "prepare": "preparing clips",
    "crops": "cropping faces",
    "speech": "making speech",
    "phones": "learning phones",
    "motion": "learning to move",
    "generator": "learning to draw",
    "evaluate": "evaluating",
}

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
Adapt = Annotated[
    str | None,
    typer.Option(
        metavar="auto|off|SECONDS",
        help="Learn the speaker from the video: auto (about two seconds), off, or so many seconds"
        " at most. [default: auto; off with a profile]",
        show_default=False,
    ),
]


@app.command()
def sync(
    video: Annotated[Path, typer.Argument(help="A video with a face, or one portrait picture.")],
    audio: Annotated[Path, typer.Argument(help="Speech: any sound file, or a video with sound.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The video to write: .mp4, .mov or .mkv.")
    ],
    report: Annotated[
        Path | None, typer.Option(help="Also write what was done as JSON to this file.")
    ] = None,
    model: Model = DEFAULT_MODEL,
    device: Device = "auto",
    quality: Annotated[
        int,
        typer.Option(min=0, max=51, help="H.264 rate factor; lower is better, 16 looks lossless."),
    ] = SyncOptions.quality,
    adapt: Adapt = None,
    person: Annotated[
        Path | None, typer.Option(help="A profile of the speaker, made by `synclips adapt`.")
    ] = None,
) -> None:
    """Make the person in VIDEO speak AUDIO."""
    from synclips.media.partial import check_target
    from synclips.media.writer import check_output

    check_output(output, [video, audio])
    if report is not None:
        check_target(report, [video, audio, output])
    _leave_threads()
    from synclips.pipeline import LipSync

    engine = LipSync(model, device, adapt=adapt, person=person)
    with _bars() as tell:
        result = engine.sync(video, audio, output, tell, quality)
    if report is not None:
        _write_text(report, result.to_json() + "\n")
    typer.echo(
        f"{result.output}: {result.duration:.1f} s, {result.width}x{result.height};"
        f" {result.edited} frames edited, {result.passed} passed through;"
        f" {result.seconds:.1f} s ({result.speed:.1f} fps) with {result.model}"
        f"{', speaker learnt' if result.adapted else ''}"
    )


@app.command("adapt")
def adapt_to(
    videos: Annotated[
        list[Path], typer.Argument(help="Videos of one person speaking, with their own sound.")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder of the profile.")],
    model: Model = DEFAULT_MODEL,
    device: Device = "auto",
) -> None:
    """Learn how a person speaks, once; for `synclips sync --person`."""
    _leave_threads()
    from synclips.person import learn_person

    with _bars() as tell:
        learnt = learn_person(videos, output, model, device, tell)
    line = f"{output}: learnt from {learnt.seconds:.0f} s of speech"
    if learnt.before and learnt.after:
        line += (
            f"; on speech held out the mouth opening correlates by {learnt.after.correlation:.2f},"
            f" {learnt.before.correlation:.2f} before"
        )
    typer.echo(line)


@app.command()
def say(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[VIDEO] [TEXT]",
            help="A video with a face or a portrait, and what is said; - reads it from standard"
            " input. No VIDEO is needed for a .wav, no TEXT with a file of it.",
        ),
    ] = None,
    *,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", help="The .mp4, .mov or .mkv; .wav or .flac: only sound."),
    ],
    text_file: Annotated[Path | None, typer.Option(help="Say what is in this file.")] = None,
    subtitles: Annotated[
        Path | None, typer.Option(help="Say these subtitles (.srt, .vtt), each at its time.")
    ] = None,
    speaker: Annotated[
        str | None, typer.Option(help="Which voice of the engine; `synclips voices` lists them.")
    ] = None,
    engine: Annotated[str | None, typer.Option(help="What speaks: espeak or flite.")] = None,
    language: Annotated[
        str | None, typer.Option(help="Of the text, such as de; told from the text by default.")
    ] = None,
    speed: Annotated[float, typer.Option(help="0.5 is half, 2 twice as fast.")] = SayOptions.speed,
    voice: Annotated[
        str,
        typer.Option(
            help="Whose voice it becomes: neutral (the engine's), original (the person's in VIDEO)"
            " or a folder that `synclips voice` made."
        ),
    ] = "neutral",
    i_have_consent: Consent = False,
    save_audio: Annotated[
        Path | None, typer.Option(help="Also keep the sound in this .wav or .flac.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option(help="Also write what was done as JSON to this file.")
    ] = None,
    model: Model = DEFAULT_MODEL,
    device: Device = "auto",
    quality: Annotated[
        int,
        typer.Option(min=0, max=51, help="H.264 rate factor; lower is better, 16 looks lossless."),
    ] = SyncOptions.quality,
) -> None:
    """Make the person in VIDEO speak TEXT, or write the speech alone."""
    from synclips.dubbing import say as run
    from synclips.media.partial import check_target
    from synclips.media.writer import CONTAINERS

    video, text = _video_and_text(what or [], text_file, subtitles, output)
    if report is not None:
        others = [path for path in (video, text, output, save_audio) if isinstance(path, Path)]
        check_target(report, others)
    if output.suffix.lower() in CONTAINERS:
        _leave_threads()
    with _bars() as tell:
        result = run(
            video,
            text,
            output,
            SayOptions(engine, speaker, language, speed),
            SyncOptions(model, device, quality),
            save_audio=save_audio,
            converter=_converter(voice, video, i_have_consent),
            progress=tell,
            notice=lambda sentence: typer.echo(f"synclips: {sentence}", err=True),
        )
    if report is not None:
        _write_text(report, result.to_json() + "\n")
    spoken = f"{result.sentences} {'subtitle' if subtitles else 'sentence'}"
    line = f"{result.output}: {result.duration:.1f} s"
    if result.video is not None:
        line += f", {result.video.width}x{result.video.height}"
    line += f"; {spoken}{'' if result.sentences == 1 else 's'} by {result.engine} {result.voice}"
    if result.video is not None:
        line += (
            f"; {result.video.edited} frames edited, {result.video.passed} passed through;"
            f" {result.seconds:.1f} s with {result.video.model}"
        )
    typer.echo(line)


@app.command()
def voices(
    language: Annotated[
        str | None, typer.Option(help="Only those that speak it, such as en or pt-br.")
    ] = None,
) -> None:
    """List the voices of all engines, and how to install what is missing."""
    from synclips.speech.engines import list_voices
    from synclips.speech.listing import voice_table

    typer.echo(voice_table(list_voices(language)))


@app.command("voice")
def learn_voice(
    videos: Annotated[
        list[Path], typer.Argument(help="Videos or sound files of one person speaking.")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder of the profile.")],
    i_have_consent: Consent = False,
) -> None:
    """Learn a person's voice, once; for `synclips say --voice`."""
    from synclips.speech.consent import require_consent

    agreed = require_consent(i_have_consent)
    _leave_threads()
    from synclips.speech.profile import learn_voice as learn
    from synclips.speech.profile import save_profile

    profile = learn(videos, agreed)
    save_profile(profile, output)
    for warning in profile.recording.warnings:
        typer.echo(f"synclips: {warning}", err=True)
    typer.echo(
        f"{output}: {profile.recording.seconds:.1f} s of speech,"
        f" pitch {profile.pitch_range.median:.0f} Hz; consent recorded {agreed.date}"
    )


@app.command()
def demo(
    output: Annotated[Path, typer.Option("--output", "-o", help="The video to write.")] = Path(
        "out/demo.mp4"
    ),
    model: Model = DEFAULT_MODEL,
    device: Device = "auto",
) -> None:
    """Lip-sync a portrait that comes with scikit-image to speech that comes with synclips."""
    from synclips.demo import demo_files

    with demo_files() as (portrait, speech):
        output.parent.mkdir(parents=True, exist_ok=True)
        sync(portrait, speech, output, None, model, device, SyncOptions.quality)


@app.command()
def train(
    config: Annotated[Path, typer.Argument(help="A training run as TOML, see configs/.")],
    data: Annotated[
        list[Path], typer.Option(help="A folder of clips: GRID, or one with an INDEX.tsv. Repeat.")
    ],
    work: Annotated[Path, typer.Option(help="Everything is kept here; run again to continue.")],
    stage: Annotated[
        list[str] | None, typer.Option(help="Run only this stage. Repeat for several.")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes that prepare clips.")] = (
        os.cpu_count() or 1
    ),
    threads: Annotated[
        int, typer.Option(min=0, help="CPU threads of the networks in each process; 0: all cores.")
    ] = 0,
    drawers: Annotated[
        int, typer.Option(min=1, help="Threads that draw batches in each process.")
    ] = 1,
    device: Device = "auto",
    devices: Annotated[int, typer.Option(min=1, help="Processes, each on a device.")] = 1,
    nodes: Annotated[
        int, typer.Option(min=1, help="Computers, each with NODE_RANK and MASTER_ADDR set.")
    ] = 1,
) -> None:
    """Train a model from clips; continues where an earlier run of the same folder stopped."""
    from synclips.training.machine import Machine, check_installed

    check_installed()
    from synclips.training.families import read_run, road_of
    from synclips.training.stop import Stopped

    run = read_run(config)
    machine = Machine(device, devices, nodes, threads, drawers)
    try:
        with _bars() as tell:
            road_of(run)(run, data, work, workers, typer.echo, tell, machine).run(stage or ())
    except Stopped as stop:
        if machine.is_first:
            typer.echo(f"synclips: {stop}", err=True)
        raise typer.Exit(stop.status) from stop


@app.command()
def evaluate(
    data: Annotated[
        list[Path],
        typer.Option(
            help="A folder of clips: GRID (two sentences a pair), or any videos (two halves a"
            " pair). Repeat for several."
        ),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the report.")],
    model: Annotated[
        str, typer.Argument(help="Name of a shipped model, or the folder of a trained one.")
    ] = DEFAULT_MODEL,
    speakers: Annotated[
        str | None, typer.Option(help="GRID speakers, for example s32,s34; all by default.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Pairs per GRID speaker, videos per other folder.")
    ] = None,
    keep: Annotated[bool, typer.Option(help="Keep the videos and draw a contact sheet.")] = False,
    baselines: Annotated[
        bool, typer.Option(help="Also frozen mouth, wrong audio and re-encoded video.")
    ] = True,
    judge: Annotated[
        Path | None,
        typer.Option(exists=True, file_okay=False, help="A trained SyncNet; the shipped one."),
    ] = None,
    device: Device = "auto",
    adapt: Adapt = None,
) -> None:
    """Measure a model by the swap protocol, beside baselines; see docs/evaluation.md."""
    from synclips.checkpoint import pick_device
    from synclips.evaluation.command import evaluate as run
    from synclips.evaluation.judge_checkpoint import SHIPPED, load_judge
    from synclips.pipeline import LipSync

    engine = LipSync(model, device, adapt=adapt)
    with _bars() as tell:
        run(
            engine,
            output,
            data,
            speakers=None if speakers is None else speakers.split(","),
            limit=limit,
            keep=keep,
            baselines=baselines,
            judge=load_judge(judge or SHIPPED, pick_device(device)),
            progress=lambda done, total, name: tell("evaluate", done, total),
        )
    typer.echo((output / "report.md").read_text(encoding="utf-8"))


@corpus.command("get")
def corpus_get(
    output: Annotated[
        Path, typer.Option("--output", "-o", "--output_dir", help="The corpus folder.")
    ],
    num_speakers: Annotated[
        int | None,
        typer.Option("--num-speakers", "--num_speakers", min=1, max=34, help="The first N; all."),
    ] = None,
    speakers: Annotated[
        str | None, typer.Option(help="These instead, for example 1,4,10-12.")
    ] = None,
    parts: Annotated[str, typer.Option(help="What to get of each.")] = "video,audio,align",
    source: Annotated[
        list[str] | None,
        typer.Option(help="Base URL or folder of archives instead of the public ones. Repeat."),
    ] = None,
    attempts: Annotated[int, typer.Option(min=1, help="In vain, before a file is given up.")] = 5,
    keep_archives: Annotated[bool, typer.Option(help="Keep what was downloaded.")] = False,
) -> None:
    """Download the GRID corpus (CC BY 4.0); continues where an earlier run stopped."""
    from synclips.corpus import grid
    from synclips.corpus.command import get_grid
    from synclips.corpus.display import DownloadBars
    from synclips.corpus.download import Downloader, Patience

    if num_speakers is not None and speakers is not None:
        raise ConfigError("--num-speakers and --speakers exclude each other; give one of them.")
    chosen = grid.parse_speakers(speakers or f"1-{num_speakers or grid.SPEAKER_COUNT}")
    with DownloadBars() as bars, Downloader(Patience(attempts), bars.show) as downloader:
        summary = get_grid(
            output,
            chosen,
            grid.parse_parts(parts),
            [grid.named_source(text) for text in source] if source else grid.SOURCES,
            downloader=downloader,
            keep_archives=keep_archives,
            say=bars.say,
        )
    typer.echo(summary)
    if missing := len(summary.having("missing")):
        raise InputError(
            f"{missing} of {len(summary.outcomes)} parts {'is' if missing == 1 else 'are'} missing"
            f" in {output}; run the same command again to continue."
        )


@corpus.command("prepare")
def corpus_prepare(
    raw: Annotated[
        Path,
        typer.Argument(metavar="RAW", help="A folder of clips: GRID, or one with an INDEX.tsv."),
    ] = Path("data/raw"),
    output: Annotated[Path, typer.Argument(metavar="OUT", help="The prepared corpus.")] = Path(
        "data/prepared"
    ),
    data: Annotated[
        list[Path] | None, typer.Option(help="Another folder of clips. Repeat for several.")
    ] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; as many as cores.")] = None,
    retry: Annotated[bool, typer.Option(help="Try clips again that were skipped.")] = False,
    ray: Annotated[
        str | None,
        typer.Option(help="Work on Ray: `local`, `auto` or the address of a cluster."),
    ] = None,
) -> None:
    """Turn clips into what training reads; continues where an earlier run stopped."""
    from synclips.checkpoint import load_checkpoint
    from synclips.corpus.manifest import PrepareSpec
    from synclips.corpus.prepare import prepare_corpus
    from synclips.corpus.workers import LocalWorkers, Workers

    crew: Workers = LocalWorkers(workers or os.cpu_count() or 1)
    if ray is not None:
        from synclips.corpus.ray import RayWorkers

        if workers is not None and ray != "local":
            raise ConfigError("--workers counts processes of this machine; leave it to --ray.")
        crew = RayWorkers(ray, workers)
    with _bars() as tell:
        summary = prepare_corpus(
            [raw, *(data or [])],
            output,
            PrepareSpec(),
            load_checkpoint(DEFAULT_MODEL).shape,
            crew,
            lambda done, total: tell("prepare", done, total),
            retry=retry,
        )
    typer.echo(summary)


@corpus.command("show")
def corpus_show(
    prepared: Annotated[Path, typer.Argument(help="A prepared corpus.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The .png to write.")],
    speakers: Annotated[
        str | None, typer.Option(help="Only these, for example s1,s2; all by default.")
    ] = None,
    clip: Annotated[
        str | None, typer.Option(help="Key of the clip to begin with and to augment.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the clips and changes drawn.")] = 0,
) -> None:
    """Draw clips of a prepared corpus, and one of them through every kind of augmentation."""
    from synclips.corpus.show import corpus_sheet

    people = None if speakers is None else speakers.split(",")
    corpus_sheet(prepared, output, speakers=people, clip=clip, seed=seed)
    typer.echo(output)


def main(*command: str) -> None:
    """Run the command line; a `SynclipsError` is one sentence and exit status 1.

    Args:
        command: What comes before the arguments of the shell, such as `corpus`, `get`.
    """
    try:
        app([*command, *sys.argv[1:]], prog_name="synclips")
    except SynclipsError as error:
        Console(stderr=True, highlight=False, soft_wrap=True).print(
            f"synclips: {error}", markup=False
        )
        sys.exit(1)
    except SystemExit as stop:
        why = getattr(stop.__context__, "__cause__", None)
        if type(why) is KeyboardInterrupt:  # control-C, which Typer ends on without a word
            Console(stderr=True).print("synclips: stopped.")
        raise


def _leave_threads() -> None:
    """Decoding and encoding have their own; more for small networks only get in their way."""
    import torch

    torch.set_num_threads(max(1, (os.cpu_count() or 1) // 2))


def _video_and_text(
    given: list[str], text_file: Path | None, subtitles: Path | None, output: Path
) -> tuple[Path | None, str | Path]:
    """What `say` is to work on, from its two arguments and the options in place of the second."""
    if text_file is not None and subtitles is not None:
        raise ConfigError("--text-file and --subtitles exclude each other; give one of them.")
    if len(given) > 2:
        raise ConfigError("There are more arguments than a video and a text; quote the text.")
    if subtitles is not None and subtitles.suffix.lower() not in (".srt", ".vtt"):
        raise ConfigError(f"{subtitles} is no subtitle file; give a .srt or .vtt.")
    file = text_file or subtitles
    if file is not None:
        if len(given) > 1:
            raise ConfigError(f"There is a text beside {file}; give one of the two.")
        return (Path(given[0]) if given else None), file
    if not given:
        raise ConfigError("There is nothing to say; give a text, --text-file or --subtitles.")
    *video, text = given
    if not video and os.path.isfile(text):  # unlike Path's, False for what is no file name
        raise ConfigError(f"There is nothing to say with {text}; give a text after it.")
    return (Path(video[0]) if video else None), (sys.stdin.read() if text == "-" else text)


class _bars:  # noqa: N801 - used like a function
    """One progress bar per step, on standard error; silent when that is not a terminal."""

    def __enter__(self) -> Callable[[str, int, int | None], None]:
        console = Console(stderr=True)
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._tasks: dict[str, int] = {}
        self._progress.start()
        return self._tell

    def _tell(self, step: str, done: int, total: int | None) -> None:
        if step not in self._tasks:
            self._tasks[step] = int(self._progress.add_task(STEPS.get(step, step), total=total))
        task = self._tasks[step]
        self._progress.update(task, completed=done, total=total)  # type: ignore[arg-type]

    def __exit__(self, *error: object) -> None:
        self._progress.stop()


def _converter(voice: str, video: Path | None, consent: bool) -> "Converter | None":
    if voice == "neutral":  # which needs neither PyTorch nor pyworld
        return None
    from synclips.speech.conversion import converter_for

    return converter_for(voice, video, consent)


def _write_text(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.part")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)
