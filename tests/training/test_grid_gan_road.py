"""The roads of `grid-gan` and SyncNet, from a prepared corpus to models that are used."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
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
from synclips.corpus.manifest import Manifest, Word, read_manifest, write_manifest
from synclips.errors import ConfigError, InputError
from synclips.training.families import read_run, road_of
from synclips.training.grid_gan_stage import GridGanStage
from synclips.training.machine import Machine
from synclips.training.syncnet_stage import SyncNetStage

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
warmup = 0
validate_every = 2
"""

LOOP = "steps = 1\nbatch_size = 2\nlearning_rate = 1e-3\nwarmup = 0\nvalidate_every = 1\n"
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


def test_both_roads_lead_to_models(
    prepared_corpus: Path, tmp_path: Path, held_out_figures: Callable[[list[str]], set[str]]
) -> None:
    said = run(SYNCNET, prepared_corpus, tmp_path / "judge")
    assert held_out_figures(said) == {*SyncNetStage.figures}
    judge = load_syncnet(tmp_path / "judge" / "model")
    assert judge.name == "tiny-judge"
    assert judge.crop.size == 32

    text = GRID_GAN.replace("EXPERT", str(tmp_path / "judge" / "model"))
    said = run(text, prepared_corpus, tmp_path / "gan")
    assert [line for line in said if line.startswith("stage")] == [
        f"stage {name}" for name in ("prepare", "audio", "video", "joint", "adversarial", "export")
    ]
    assert held_out_figures(said) == {*GridGanStage.figures}
    model = load_checkpoint(tmp_path / "gan" / "model")
    assert isinstance(model, GridGanCheckpoint)
    assert model.crop.size == 32
    # Each stage went on with what the one before left.
    assert (tmp_path / "gan" / "adversarial" / "discriminator.safetensors").exists()
    assert not (tmp_path / "gan" / "audio" / "generator.safetensors").exists()


def test_small_learning_rates_are_told(prepared_corpus: Path, tmp_path: Path) -> None:
    slow = SYNCNET.replace("learning_rate = 1e-3", "learning_rate = 2e-5")
    said = run(slow, prepared_corpus, tmp_path / "judge", "syncnet")
    (row,) = (json.loads(line) for line in said if line.startswith("{"))
    assert row["rate"] == pytest.approx(1.05e-5)


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


def test_a_stage_that_began_with_other_weights_is_another_run(
    prepared_corpus: Path, tmp_path: Path
) -> None:
    work = tmp_path / "gan"
    run(GRID_GAN, prepared_corpus, work, "video", "joint")
    run(GRID_GAN, prepared_corpus, work, "video", "joint")
    shutil.rmtree(work / "video")
    message = r"joint holds a run with other settings: begun\.video_encoder \(was '\w{16}'\);"
    with pytest.raises(ConfigError, match=message):
        run(GRID_GAN, prepared_corpus, work, "joint")
    other = GRID_GAN.replace("lips = 1.0", "lips = 2.0")
    run(other, prepared_corpus, work, "video")
    with pytest.raises(ConfigError, match=message):
        run(other, prepared_corpus, work, "joint")
    with pytest.raises(ConfigError, match=message):
        run(other, prepared_corpus, work, "export")
    shutil.rmtree(work / "joint")
    run(other, prepared_corpus, work, "joint", "export")


def test_whoever_learns_words_must_have_some(without: Callable[..., Path], tmp_path: Path) -> None:
    wordless = without(words=False)
    message = "Stage audio learns words, but the clips to train on in .* have none; put their align"
    with pytest.raises(ConfigError, match=message):
        run(GRID_GAN, wordless, tmp_path / "gan", "audio")
    assert not (tmp_path / "gan").exists()
    run(GRID_GAN, wordless, tmp_path / "gan", "video")  # which needs none


def test_words_must_be_known_to_be_validated(prepared_corpus: Path, tmp_path: Path) -> None:
    shutil.copytree(prepared_corpus, tmp_path / "strange")
    manifest = read_manifest(tmp_path / "strange")
    entries = tuple(
        replace(e, words=tuple(replace(word, text="zebra") for word in e.words))
        if e.split == "validation"
        else e
        for e in manifest.entries
    )
    write_manifest(tmp_path / "strange", Manifest(manifest.spec, entries))
    with pytest.raises(
        ConfigError, match="clips to validate with in .* have none that are trained"
    ):
        run(GRID_GAN, tmp_path / "strange", tmp_path / "gan", "audio")


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ("nowhere/model", "Stage adversarial has a sync loss, but nowhere/model holds no SyncNet"),
        ("", "Stage adversarial has a sync loss and no SyncNet to ask"),
    ],
)
def test_a_missing_expert_is_told_before_the_first_stage(
    prepared_corpus: Path, tmp_path: Path, named: str, message: str
) -> None:
    text = GRID_GAN.replace("EXPERT", named)
    way_out = "; train one with `synclips train configs/syncnet-expert.toml"
    with pytest.raises(ConfigError, match=f"{message}{way_out}"):
        run(text, prepared_corpus, tmp_path / "gan")
    assert not (tmp_path / "gan").exists()


