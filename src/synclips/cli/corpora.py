"""Commands for training corpora: `corpus get`, `prepare` and `show`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from synclips.cli.program import corpus
from synclips.cli.progress import bars
from synclips.errors import ConfigError, InputError
from synclips.options import DEFAULT_MODEL


@corpus.command("get")
def corpus_get(
    output: Annotated[
        Path, typer.Option("--output", "-o", "--output_dir", help="The corpus folder.")
    ],
    num_speakers: Annotated[
        int | None,
        typer.Option(
            "--num-speakers",
            "--num_speakers",
            min=1,
            max=34,
            help="So many speakers, from the first on; all by default.",
        ),
    ] = None,
    speakers: Annotated[
        str | None, typer.Option(help="These speakers instead, for example 1,4,10-12 or s1,s4.")
    ] = None,
    parts: Annotated[
        str,
        typer.Option(
            help="What to get of each speaker: video, audio (25 kHz) and align (which word is said"
            " when), or some of them."
        ),
    ] = "video,audio,align",
    source: Annotated[
        list[str] | None,
        typer.Option(help="Base URL or folder of archives instead of the public ones. Repeat."),
    ] = None,
    attempts: Annotated[
        int, typer.Option(min=1, help="How often to try in vain before a file is given up.")
    ] = 5,
    keep_archives: Annotated[
        bool,
        typer.Option("--keep-archives", help="Keep downloaded archives once they are unpacked."),
    ] = False,
) -> None:
    """Download the GRID corpus (CC BY 4.0); continues where an earlier run stopped."""
    from synclips.corpus import grid
    from synclips.corpus.command import get_grid
    from synclips.corpus.display import DownloadBars
    from synclips.download.downloader import Downloader, Patience

    if num_speakers is not None and speakers is not None:
        raise ConfigError("--num-speakers and --speakers exclude each other; give one of them.")
    chosen = grid.parse_speakers(speakers or f"1-{num_speakers or grid.SPEAKER_COUNT}")
    with (
        DownloadBars() as bars,
        Downloader(
            Patience(attempts), bars.show, way_out="try again later or name another --source"
        ) as downloader,
    ):
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
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="Processes that prepare clips; by default as many as cores."),
    ] = None,
    retry: Annotated[
        bool, typer.Option("--retry", help="Try clips again that were skipped.")
    ] = False,
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
    with bars() as tell:
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
        str | None,
        typer.Option(help="Only these people, for example s1,s2 or 1,4,10-12; all by default."),
    ] = None,
    clip: Annotated[
        str | None, typer.Option(help="Key of the clip to begin with and to augment.")
    ] = None,
    seed: Annotated[
        int, typer.Option(min=0, help="Which clips and changes are drawn; the same give the same.")
    ] = 0,
) -> None:
    """Draw clips of a prepared corpus, and one of them through every kind of augmentation."""
    from synclips.corpus.grid import speaker_names
    from synclips.corpus.manifest import read_manifest
    from synclips.corpus.show import corpus_sheet

    people = None
    if speakers is not None:
        there = {entry.person for entry in read_manifest(prepared).entries}
        people = speaker_names(speakers, there)
    corpus_sheet(prepared, output, speakers=people, clip=clip, seed=seed)
    typer.echo(output)
