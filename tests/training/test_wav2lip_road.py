"""The road of `wav2lip`, from a prepared corpus to a model that can be loaded."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from synclips.checkpoint import Wav2LipCheckpoint, load_checkpoint, save_checkpoint
from synclips.errors import ConfigError
from synclips.faces.crop import CropSpec
from synclips.training.families import read_run, road_of
from synclips.training.machine import Machine
from synclips.training.wav2lip_stage import Wav2LipStage

LOOP = "steps = 1\nbatch_size = 2\nlearning_rate = 1e-3\nwarmup = 0\nvalidate_every = 1\n"
WAV2LIP = f"""
family = "wav2lip"
name = "tiny"
expert = "EXPERT"
[network]
width = 0.125
[drawing]
[drawing.loop]
{LOOP}
[sync]
frames = 18
losses = {{ picture = 0.9, sync = 0.03, adversarial = 0.07 }}
[sync.loop]
{LOOP}
"""


@pytest.fixture
def expert(tiny_syncnet: Any, prepared_corpus: Path, tmp_path: Path) -> Path:
    """A folder with an untrained SyncNet."""
    folder = tmp_path / "expert"
    save_checkpoint(tiny_syncnet, folder, {})
    return folder


def run(text: str, corpus: Path, work: Path, *stages: str) -> list[str]:
    """What a run said."""
    file = work.with_suffix(".toml")
    file.write_text(text)
    config = read_run(file)
    said: list[str] = []
    road_of(config)(config, [corpus], work, 0, said.append, machine=Machine("cpu")).run(stages)
    return said


def test_the_road_leads_to_a_model(
    prepared_corpus: Path,
    expert: Path,
    tmp_path: Path,
    held_out_figures: Callable[[list[str]], set[str]],
) -> None:
    work = tmp_path / "run"
    said = run(WAV2LIP.replace("EXPERT", str(expert)), prepared_corpus, work)
    assert [line for line in said if line.startswith("stage")] == [
        f"stage {name}" for name in ("prepare", "drawing", "sync", "export")
    ]
    assert held_out_figures(said) == {*Wav2LipStage.figures}
    model = load_checkpoint(work / "model")
    assert isinstance(model, Wav2LipCheckpoint)
    assert model.crop == CropSpec(96, 2.6, -0.45)
    assert model.network.spec.width == 0.125
    assert (work / "sync" / "discriminator.safetensors").exists()
    assert not (work / "drawing" / "discriminator.safetensors").exists()


def test_other_clips_or_another_expert_are_another_run(
    prepared_corpus: Path,
    expert: Path,
    tiny_syncnet: Any,
    without: Callable[..., Path],
    tmp_path: Path,
) -> None:
    text = WAV2LIP.replace("EXPERT", str(expert))
    run(text, prepared_corpus, tmp_path / "run", "sync")
    with pytest.raises(ConfigError, match=r"other settings: data\.clips \(was 8\), data\.which"):
        run(text, without("s4"), tmp_path / "run", "sync")
    with torch.no_grad():
        tiny_syncnet.network.log_temperature += 1
    shutil.rmtree(expert)
    save_checkpoint(tiny_syncnet, expert, {})
    with pytest.raises(ConfigError, match=r"other settings: expert \(was '\w{16}'\);"):
        run(text, prepared_corpus, tmp_path / "run", "sync")


def test_a_stage_that_began_with_other_weights_is_another_run(
    prepared_corpus: Path, expert: Path, tmp_path: Path
) -> None:
    text = WAV2LIP.replace("EXPERT", str(expert))
    work = tmp_path / "run"
    run(text, prepared_corpus, work, "drawing", "sync")
    shutil.rmtree(work / "drawing")
    message = r"sync holds a run with other settings: begun\.network \(was '\w{16}'\);"
    for stage in ("sync", "export"):
        with pytest.raises(ConfigError, match=message):
            run(text, prepared_corpus, work, stage)


def test_export_refuses_another_config_and_tells_what_is_unfinished(
    prepared_corpus: Path, tmp_path: Path
) -> None:
    work = tmp_path / "run"
    head, _, tail = WAV2LIP.rpartition("steps = 1")
    text = f"{head}steps = 0{tail}"
    run(text, prepared_corpus, work, "drawing")
    with pytest.raises(ConfigError, match=r"drawing holds .* loop\.learning_rate \(was 0\.001\)"):
        run(text.replace("1e-3", "2e-3"), prepared_corpus, work, "export")
    with pytest.raises(ConfigError, match=r"drawing holds .* losses\.picture \(was "):
        changed = text.replace("[drawing]\n", "[drawing]\nlosses = { picture = 0.5 }\n")
        run(changed, prepared_corpus, work, "export")
    assert not (work / "model").exists()
    said = run(text, prepared_corpus, work, "export")
    assert not any("step" in line for line in said)
    longer = text.replace("steps = 1\n", "steps = 9\n", 1)
    said = run(longer, prepared_corpus, work, "export")
    assert "drawing: step 1 of 9, it is not finished" in said


def test_a_stage_without_steps_is_left_out(prepared_corpus: Path, tmp_path: Path) -> None:
    head, _, tail = WAV2LIP.rpartition("steps = 1")
    run(f"{head}steps = 0{tail}", prepared_corpus, tmp_path / "run")
    assert (tmp_path / "run" / "model" / "network.safetensors").exists()
    assert not (tmp_path / "run" / "sync").exists()


def test_a_missing_expert_is_told_before_the_first_stage(
    prepared_corpus: Path, tmp_path: Path
) -> None:
    with pytest.raises(
        ConfigError, match="Stage sync has a sync loss, but EXPERT holds no SyncNet"
    ):
        run(WAV2LIP, prepared_corpus, tmp_path / "run")
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("frames = 18", "frames = 17", "sync: a sync loss needs windows of 18 frames or more"),
        ("sync = 0.03", "sync = nan", "sync: losses: sync must be at least 0 and finite, not nan"),
        ("picture = 0.9", "picture = -1", "sync: losses: picture must be at least 0, not -1"),
    ],
)
def test_plans_that_cannot_be_are_refused_when_they_are_read(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    file = tmp_path / "run.toml"
    file.write_text(WAV2LIP.replace(old, new))
    with pytest.raises(ConfigError, match=message):
        read_run(file)


def test_a_network_hears_as_many_bands_as_the_clips_have(
    prepared_corpus: Path, tmp_path: Path
) -> None:
    text = WAV2LIP.replace("width = 0.125", "width = 0.125\nn_mels = 80")
    with pytest.raises(ConfigError, match="n_mels is 80, but the clips have 64 mel bands; give"):
        run(text, prepared_corpus, tmp_path / "run", "drawing")


def test_export_says_what_was_not_trained(prepared_corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No stage has trained the network yet"):
        run(WAV2LIP, prepared_corpus, tmp_path / "run", "export")
