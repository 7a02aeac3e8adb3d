"""The whole training road, from clips on disk to a model that lip-syncs, very small."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from fnmatch import fnmatch
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from synclips.corpus import phones
from synclips.corpus.dataset import MotionDataset
from synclips.corpus.manifest import Manifest, PrepareSpec, read_manifest, write_manifest
from synclips.corpus.phone_files import list_speech, pack_speech
from synclips.corpus.phone_set import Segment
from synclips.errors import ConfigError, InputError, ModelError
from synclips.media.audio import read_mono
from synclips.media.writer import VideoWriter
from synclips.pipeline import LipSync
from synclips.training import lips
from synclips.training.families import read_run as read_config
from synclips.training.generator_stage import GeneratorStage
from synclips.training.machine import Machine
from synclips.training.motion_stage import MotionStage
from synclips.training.phone_stage import PhoneStage
from synclips.training.synclips_config import SplitConfig
from synclips.training.synclips_road import SynclipsRoad as Road

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
warmup = 0
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
warmup = 0
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


def test_from_clips_to_a_model_that_lip_syncs(
    corpus: Path,
    speech: Path,
    tmp_path: Path,
    held_out_figures: Callable[[list[str]], set[str]],
) -> None:
    file = tmp_path / "small.toml"
    file.write_text(CONFIG)
    said: list[str] = []
    work = tmp_path / "work"
    Road(read_config(file), [corpus], work, 0, said.append).run()
    assert [line for line in said if line.startswith("stage")] == [
        f"stage {s}" for s in Road.stages
    ]
    logged = [json.loads(line) for line in said if line.startswith("{")]
    assert [row["step"] for row in logged] == [3, 3]
    assert held_out_figures(said) == {*MotionStage.figures, *GeneratorStage.figures}
    assert all(np.isfinite(list(row.values())).all() for row in logged)

    weights = (work / "model" / "motion.safetensors").read_bytes()
    Road(read_config(file), [corpus], work, 0, said.append).run()
    assert (work / "model" / "motion.safetensors").read_bytes() == weights, "a second run did more"

    output = tmp_path / "out.mp4"
    report = LipSync(work / "model").sync(corpus / "s2" / "video" / "bbaf2n.mp4", speech, output)
    assert report.model == "small"
    assert report.edited == report.frames == 30
    assert len(read_mono(output, 16_000)) == pytest.approx(1.2 * 16_000, abs=1100)


def test_a_prepared_corpus_is_used_where_it_lies(corpus: Path, tmp_path: Path) -> None:
    file = tmp_path / "small.toml"
    file.write_text(CONFIG)
    config = read_config(file)
    Road(config, [corpus], tmp_path / "first", 0, lambda text: None).run(["prepare"])
    prepared = tmp_path / "first" / "prepared"
    before = {path: path.read_bytes() for path in prepared.rglob("*.*")}
    work = tmp_path / "second"
    road = Road(config, [prepared], work, 0, lambda text: None)
    road.run(["prepare", "shape", "crops"])
    assert {path: path.read_bytes() for path in prepared.rglob("*.*")} == before
    assert not (work / "prepared").exists()
    assert len(list((work / "crops").glob("*.npz"))) == 2

    for path in (work / "crops").glob("*.npz"):
        path.unlink()
    corpus.rename(tmp_path / "moved")
    said: list[str] = []
    road = Road(config, [prepared], work, 0, said.append)
    with pytest.raises(InputError, match=r"bbaf2n\.mp4, from which .* is gone \(and 1 more\), and"):
        road.run(["hear", "crops"])
    assert said == [], "found out only after a stage"


def test_a_clip_that_is_skipped_is_not_learnt_from(corpus: Path, tmp_path: Path) -> None:
    file = tmp_path / "small.toml"
    file.write_text(CONFIG)
    work = tmp_path / "work"
    shutil.copy(corpus / "s1/video/bbaf2n.mp4", corpus / "s1/video/lbaf2n.mp4")
    road = Road(read_config(file), [corpus], work, 0, lambda text: None)
    assert [clip.name for clip in road.trained] == ["bbaf2n", "lbaf2n"]
    road.run(["prepare"])
    manifest = read_manifest(work / "prepared")
    # As versions did that left what was measured before a clip turned bad.
    bad = tuple(
        replace(e, skipped="too dark") if e.name == "lbaf2n" else e for e in manifest.entries
    )
    write_manifest(work / "prepared", Manifest(manifest.spec, bad))
    assert [clip.name for clip in road.trained] == ["bbaf2n"]
    road.run(["shape", "hear", "motion", "crops"])
    assert len(list((work / "crops").glob("*.npz"))) == 2  # the other is of s2


def test_a_prepared_corpus_is_not_mixed_with_raw_clips(corpus: Path, tmp_path: Path) -> None:
    file = tmp_path / "small.toml"
    file.write_text(CONFIG)
    prepared = tmp_path / "prepared"
    prepared.mkdir()
    write_manifest(prepared, Manifest(PrepareSpec().to_dict(), ()))
    with pytest.raises(ConfigError, match="A prepared corpus stands alone"):
        Road(read_config(file), [corpus, prepared], tmp_path / "work", 0, lambda text: None)


def test_a_corrected_lag_is_heard_and_is_another_run(corpus: Path, tmp_path: Path) -> None:
    file = tmp_path / "small.toml"
    file.write_text(CONFIG)
    talks = tmp_path / "talks"
    talks.mkdir()
    shutil.copy(corpus / "s1/video/bbaf2n.mp4", talks / "ann.mp4")
    index = "file\tperson\tlag_frames_at_25fps\nann.mp4\tann\t"
    (talks / "INDEX.tsv").write_text(f"{index}0\n")
    work, stages = tmp_path / "work", ["prepare", "shape", "hear", "motion"]

    def go() -> None:
        Road(read_config(file), [corpus, talks], work, 0, lambda text: None).run(stages)

    def heard() -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in (work / "heard").glob("*_*.npy")}

    go()
    before = heard()
    go()
    assert heard() == before
    (talks / "INDEX.tsv").write_text(f"{index}5\n")
    with pytest.raises(ConfigError, match=r"other settings: which \(was '\w{16}'\)"):
        go()
    after = heard()
    changed = {name for name in after if after[name] != before[name]}
    assert changed >= {"talks__ann__ann.npy"}
    assert all(name.startswith("talks__ann") for name in changed)


OFFSETS = """
[offsets.loop]
steps = 2
batch_size = 2
learning_rate = 1e-3
warmup = 0
validate_every = 2
"""


@pytest.fixture
def talks(corpus: Path, tmp_path: Path) -> Path:
    """Ordinary clips of two people."""
    folder = tmp_path / "talks"
    folder.mkdir()
    rows = ["file\tperson\tlag_frames_at_25fps"]
    for person in ("ann", "bob"):
        shutil.copy(corpus / "s1/video/bbaf2n.mp4", folder / f"{person}.mp4")
        rows.append(f"{person}.mp4\t{person}\t0")
    (folder / "INDEX.tsv").write_text("\n".join(rows))
    return folder


def test_offsets_of_ordinary_clips_are_taken_out(
    corpus: Path, talks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, work = tmp_path / "small.toml", tmp_path / "work"
    found = work / "offsets" / "offsets.json"
    said: list[str] = []

    def go(text: str, *stages: str) -> None:
        file.write_text(text)
        Road(read_config(file), [corpus, talks], work, 0, said.append).run(stages)

    go(CONFIG + OFFSETS, "prepare", "shape", "hear", "offsets", "motion")
    about = json.loads(found.read_text())
    assert set(about["milliseconds"]) == {"talks__ann__ann", "talks__bob__bob"}
    assert "0 of 2 clips are off, by 0 ms (median)" in said  # after two steps nothing is heard
    assert len(list((work / "offsets").glob("*/motion.safetensors"))) == 2
    said.clear()
    go(CONFIG + OFFSETS, "offsets", "motion")
    assert not any("clips are off" in line for line in said), "a second run did more"

    taken: dict[str, Fraction] = {}
    plain = lips.utterance

    def watched(prepared: Any, heard: Any, shape: Any, late: Fraction) -> Any:
        taken[prepared.clip.key] = late
        return plain(prepared, heard, shape, late)

    monkeypatch.setattr(lips, "utterance", watched)
    about["milliseconds"]["talks__ann__ann"] = 40
    found.write_text(json.dumps(about))
    with pytest.raises(ConfigError, match=r"other settings: offsets \(was '\w{16}'\)"):
        go(CONFIG + OFFSETS, "motion")
    assert {key: late for key, late in taken.items() if late} == {
        "talks__ann__ann": Fraction(1, 25)
    }

    taken.clear()  # whoever no longer asks for them has none
    for stage in ("motion", "export"):
        with pytest.raises(ConfigError, match=r"other settings: offsets \(was '\w{16}'\)"):
            go(CONFIG, stage)
    assert not any(taken.values())
    with pytest.raises(ConfigError, match=r"offsets\.json is of other clips or settings; run"):
        go(CONFIG + OFFSETS.replace("1e-3", "2e-3"), "motion")
    with pytest.raises(ConfigError, match=r"first holds a run with other .* loop\.learning_rate"):
        go(CONFIG + OFFSETS.replace("1e-3", "2e-3"), "offsets")
    found.unlink()
    with pytest.raises(ConfigError, match=r"offsets\.json is not there; run stage offsets first"):
        go(CONFIG + OFFSETS, "motion")


def test_offsets_stopped_on_the_way_come_out_the_same(
    corpus: Path, talks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "small.toml"
    file.write_text(CONFIG + OFFSETS)

    def road(work: Path) -> Road:
        return Road(read_config(file), [corpus, talks], work, 0, lambda text: None)

    whole, stopped = tmp_path / "whole", tmp_path / "stopped"
    stages = ["prepare", "shape", "hear", "offsets"]
    road(whole).run(stages)
    begun: list[str] = []
    learn = Road.learn

    def once(self: Road, stage: Any, data: Any, place: str | None = None) -> None:
        begun.append(str(place))
        if len(begun) == 2:
            raise KeyboardInterrupt
        learn(self, stage, data, place)

    monkeypatch.setattr(Road, "learn", once)
    with pytest.raises(KeyboardInterrupt):
        road(stopped).run(stages)
    assert begun == ["offsets/first", "offsets/second"]
    assert not (stopped / "offsets" / "offsets.json").exists()
    road(stopped).run(stages)
    for name in ("offsets.json", "first/motion.safetensors", "second/motion.safetensors"):
        assert (stopped / "offsets" / name).read_bytes() == (whole / "offsets" / name).read_bytes()


def test_without_ordinary_people_no_offsets_are_looked_for(corpus: Path, tmp_path: Path) -> None:
    file, work = tmp_path / "small.toml", tmp_path / "work"
    file.write_text(CONFIG + OFFSETS)
    said: list[str] = []
    stages = ["prepare", "shape", "hear", "offsets", "motion"]
    Road(read_config(file), [corpus], work, 0, said.append).run(stages)
    assert any(line.startswith("fewer than two people") for line in said)
    assert not list((work / "offsets").glob("*/"))
    assert (work / "motion" / "motion.safetensors").exists()


@pytest.mark.parametrize(
    ("old", "new", "differs"),
    [
        (
            'held_out = ["s2"]\nvalidation = ["s2"]',
            'held_out = ["s1"]\nvalidation = ["s1"]',
            "split, wh",
        ),
        ("size = 4", "size = 3", "size"),
        ("[shape]\n", "[shape]\nclips_per_person = 9\n", "clips_per_person"),
    ],
)
def test_a_shape_of_other_people_or_another_size_is_refused(
    corpus: Path, tmp_path: Path, old: str, new: str, differs: str
) -> None:
    file = tmp_path / "small.toml"
    work = tmp_path / "work"

    def go(text: str, *stages: str) -> None:
        file.write_text(text)
        Road(read_config(file), [corpus], work, 0, lambda text: None).run(stages)

    go(CONFIG, "prepare", "shape")
    go(CONFIG, "shape")
    message = (
        rf"shape\.safetensors holds a lip shape of other settings \({differs}.* or remove the f"
    )
    for stage in ("shape", "crops"):
        with pytest.raises(ConfigError, match=message):
            go(CONFIG.replace(old, new), stage)
    (work / "shape.safetensors").unlink()
    go(CONFIG.replace(old, new), "shape")


def test_a_shape_of_an_older_version_must_have_the_size(corpus: Path, tmp_path: Path) -> None:
    file = tmp_path / "small.toml"
    file.write_text(CONFIG)
    work = tmp_path / "work"
    Road(read_config(file), [corpus], work, 0, lambda text: None).run(["prepare", "shape"])
    (work / "shape.json").unlink()
    Road(read_config(file), [corpus], work, 0, lambda text: None).run(["shape"])
    file.write_text(CONFIG.replace("size = 4", "size = 3"))
    with pytest.raises(ConfigError, match="a lip shape of size 4, not 3; set shape.size back"):
        Road(read_config(file), [corpus], work, 0, lambda text: None).run(["shape"])


def test_crops_of_others_are_another_run(corpus: Path, tmp_path: Path) -> None:
    file = tmp_path / "small.toml"
    file.write_text(CONFIG.replace("[generator]", '[generator]\ncorpora = ["talks", "grid"]'))
    talks = tmp_path / "talks"
    talks.mkdir()
    for name in ("ann", "bob"):  # as many crops of one as of the other
        shutil.copy(corpus / "s1/video/bbaf2n.mp4", talks / f"{name}.mp4")
    work, stages = tmp_path / "work", ["prepare", "shape", "crops", "generator"]

    def go(name: str, lag: int = 0) -> None:
        index = f"file\tperson\tlag_frames_at_25fps\n{name}.mp4\t{name}\t{lag}\n"
        (talks / "INDEX.tsv").write_text(index)
        Road(read_config(file), [corpus, talks], work, 0, lambda text: None).run(stages)

    go("ann")
    go("ann", lag=5)  # of which pictures know nothing
    (work / "shape.safetensors").unlink()
    with pytest.raises(ConfigError, match=r"other settings: which \(was '\w{16}'\)"):
        go("bob")


def test_a_generator_goes_on_where_that_of_a_model_ended(corpus: Path, tmp_path: Path) -> None:
    first, file = tmp_path / "first", tmp_path / "small.toml"
    file.write_text(CONFIG)
    Road(read_config(file), [corpus], first, 0, lambda text: None).run()
    model = first / "model"
    still = CONFIG.replace("learning_rate = 1e-3", "learning_rate = 1e-12")
    file.write_text(still.replace("[generator]", f'[generator]\nstart = "{model.as_posix()}"'))
    again = tmp_path / "again"
    again.mkdir()
    shutil.copy(first / "shape.safetensors", again)

    def go() -> None:
        road = Road(read_config(file), [first / "prepared"], again, 0, lambda text: None)
        road.run(["crops", "generator"])

    go()
    ended, gone_on = (
        load_file(folder / "generator.safetensors") for folder in (model, again / "generator")
    )
    for name, weights in ended.items():
        np.testing.assert_allclose(gone_on[name], weights, atol=1e-6)
    go()
    save_file(ended | {min(ended): ended[min(ended)] + 1}, model / "generator.safetensors")
    with pytest.raises(ConfigError, match=r"other settings: start \(was '\w+'\)"):
        go()


def test_people_are_drawn_as_often_as_the_config_says(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[float] = []

    class Watched(MotionDataset):
        def __init__(self, *arguments: Any, quantity: float) -> None:
            told.append(quantity)
            super().__init__(*arguments, quantity=quantity)

    monkeypatch.setattr(lips, "MotionDataset", Watched)
    file = tmp_path / "small.toml"
    file.write_text(CONFIG.replace("[motion]\n", "[motion]\nquantity = 0.25\n"))
    stages = ["prepare", "shape", "hear", "motion"]
    Road(read_config(file), [corpus], tmp_path / "work", 0, lambda text: None).run(stages)
    assert told == [0.25]


PHONES = """
[phones]
held_out = ["flite/rms"]
[phones.speech]
flite = ["slt", "rms"]
flite_minutes = 0.05
grid = false
[phones.loop]
steps = 3
batch_size = 2
learning_rate = 1e-3
warmup = 0
validate_every = 3
seed = 7
"""


@pytest.fixture
def flite(monkeypatch: pytest.MonkeyPatch) -> None:
    """A synthesiser that needs no program: a second of noise and one of silence."""
    rng = np.random.default_rng(0)

    def speak(*request: object) -> phones.Spoken:
        sound = np.zeros(32_000, np.float32)
        sound[:16_000] = 0.1 * rng.normal(size=16_000)
        return sound, [Segment(4, 0, 1), Segment(0, 1, 2)]

    monkeypatch.setattr(phones, "speak_flite", speak)
    monkeypatch.setattr(phones, "check_flite", lambda voices: None)


def test_motion_begins_with_the_encoder_that_learnt_phones(
    corpus: Path, flite: None, tmp_path: Path
) -> None:
    file = tmp_path / "small.toml"
    still = CONFIG.replace("learning_rate = 1e-3", "learning_rate = 1e-12", 1)
    assert still.index("1e-12") < still.index("[generator]")
    file.write_text(still + PHONES)
    work = tmp_path / "work"
    said: list[str] = []
    Road(read_config(file), [corpus], work, 0, said.append).run(["prepare", "shape"])
    without = tmp_path / "without"
    without.mkdir()
    shutil.copy(work / "shape.safetensors", without)
    Road(read_config(file), [work / "prepared"], without, 0, said.append).run(["hear", "motion"])
    stages = ["speech", "hear", "phones", "motion"]
    Road(read_config(file), [corpus], work, 0, said.append).run(stages)
    rows = [json.loads(line) for line in said if line.startswith("{")]
    assert {"val_error_flite_rms", "val_lips", "val_edit"} <= set(rows[-2])
    told = [key.removeprefix("val_") for key in rows[-2] if key.startswith("val_")]
    assert all(any(fnmatch(key, known) for known in PhoneStage.figures) for key in told)

    learnt = load_file(work / "phones" / "audio_encoder.safetensors")
    begun, fresh = (
        load_file(folder / "motion" / "motion.safetensors") for folder in (work, without)
    )
    for key, value in learnt.items():
        assert np.allclose(begun[f"audio_encoder.{key}"], value, atol=1e-6), key
    key = "audio_encoder.stem.1.weight"
    assert not np.allclose(begun[key], fresh[key], atol=1e-3)
    with pytest.raises(ConfigError, match=r"audio_encoder \(was not there\)"):
        shutil.copytree(work / "phones", without / "phones")
        Road(read_config(file), [work / "prepared"], without, 0, said.append).run(["motion"])


def test_phones_of_others_are_another_run(corpus: Path, flite: None, tmp_path: Path) -> None:
    file = tmp_path / "small.toml"
    file.write_text(CONFIG + PHONES)
    road = Road(read_config(file), [corpus], tmp_path / "work", 0, lambda text: None)
    road.run(["prepare", "speech", "hear", "phones"])
    road.run(["phones"])
    spoken = next(path for path in (road.work / "speech").glob("*.npz") if "slt" in path.name)
    with np.load(spoken, allow_pickle=False) as data:
        arrays = dict(data)
    arrays["labels"][0] += 1
    np.savez(spoken, **arrays)
    with pytest.raises(ConfigError, match=r"other settings: which \(was '\w{16}'\)"):
        road.run(["phones"])


def test_the_encoder_goes_on_learning_in_motion(corpus: Path, flite: None, tmp_path: Path) -> None:
    file = tmp_path / "small.toml"
    file.write_text(CONFIG + PHONES)
    work = tmp_path / "work"
    stages = ["prepare", "shape", "speech", "hear", "phones", "motion"]
    Road(read_config(file), [corpus], work, 0, lambda text: None).run(stages)
    learnt = load_file(work / "phones" / "audio_encoder.safetensors")
    begun = load_file(work / "motion" / "motion.safetensors")
    changed = {k for k, v in learnt.items() if not np.array_equal(begun[f"audio_encoder.{k}"], v)}
    assert learnt.keys() - changed == {"mean", "deviation"}


def test_motion_hears_what_nobody_was_filmed_saying(
    corpus: Path, flite: None, tmp_path: Path
) -> None:
    file = tmp_path / "small.toml"
    file.write_text(CONFIG + "[motion.visemes]\nshare = 0.5\n" + PHONES)
    work = tmp_path / "work"
    said: list[str] = []
    road = Road(read_config(file), [corpus], work, 0, said.append)
    road.run(["prepare", "shape", "speech", "hear"])
    with pytest.raises(InputError, match=r"phones\.speech\.grid"):
        road.run(["motion"])
    labels = np.resize(np.repeat(np.array([1, 7, 0], np.uint8), 5), 61)
    clip = pack_speech("grid", [labels], keys=["grid__s1__bbaf2n"])
    (work / "speech" / "grid-000.npz").write_bytes(clip)
    list_speech(work / "speech")
    road.run(["motion"])
    row = json.loads([line for line in said if line.startswith("{")][-1])
    assert row["viseme"] > 0 and "closed" in row


def test_visemes_need_speech_but_not_the_stage_phones(
    corpus: Path, flite: None, tmp_path: Path
) -> None:
    file = tmp_path / "small.toml"
    listening = PHONES.replace("steps = 3", "steps = 0")
    file.write_text(CONFIG + "[motion.visemes]\nshare = 0.5\n" + listening)
    work = tmp_path / "work"
    road = Road(read_config(file), [corpus], work, 0, lambda text: None)
    road.run(["prepare", "speech", "hear", "phones"])
    assert road.has_speech and not (work / "phones").exists()


def test_phones_are_passed_over_unless_asked_for(corpus: Path, tmp_path: Path) -> None:
    file = tmp_path / "small.toml"
    file.write_text(CONFIG)
    work = tmp_path / "work"
    Road(read_config(file), [corpus], work, 0, lambda text: None).run(["speech", "phones"])
    assert not work.exists()


def test_missing_programs_are_told_before_anything_is_done(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "small.toml"
    file.write_text(CONFIG + PHONES)
    said: list[str] = []
    monkeypatch.setenv("PATH", str(tmp_path))
    road = Road(read_config(file), [corpus], tmp_path / "work", 0, said.append)
    with pytest.raises(ConfigError, match="flite is not installed"):
        road.run()
    assert said == []


def test_what_hears_must_be_there_before_anything_is_done(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "small.toml"
    file.write_text(CONFIG)
    said: list[str] = []
    monkeypatch.setattr("synclips.hearing.hearing.WEIGHTS", tmp_path / "none.safetensors")
    road = Road(read_config(file), [corpus], tmp_path / "work", 0, said.append)
    with pytest.raises(ModelError, match="is not there; get it with synclips hearing"):
        road.run()
    assert said == []
    road.run(["prepare"])


def test_who_is_held_out_by_the_config_is_not_learnt_from_by_ear(
    corpus: Path, tmp_path: Path
) -> None:
    """However the corpus was prepared."""
    file = tmp_path / "small.toml"
    file.write_text(CONFIG)
    Road(read_config(file), [corpus], tmp_path / "a", 0, lambda text: None).run(["prepare"])
    prepared = tmp_path / "a" / "prepared"
    manifest = read_manifest(prepared)
    spelt = tuple(replace(entry, sentence="bin blue") for entry in manifest.entries)
    write_manifest(prepared, Manifest(manifest.spec, spelt))
    file.write_text(CONFIG.replace('"s2"', '"s1"'))
    road = Road(read_config(file), [prepared], tmp_path / "b", 0, lambda text: None)
    assert [entry.person for entry in road._spoken(road.trained)] == ["s2"]
    assert [entry.person for entry in road._spoken(road.validation)] == ["s1"]


@pytest.mark.parametrize(
    ("held_out", "validation", "message"),
    [
        (["s1", "s2"], ["s2"], "All clips are of people who are held out"),
        (["s3"], ["s3"], "no clip of GRID to validate with, of s3; add some, or name other"),
        (["s2"], [], "no clip of GRID to validate with, of nobody"),
    ],
)
def test_nobody_to_learn_from_or_to_validate_with(
    corpus: Path, tmp_path: Path, held_out: list[str], validation: list[str], message: str
) -> None:
    file = tmp_path / "small.toml"
    split = f"held_out = {json.dumps(held_out)}\nvalidation = {json.dumps(validation)}\n"
    file.write_text(CONFIG.replace('held_out = ["s2"]\nvalidation = ["s2"]\n', split))
    work = tmp_path / "work"
    road = Road(read_config(file), [corpus], work, 1, lambda text: None)
    with pytest.raises(InputError, match=message):
        road.run()
    assert not work.exists(), "found out only after a stage"


def test_an_unknown_stage_is_named(corpus: Path, tmp_path: Path) -> None:
    file = tmp_path / "small.toml"
    file.write_text(CONFIG)
    road = Road(read_config(file), [corpus], tmp_path / "work", 1, lambda text: None)
    with pytest.raises(ConfigError, match="'fly'; stages are prepare"):
        road.run(["fly"])


def test_a_config_may_be_written_on_windows(tmp_path: Path) -> None:
    file = tmp_path / "run.toml"
    file.write_bytes(b'\xef\xbb\xbfname = "x"\r\n[shape]\r\nclips_per_person = 3\r\n')
    config = read_config(file)
    assert config.name == "x" and config.shape.clips_per_person == 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('name = "x"\ncolour = 1', "unknown key 'colour'"),
        ("[motion]\nwindow = 3", "missing"),
        ('name = "x"\n[motion.loop]\nsteps = "many"', "steps must be of type int"),
        ('name = "x"\n[motion.loop]\nsteps = [3]', r"steps must be of type int, not \[3\]"),
        ('name = "x"\n[motion.loop]\nsteps = true', "steps must be of type int, not True"),
        ('name = "x"\nmotion = 3', "motion must be a table"),
        ('name = "x"\n[split]\nheld_out = "s5"', "held_out must be a list"),
        ('name = "x"\n[split]\nheld_out_initials = ["s1"]', "has 's1'; write speaker and letter"),
        ('name = "x"\n[split]\nvalidation = ["s7"]', "must be among the held-out speakers"),
        (
            'name = "x"\n[motion.loop]\nsteps = 1\nbatch_size = 0\nlearning_rate = 1e-3',
            "motion: loop: batch_size must be at least 1, not 0",
        ),
        ("name = ", "not valid TOML"),
        ('name = "x"\nfamily = ["a"]', r"unknown family \['a'\]"),
        ('name = "x"\n[split]\nheld_out_initials = [["s1"]]', "must be a list of str"),
        ('name = "x"\n[generator]\nframe_stride = 0', "frame_stride must be at least 1, not 0"),
        ('name = "x"\n[motion]\nwindow = 0', "window must be at least 2, not 0"),
        ('name = "x"\n[phones]\nwindow = -5', "window must be at least 2, not -5"),
        ('name = "x"\n[shape]\nsize = 4000', "size must be at most 276, not 4000"),
        ('name = "x"\n[shape]\nsize = -3', "size must be at least 1, not -3"),
        ('name = "x"\n[shape]\nclips_per_person = 0', "clips_per_person must be at least 1"),
        ('name = "x"\n[shape]\nsize = 8', "shape_size is 16 and shape.size 8; give both one"),
        ('name = "x"\n[motion.network]\nheads = 3', "multiple of heads, which 128 is not of 3"),
        ('name = "x"\n[motion.network]\nwidth = 33', "multiple of heads, which 33 is not of 4"),
        ('name = "x"\n[motion.network]\ndropout = 1.5', "dropout must be at least 0 and below 1"),
        ('name = "x"\n[motion.network]\nreferences = 0', "references must be at least 1, not 0"),
        ('name = "x"\n[generator.network]\nfirst = 7', "first must be at least 8, not 7"),
        ('name = "x"\n[generator.network]\nthird = 12', "third must be a multiple of 8, not 12"),
        ('name = "x"\n[generator.weights]\nflow = -1', "flow must be at least 0, not -1"),
        ('name = "x"\n[generator.crop]\nextent = nan', "size and extent must be positive"),
        ('name = "x"\n[motion.visemes]\nshare = nan', "share must be at least 0 and finite"),
        ('name = "x"\n[motion.visemes]\nclosed = -0.1', "closed must be at least 0, not -0.1"),
        ('name = "x"\n[forms]\nseconds = nan', "seconds must be at least 0 and finite, not nan"),
        ('name = "x"\n[forms]\ncut = 2', "cut must be from 0 to 1, not 2"),
        ('name = "x"\n[forms.wave]\nroom_direct_db = nan', "room_direct_db must be a finite"),
        ('name = "x"\n[phones.speech]\nflite_minutes = -1', "flite_minutes must be at least 0"),
        ('name = "x"\n[phones.speech]\nespeak_minutes = inf', "espeak_minutes must be .* finite"),
        ('nam = "x"', "unknown key 'nam'; known are .* as the file names no family and synclips-1"),
        ('wandb = "x"', "bad.toml: name is missing, as the file names no family and synclips-1 is"),
        ('family = "syncnet"', "bad.toml: name is missing; add it"),
        (
            'name = "x"\nfamily = "grid-gan"',
            "adversarial, audio, joint, video are missing; add them",
        ),
    ],
)
def test_a_config_that_does_not_fit_is_refused(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(text)
    with pytest.raises(ConfigError, match=message):
        read_config(file)


def test_held_out_speakers_may_be_spelt_like_folders() -> None:
    split = SplitConfig(("s05", "S7"), ("s05",), ("s02:b",)).split
    assert (split.held_out, split.validation) == ({"s5", "s7"}, {"s5"})
    assert split.held_out_initials == {("s2", "b")}


def test_a_stage_that_needs_an_earlier_one_says_so(corpus: Path, tmp_path: Path) -> None:
    file = tmp_path / "small.toml"
    file.write_text(CONFIG)
    road = Road(read_config(file), [corpus], tmp_path / "work", 1, lambda text: None)
    with pytest.raises(ConfigError, match=r"shape\.safetensors is not there; run stage shape"):
        road.run(["motion"])


def test_export_names_the_stage_that_comes_first(corpus: Path, tmp_path: Path) -> None:
    file = tmp_path / "small.toml"
    file.write_text(CONFIG)
    road = Road(read_config(file), [corpus], tmp_path / "work", 1, lambda text: None)
    with pytest.raises(ConfigError, match=r"motion\.safetensors is not there; run stage motion fi"):
        road.run(["export"])


def test_export_refuses_another_config_and_tells_what_is_unfinished(
    corpus: Path, flite: None, tmp_path: Path
) -> None:
    file = tmp_path / "small.toml"
    work = tmp_path / "work"
    said: list[str] = []

    def go(text: str, *stages: str) -> None:
        file.write_text(text)
        Road(read_config(file), [corpus], work, 0, said.append).run(stages)

    go(CONFIG + PHONES)
    assert not any("not finished" in line for line in said)
    for old, new, stage, wrong in (
        ("batch_size = 2", "batch_size = 3", "phones", "loop.batch_size"),
        ("window = 32", "window = 40", "motion", "window"),
        ("adversarial_from = 1", "adversarial_from = 2", "generator", "adversarial_from"),
        ('"flite/rms"', '"flite/slt"', "phones", "held_out"),
    ):
        with pytest.raises(ConfigError, match=rf"{stage} holds a run with .* {wrong} \(was"):
            go((CONFIG + PHONES).replace(old, new), "export")
    go((CONFIG + PHONES).replace("steps = 3", "steps = 9", 1), "export")
    assert "motion: step 3 of 9, it is not finished" in said
    assert not any(line.startswith("generator: step") for line in said)


def test_what_the_machine_cannot_do_is_refused_before_anything_is_done(
    corpus: Path, tmp_path: Path
) -> None:
    file = tmp_path / "small.toml"
    file.write_text(CONFIG + 'precision = "16"\n')
    said: list[str] = []
    machine = Machine("cpu")
    road = Road(read_config(file), [corpus], tmp_path / "work", 1, said.append, machine=machine)
    with pytest.raises(ConfigError, match='precision "16" needs a GPU'):
        road.run()
    assert said == []


def test_the_toy_config_is_readable_and_shares_batches_among_two() -> None:
    config = read_config(Path(__file__).parents[2] / "configs" / "tiny.toml")
    assert config.name == "tiny"
    assert len(config.motion.loop.pieces) == 2


@pytest.mark.parametrize("name", ["synclips-1", "synclips-1-temporal"])
def test_the_shipped_configs_are_readable(name: str) -> None:
    config = read_config(Path(__file__).parents[2] / "configs" / f"{name}.toml")
    assert config.name == "synclips-1"
    assert (config.generator.weights.temporal > 0) == name.endswith("temporal")
    assert {"s5", "s33"} <= set(config.split.held_out)
    assert config.generator.corpora == ("grid",)