def test_a_misspelt_watch_is_told_before_the_first_stage(
    prepared_corpus: Path, tmp_path: Path
) -> None:
    watching = SYNCNET + 'patience = 2\nwatch = "val_shift_2"\n'
    for misspelt in ("val_shift_3", "shift_2"):
        with pytest.raises(ConfigError, match=f"of stage syncnet names '{misspelt}'.*val_shift_10"):
            run(watching.replace("val_shift_2", misspelt), prepared_corpus, tmp_path / "judge")
    assert not (tmp_path / "judge").exists()
    run(watching, prepared_corpus, tmp_path / "judge", "syncnet")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"discriminator"]', '"discriminater"]', "adversarial: trains discriminater, which does"),
        ("sync = 0.05 }", "sync = 0.05 }\ndrawn = 2", "adversarial: drawn must be 0, for the sync"),
        ("drawn = 2", "drawn = 99", "joint: drawn must be at most the 15 frames of a window"),
        ("drawn = 2", "drawn = -1", "joint: drawn must be at least 0, not -1"),
        ("expert =", "frames = 10\nexpert =", "frames must be at least 15, not 10"),
        ("lips = 1.0", "lips = -1.0", "video: losses: lips must be at least 0, not -1"),
        ("lips = 1.0", "lips = nan", "video: losses: lips must be at least 0 and finite, not nan"),
    ],
)
def test_plans_that_cannot_be_are_refused_when_they_are_read(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    file = tmp_path / "run.toml"
    file.write_text(GRID_GAN.replace(old, new))
    with pytest.raises(ConfigError, match=message):
        read_run(file)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("frames = 30", "frames = 10", "frames must be at least 15, not 10"),
        ("frames = 30", "frames = -10", "frames must be at least 15, not -10"),
        ("width = 8", "width = -8", "network: width must be at least 8, not -8"),
        ("width = 8", "width = 0", "network: width must be at least 8, not 0"),
        ("width = 8", "width = 12", "network: width must be a multiple of 8, not 12"),
        ("hidden = 16", "hidden = 0", "network: hidden must be at least 1, not 0"),
        ("width = 8", "dropout = 1.5", "network: dropout must be at least 0 and below 1, not 1.5"),
        ("width = 8", "dropout = nan", "network: dropout must be at least 0 and below 1, not nan"),
        ("rate = 1e-3", "rate = inf", "loop: learning_rate must be at least 0 and finite, not inf"),
        ("frames = 30\n", "frames = 30\n[sound]\nnoise_farthest_db = nan\n", "must be a finite"),
        ("frames = 30\n", "frames = 30\n[picture]\nlight_gain = inf\n", "must be a finite"),
    ],
)
def test_networks_that_cannot_be_are_refused_when_they_are_read(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    file = tmp_path / "run.toml"
    file.write_text(SYNCNET.replace(old, new))
    with pytest.raises(ConfigError, match=message):
        read_run(file)


def test_a_network_hears_as_many_bands_as_the_clips_have(
    prepared_corpus: Path, tmp_path: Path
) -> None:
    text = SYNCNET.replace("width = 8", "width = 8\nn_mels = 80")
    with pytest.raises(ConfigError, match="n_mels is 80, but the clips have 64 mel bands; give"):
        run(text, prepared_corpus, tmp_path / "judge")
    assert not (tmp_path / "judge").exists()


def test_nobody_to_train_on_or_to_validate_with_is_told_at_once(
    without: Callable[..., Path], tmp_path: Path
) -> None:
    message = "no clip to validate with, which are those of the GRID speakers s32 and s34; add some"
    with pytest.raises(InputError, match=message):
        run(SYNCNET, without("s32"), tmp_path / "judge")
    with pytest.raises(InputError, match=message):
        run(GRID_GAN, without("s32", "s1"), tmp_path / "gan", "joint")
    with pytest.raises(InputError, match="no clip to train on, its people are held out .s26, s32"):
        run(SYNCNET, without("s1", "s2", "s3", "s4"), tmp_path / "judge")
    assert not (tmp_path / "judge").exists()


def test_new_words_stop_only_who_names_them(
    prepared_corpus: Path, without: Callable[..., Path], tmp_path: Path
) -> None:
    run(GRID_GAN, prepared_corpus, tmp_path / "gan", "audio", "video")
    wordless = without(words=False)
    manifest = read_manifest(wordless)
    more = tuple(replace(e, words=(Word("zebra", 3, 9),)) for e in manifest.entries)
    write_manifest(wordless, Manifest(manifest.spec, more))
    run(GRID_GAN, wordless, tmp_path / "gan", "joint")
    naming = GRID_GAN.replace("{ picture = 1.0 }", "{ picture = 1.0, words = 0.1 }")
    shutil.rmtree(tmp_path / "gan" / "joint")
    with pytest.raises(ConfigError, match="names other words than the clips have by now; remove"):
        run(naming, wordless, tmp_path / "gan", "joint")
    with pytest.raises(ConfigError, match=r"other settings: words \(was "):
        run(GRID_GAN, wordless, tmp_path / "gan", "audio")


def test_export_says_what_was_not_trained(prepared_corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No stage has trained the video_encoder yet"):
        run(GRID_GAN, prepared_corpus, tmp_path / "gan", "audio", "export")


def test_export_names_the_stage_that_comes_first(prepared_corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"syncnet\.safetensors is not there; run stage syncnet"):
        run(SYNCNET, prepared_corpus, tmp_path / "judge", "export")


def test_speakers_that_are_not_there_are_named(prepared_corpus: Path, tmp_path: Path) -> None:
    text = SYNCNET.replace('"s2"]', '"s2", "s9"]')
    with pytest.raises(ConfigError, match="no training clips of s9"):
        run(text, prepared_corpus, tmp_path / "judge")
