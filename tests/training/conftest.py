"""A motion stage of the real classes, small enough to train in a blink."""

import json
import multiprocessing
import runpy
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from synclips.checkpoint import SyncNetCheckpoint
from synclips.corpus.dataset import MotionDataset, Utterance
from synclips.corpus.heard import Heard
from synclips.corpus.manifest import Manifest, read_manifest, write_manifest
from synclips.corpus.phone_dataset import PhoneDataset
from synclips.corpus.phone_files import Speech
from synclips.corpus.phone_set import PHONES
from synclips.corpus.viseme_dataset import VisemeDataset
from synclips.corpus.visemes import Visemes
from synclips.faces.crop import CropSpec
from synclips.features.mel import MelSpec
from synclips.models.motion import Motion, MotionSpec
from synclips.models.speech_encoder import FEATURES
from synclips.models.syncnet import SyncNet, SyncNetSpec
from synclips.training.motion_stage import MotionStage, VisemeOptions

RUNNER = Path(__file__).with_name("runner.py")

SPEC = MotionSpec(width=16, depth=1, heads=2, reach=4, shape_size=4, references=3)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Threads that wait for one another cost more than these networks do."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def held_out_figures() -> Callable[[list[str]], set[str]]:
    """The names of held-out figures in what a run said."""

    def names(said: list[str]) -> set[str]:
        rows = [json.loads(line) for line in said if line.startswith("{")]
        return {key.removeprefix("val_") for row in rows for key in row if key.startswith("val_")}

    return names


@pytest.fixture
def motion_stage(head: Any) -> Callable[..., MotionStage]:
    """Make a stage whose sound says how far the mouth opens; `seed` is of the weights."""
    rng = np.random.default_rng(5)

    def utterance(person: str) -> Utterance:
        motion = np.zeros((120, 4), np.float32)
        motion[:, 0] = 1 + np.sin(np.arange(120) / rng.uniform(3, 6))
        return Utterance(
            person, "grid", "x", listen(motion[:, 0] - 0.5), motion, np.ones(120, bool)
        )

    def listen(level: Any) -> Heard:
        rows = np.repeat(np.asarray(level, np.float16)[None, :, None], FEATURES, axis=2)
        return Heard(rows, np.ones(rows.shape[:2], np.float16))

    spoken = [utterance(person) for person in "abc"]
    unseen = [utterance("d"), utterance("d")]

    def make(seed: int = 0, augmented: bool = True, said: bool = False) -> MotionStage:
        torch.manual_seed(seed)
        data = MotionDataset(spoken, 32, 3, augmented)
        visemes = VisemeOptions(share=0.5) if said else None
        return MotionStage(Motion(SPEC), data, unseen, head.shape, heard(data), visemes)

    def heard(speakers: MotionDataset) -> VisemeDataset:
        """A high level for every open vowel, a low one for every b."""
        aa, b = PHONES.index("aa"), PHONES.index("b")
        labels = np.resize(np.repeat(np.array([aa, b], np.uint8), 12), 300)
        tone = Speech("a/b", "", labels, listen(np.where(labels == aa, 2.0, -2.0)))
        looks = np.zeros((len(PHONES), 4), np.float32)
        looks[aa, 0], looks[b, 0] = 1, -1
        phones = PhoneDataset([tone], 32)
        effect = head.shape.opening_effect
        return VisemeDataset(phones, speakers, Visemes(looks), effect)

    return make


@pytest.fixture
def tiny_syncnet(head: Any) -> Any:
    """An untrained SyncNet of 32 pixels, with what is needed to feed it."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        network = SyncNet(SyncNetSpec(size=32, width=8, hidden=16, features=8)).eval()
    return SyncNetCheckpoint("tiny", MelSpec(), CropSpec(32, 1.0, 0.05), head.shape, network)


@pytest.fixture
def without(prepared_corpus: Path, tmp_path: Path) -> Callable[..., Path]:
    """Make the prepared corpus without some people, or without words."""

    def make(*people: str, words: bool = True) -> Path:
        folder = tmp_path / "-".join(["without", *people, *([] if words else ["words"])])
        shutil.copytree(prepared_corpus, folder)
        manifest = read_manifest(folder)
        kept = (e for e in manifest.entries if e.person not in people)
        entries = tuple(e if words else replace(e, words=()) for e in kept)
        write_manifest(folder, Manifest(manifest.spec, entries))
        return folder

    return make


@pytest.fixture
def duel() -> Any:
    """The module `runner.py`, in this process."""
    return SimpleNamespace(**runpy.run_path(str(RUNNER)))


@pytest.fixture
def start() -> Iterator[Callable[..., Any]]:
    """Start `runner.run(folder, options, **more)` in another process, with an environment."""
    context = multiprocessing.get_context("forkserver")
    # Imported once and forked, which takes seconds off every process.
    context.set_forkserver_preload(["synclips.training.loop", "lightning_fabric"])
    started = []

    def launch(folder: Path, options: Any, environment: Any = None, **more: Any) -> Any:
        code = (
            "import os, pathlib, runpy\n"
            f"os.environ.update({environment or {}!r})\n"
            f"run = runpy.run_path({str(RUNNER)!r})['run']\n"
            f"run(pathlib.Path({str(folder)!r}), {options!r}, **{more!r})\n"
        )
        process = context.Process(target=exec, args=(code, {}))
        process.start()
        started.append(process)
        return process

    yield launch
    for process in started:
        process.kill()
        process.join()
