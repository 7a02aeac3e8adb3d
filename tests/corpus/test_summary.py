"""What is told of a preparation."""

from pathlib import Path
from typing import Any

from synclips.corpus.manifest import Entry
from synclips.corpus.summary import Summary


def test_the_summary_counts_reasons_splits_and_speed() -> None:
    def entry(number: int, **values: Any) -> Entry:
        return Entry(f"k{number}", "grid", f"s{number % 2}", str(number), f"{number}.mpg", **values)

    usable = [entry(number, split="train", seconds=30.0) for number in range(4)]
    skipped = [entry(number, skipped=f"{number}.mpg is no video.") for number in (4, 5)]
    skipped += [entry(number, skipped="too dark") for number in (6, 7, 8, 9, 10)]
    summary = Summary(
        (*usable, *skipped), done=6, seconds=30.0, cores=2, manifest=Path("out/manifest.jsonl")
    )
    assert str(summary).splitlines() == [
        "skipped: 5 clips: too dark (6.mpg, 7.mpg, 8.mpg and 2 more)",
        "skipped: 2 clips: the video is no video. (4.mpg, 5.mpg)",
        "out/manifest.jsonl names all of them; a clip is tried again when its file was replaced,"
        " and all are with `synclips corpus prepare --retry`",
        "train: 4 clips of 2 people, 2.0 minutes",
        "4 GRID clips have no usable alignment, and so no words",
        "4 clips prepared, 7 skipped",
        "6 clips tried now, in 30 s: 12 clips per minute, 6 per minute and core",
    ]
    assert "now" not in str(Summary((), done=0, seconds=0.0, cores=2))
