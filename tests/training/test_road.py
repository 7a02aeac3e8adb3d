"""The whole training road, from clips on disk to a model that lip-syncs, very small."""

import json
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from synclips.errors import ConfigError
from synclips.media.audio import read_mono
from synclips.media.writer import VideoWriter
from synclips.pipeline import LipSync
from synclips.training.config import read_config
from synclips.training.road import STAGES, Road

CONFIG = """
name = "small"
[split]
held_out = ["s2"]
validation = ["s2"]
[shape]
size = 4
[motion]
window = 32
[motion.network]
width = 16
depth = 1
heads = 2
shape_size = 4
references = 4
[motion.loop]
steps = 3
batch_size = 2
learning_rate = 1e-3
validate_every = 3
[generator]
adversarial_from = 1
frame_stride = 1
[generator.network]
first = 8
second = 8
third = 8
[generator.loop]
steps = 3
batch_size = 2
learning_rate = 1e-3
validate_every = 3
"""


@pytest.fixture
def corpus(portrait: NDArray[np.uint8], speech: Path, tmp_path: Path) -> Path:
    """Two speakers with one clip each, of a face whose lower half is stretched up and down."""
    rows, columns = np.mgrid[0:240, 0:320].astype(np.float32)
    low = np.clip((rows - 130) / 60, 0, 1) * np.exp(-(((columns - 163) / 50) ** 2))
    rate = Fraction(25)
    for person in ("s1", "s2"):
        folder = tmp_path / "grid" / person / "video"
        folder.mkdir(parents=True)
        with VideoWriter(
            folder / "bbaf2n.mp4",
            width=320,
            height=240,
            frame_rate=rate,
            time_base=Fraction(1, 12800),
            sound=speech,
        ) as writer:
            for index in range(30):
                pulled = rows - 6 * low * np.float32(np.sin(index / 2) ** 2)
                image = cv2.remap(portrait, columns, pulled, cv2.INTER_CUBIC)
                writer.write(image.astype(np.uint8), index / rate)
    return tmp_path / "grid"


def test_from_clips_to_a_model_that_lip_syncs(corpus: Path, speech: Path, tmp_path: Path) -> None:
    file = tmp_path / "small.toml"
    file.write_text(CONFIG)
    said: list[str] = []
    work = tmp_path / "work"
    Road(read_config(file), [corpus], work, 1, said.append).run()
    assert [line for line in said if line.startswith("stage")] == [f"stage {s}" for s in STAGES]
    logged = [json.loads(line) for line in said if line.startswith("{")]
    assert [row["step"] for row in logged] == [3, 3]
    assert all(np.isfinite(list(row.values())).all() for row in logged)

    weights = (work / "model" / "motion.safetensors").read_bytes()
    Road(read_config(file), [corpus], work, 1, said.append).run()
    assert (work / "model" / "motion.safetensors").read_bytes() == weights, "a second run did more"

    output = tmp_path / "out.mp4"
    report = LipSync(work / "model").sync(corpus / "s2" / "video" / "bbaf2n.mp4", speech, output)
    assert report.model == "small"
    assert report.edited == report.frames == 30
    assert len(read_mono(output, 16_000)) == pytest.approx(1.2 * 16_000, abs=1100)


def test_an_unknown_stage_is_named(corpus: Path, tmp_path: Path) -> None:
    file = tmp_path / "small.toml"
    file.write_text(CONFIG)
    road = Road(read_config(file), [corpus], tmp_path / "work", 1, lambda text: None)
    with pytest.raises(ConfigError, match="'fly'; stages are prepare"):
        road.run(["fly"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('name = "x"\ncolour = 1', "unknown key 'colour'"),
        ("[motion]\nwindow = 3", "missing"),
        ('name = "x"\n[motion.loop]\nsteps = "many"', "steps must be of type int"),
        ('name = "x"\nmotion = 3', "motion must be a table"),
        ("name = ", "not valid TOML"),
    ],
)
def test_a_config_that_does_not_fit_is_refused(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(text)
    with pytest.raises(ConfigError, match=message):
        read_config(file)


def test_the_shipped_config_is_readable() -> None:
    config = read_config(Path(__file__).parents[2] / "configs" / "synclips-1.toml")
    assert config.name == "synclips-1"
    assert {"s5", "s33"} <= set(config.split.held_out)
    assert config.generator.corpora == ("grid",)
