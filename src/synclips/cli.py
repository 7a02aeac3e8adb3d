"""The command line: arguments in, sentences out. Every command calls one function of the package.

Heavy packages are imported inside the commands, so that `--help` is instant.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

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
from synclips.options import DEFAULT_MODEL, SyncOptions

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
    "track": "finding the face",
    "draw": "drawing the lips",
    "prepare": "preparing clips",
    "crops": "cropping faces",
    "motion": "learning to move",
    "generator": "learning to draw",
    "evaluate": "evaluating",
}

Model = Annotated[
    str, typer.Option(help="Name of a shipped model, or the folder of a trained one.")
]
Device = Annotated[str, typer.Option(help="auto, cpu or cuda.")]


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
) -> None:
    """Make the person in VIDEO speak AUDIO."""
    from synclips.media.partial import check_target
    from synclips.media.writer import check_output

    check_output(output, [video, audio])
    if report is not None:
        check_target(report, [video, audio, output])
    import torch

    from synclips.pipeline import LipSync

    # Decoding and encoding have threads of their own; more for the small networks only get in
    # their way.
    torch.set_num_threads(max(1, (os.cpu_count() or 1) // 2))
    engine = LipSync(model, device)
    with _bars() as tell:
        result = engine.sync(video, audio, output, tell, quality)
    if report is not None:
        _write_text(report, result.to_json() + "\n")
    typer.echo(
        f"{result.output}: {result.duration:.1f} s, {result.width}x{result.height};"
        f" {result.edited} frames edited, {result.passed} passed through;"
        f" {result.seconds:.1f} s ({result.speed:.1f} fps) with {result.model}"
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
) -> None:
    """Measure a model by the swap protocol, beside baselines; see docs/evaluation.md."""
    from synclips.checkpoint import pick_device
    from synclips.evaluation.command import evaluate as run
    from synclips.evaluation.judge_checkpoint import SHIPPED, load_judge
    from synclips.pipeline import LipSync

    engine = LipSync(model, device)
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


def _write_text(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.part")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)
