"""The roads of `grid-gan` and SyncNet, from a prepared corpus to models that are used."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from synclips.checkpoint import (
    GridGanCheckpoint,
    load_checkpoint,
    load_syncnet,
    save_checkpoint,
)
from synclips.errors import ConfigError
from synclips.training.families import read_run, road_of
from synclips.training.machine import Machine

SYNCNET = """
family = "syncnet"
name = "tiny-judge"
speakers = ["s1", "s2"]
frames = 30
[network]
size = 32
width = 8
hidden = 16
features = 8
[loop]
steps = 2
batch_size = 2
learning_rate = 1e-3
validate_every = 2
"""

LOOP = "steps = 1\nbatch_size = 2\nlearning_rate = 1e-3\nvalidate_every = 1\n"
GRID_GAN = f"""
family = "grid-gan"
name = "tiny"
expert = "EXPERT"
[audio]
trains = ["audio_encoder", "word_head"]
losses = {{ words = 1.0 }}
[audio.loop]
{LOOP}
[video]
trains = ["video_encoder", "lip_head"]
losses = {{ lips = 1.0 }}
[video.loop]
{LOOP}
[joint]
trains = ["audio_encoder", "video_encoder", "cross_attention", "generator"]
losses = {{ picture = 1.0 }}
drawn = 2
[joint.loop]
{LOOP}
[adversarial]
trains = ["audio_encoder", "video_encoder", "cross_attention", "generator", "discriminator"]
losses = {{ picture = 1.0, adversarial = 0.01, sync = 0.05 }}
[adversarial.loop]
{LOOP}
"""


def run(text: str, corpus: Path, work: Path, *stages: str) -> list[str]:
    """What a run said."""
    file = work.with_suffix(".toml")
    file.write_text(text)
    config = read_run(file)
    said: list[str] = []
    road_of(config)(config, [corpus], work, 0, said.append, machine=Machine("cpu")).run(stages)
    return said


def test_both_roads_lead_to_models(prepared_corpus: Path, tmp_path: Path) -> None:
    run(SYNCNET, prepared_corpus, tmp_path / "judge")
    judge = load_syncnet(tmp_path / "judge" / "model")
    assert judge.name == "tiny-judge"
    assert judge.crop.size == 32

    text = GRID_GAN.replace("EXPERT", str(tmp_path / "judge" / "model"))
    said = run(text, prepared_corpus, tmp_path / "gan")
    assert [line for line in said if line.startswith("stage")] == [
        f"stage {name}" for name in ("prepare", "audio", "video", "joint", "adversarial", "export")
    ]
    model = load_checkpoint(tmp_path / "gan" / "model")
    assert isinstance(model, GridGanCheckpoint)
    assert model.crop.size == 32
    # Each stage went on with what the one before left.
    assert (tmp_path / "gan" / "adversarial" / "discriminator.safetensors").exists()
    assert not (tmp_path / "gan" / "audio" / "generator.safetensors").exists()


def test_other_clips_are_another_run(
    prepared_corpus: Path, without: Callable[..., Path], tmp_path: Path
) -> None:
    run(GRID_GAN, prepared_corpus, tmp_path / "gan", "audio")
    run(SYNCNET, prepared_corpus, tmp_path / "judge", "syncnet")
    run(GRID_GAN, prepared_corpus, tmp_path / "gan", "audio")
    fewer = without("s4")
    message = r"other settings: data\.clips \(was 8\), data\.which \(was "
    with pytest.raises(ConfigError, match=message):
        run(GRID_GAN, fewer, tmp_path / "gan", "audio")
    others = SYNCNET.replace('speakers = ["s1", "s2"]', "")
    run(others, without("s3"), tmp_path / "as-many", "syncnet")
    with pytest.raises(ConfigError, match=r"other settings: data\.which \(was '\w{16}'\);"):
        run(others, fewer, tmp_path / "as-many", "syncnet")


def test_another_expert_is_another_run(
    prepared_corpus: Path, tiny_syncnet: Any, tmp_path: Path
) -> None:
    text = GRID_GAN.replace("EXPERT", str(tmp_path / "expert"))
    save_checkpoint(tiny_syncnet, tmp_path / "expert", {})
    run(text, prepared_corpus, tmp_path / "gan", "adversarial")
    # The same in another folder is the same.
    save_checkpoint(tiny_syncnet, tmp_path / "moved", {})
    run(text.replace("/expert", "/moved"), prepared_corpus, tmp_path / "gan", "adversarial")
    with torch.no_grad():
        tiny_syncnet.network.log_temperature += 1
    shutil.rmtree(tmp_path / "expert")
    save_checkpoint(tiny_syncnet, tmp_path / "expert", {})
    with pytest.raises(ConfigError, match=r"other settings: expert \(was '\w{16}'\);"):
        run(text, prepared_corpus, tmp_path / "gan", "adversarial")


def test_export_says_what_was_not_trained(prepared_corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No stage has trained the video_encoder yet"):
        run(GRID_GAN, prepared_corpus, tmp_path / "gan", "audio", "export")


def test_speakers_that_are_not_there_are_named(prepared_corpus: Path, tmp_path: Path) -> None:
    text = SYNCNET.replace('"s2"]', '"s2", "s9"]')
    with pytest.raises(ConfigError, match="no training clips of s9"):
        run(text, prepared_corpus, tmp_path / "judge")
