"""Clips as GRID has them."""

from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray


@pytest.fixture(scope="session")
def talking(
    portrait: NDArray[np.uint8], speech: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Four clips of s1 in the layout of GRID: a face that moves its mouth, and no video."""
    from synclips.media.writer import VideoWriter

    folder = tmp_path_factory.mktemp("talking") / "raw"
    (folder / "s1" / "video").mkdir(parents=True)
    (folder / "s1" / "align").mkdir()
    rows, columns = np.mgrid[0:240, 0:320].astype(np.float32)
    low = np.clip((rows - 130) / 60, 0, 1) * np.exp(-(((columns - 163) / 50) ** 2))
    rate = Fraction(25)
    for number, name in enumerate(("bbaf2n", "bbaf3s", "bbaf4p")):
        with VideoWriter(
            folder / "s1" / "video" / f"{name}.mp4",
            width=320,
            height=240,
            frame_rate=rate,
            time_base=Fraction(1, 12800),
            sound=speech,
        ) as writer:
            for index in range(30):
                pulled = rows - 6 * low * np.float32(np.sin(index / (2 + number)) ** 2)
                image = cv2.remap(portrait, columns, pulled, cv2.INTER_CUBIC).astype(np.uint8)
                writer.write(image, index / rate)
        text = "0 2000 sil\n2000 9000 bin\n9000 15000 blue\n15000 30000 sil\n"
        (folder / "s1" / "align" / f"{name}.align").write_text(text)
    (folder / "s1" / "video" / "bgif3s.mp4").write_bytes(b"not a video" * 100)
    return folder


@pytest.fixture(scope="session")
def prepared(talking: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What two workers make of them, with the lip shape that is shipped."""
    from synclips.checkpoint import load_checkpoint
    from synclips.corpus.manifest import PrepareSpec
    from synclips.corpus.prepare import prepare_corpus
    from synclips.options import DEFAULT_MODEL

    out = tmp_path_factory.mktemp("prepared") / "corpus"
    prepare_corpus([talking], out, PrepareSpec(), load_checkpoint(DEFAULT_MODEL).shape, 2)
    return out
