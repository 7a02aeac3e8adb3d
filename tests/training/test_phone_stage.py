from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from synclips.corpus.augment_sound import WaveAugmentation, augment_wave
from synclips.corpus.heard import Heard
from synclips.corpus.phone_dataset import PhoneDataset
from synclips.corpus.phone_files import Speech
from synclips.features.timing import motion_frames
from synclips.hearing.hearing import hear
from synclips.models.audio_encoder import AudioEncoder
from synclips.training.loop import LoopOptions, train
from synclips.training.phone_stage import ENCODER, HEAD, PhoneStage, few_of_each

FORMANTS = {3: (300, 2300), 9: (700, 1100), 15: (300, 800), 20: (500, 1700)}


def speech(voice: str, pitch: float, seed: int) -> Speech:
    """Three seconds of vowels and pauses: harmonics of a pitch under two formants."""
    rng = np.random.default_rng([seed, int(pitch)])
    count = 48_000
    time = np.arange(count) / 16_000
    classes = np.repeat(rng.choice([0, *FORMANTS], 15), 10)
    classes = np.pad(classes, (0, motion_frames(count) - 150), "edge").astype(np.uint8)
    said = np.repeat(classes, 320)[:count]
    harmonics = pitch * np.arange(1, int(3500 / pitch))
    sound = np.zeros(count)
    for phone, formants in FORMANTS.items():
        gain = sum(np.exp(-(((harmonics - hz) / 150) ** 2)) for hz in formants)
        wave = np.sin(2 * np.pi * harmonics[:, None] * time) * gain[:, None]
        sound += wave.sum(axis=0) * (said == phone)
    sound += 0.01 * rng.normal(size=count)
    clean = (0.12 * sound / np.abs(sound).max()).astype(np.float32)
    changed = augment_wave(
        clean, WaveAugmentation(pitch_probability=0, formants_probability=0), rng
    )
    rows = np.stack([hear(clean), hear(changed)]).astype(np.float16)
    return Speech(voice, "", classes, Heard(rows, np.ones(rows.shape[:2], np.float16)))


@pytest.fixture(scope="module")
def spoken() -> dict[str, list[Speech]]:
    voices = {"toy/low": 110, "toy/high": 210, "toy/new": 150}
    return {name: [speech(name, hz, i) for i in range(6)] for name, hz in voices.items()}


@pytest.fixture
def make(spoken: dict[str, list[Speech]]) -> Callable[..., PhoneStage]:
    def stage(seed: int = 0) -> PhoneStage:
        torch.manual_seed(seed)
        data = PhoneDataset([*spoken["toy/low"], *spoken["toy/high"]], 48)
        encoder = AudioEncoder(width=32, depth=1, heads=2, reach=4, dropout=0.0)
        rows = [item.heard.rows[0] for item in spoken["toy/low"]]
        encoder.measure(torch.from_numpy(np.concatenate(rows).astype(np.float32)))
        return PhoneStage(encoder, data, spoken["toy/new"][:3])

    return stage


OPTIONS = LoopOptions(80, 8, 1e-2, warmup=5, ema=0.9, validate_every=80, precision="32")


def test_an_unknown_voice_is_understood_above_chance(
    make: Callable[..., PhoneStage], tmp_path: Path
) -> None:
    stage = make()
    before = stage.validate(dict(stage.networks()))
    told: list[dict[str, Any]] = []
    train(stage, OPTIONS, tmp_path, lambda _, row: told.append(row))
    after = told[-1]
    chance = 1 - max(np.bincount(np.concatenate([i.labels for i in stage.validation]))) / 453
    assert before["error"] > 0.8
    assert after["val_error"] == after["val_error_toy_new"] < 0.5 * chance
    assert after["val_lips"] <= after["val_error"]
    assert after["val_error_noisy"] < chance
    assert after["val_edit"] < 1.0


def test_the_truth_has_no_errors(make: Callable[..., PhoneStage]) -> None:
    stage = make()

    class Oracle(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.answers = iter(item.phones for _, item in stage._heard)

        def forward(self, heard: torch.Tensor) -> torch.Tensor:
            return torch.nn.functional.one_hot(next(self.answers), 40).float()

    figures = stage.validate({ENCODER: Oracle(), HEAD: torch.nn.Identity()})
    assert set(figures.values()) == {0.0}
    assert {"error", "edit", "lips", "error_noisy", "error_toy_new"} <= set(figures)


def test_a_stopped_run_ends_as_one_that_was_not(
    make: Callable[..., PhoneStage], tmp_path: Path
) -> None:
    options = replace(OPTIONS, steps=6, validate_every=3)
    train(make(), options, tmp_path / "whole")

    def stop(step: int, row: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(make(), options, tmp_path / "cut", stop)
    train(make(seed=9), options, tmp_path / "cut")
    for name in (ENCODER, HEAD):
        file = f"{name}.safetensors"
        assert (tmp_path / "cut" / file).read_bytes() == (tmp_path / "whole" / file).read_bytes()


def test_few_of_each_voice_are_listened_to(spoken: dict[str, list[Speech]]) -> None:
    every = [item for items in spoken.values() for item in items]
    assert [item.voice for item in few_of_each(every, 2)] == [n for n in spoken for _ in range(2)]
