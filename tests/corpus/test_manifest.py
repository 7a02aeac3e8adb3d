import dataclasses
import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from synclips.corpus.clips import Clip
from synclips.corpus.manifest import (
    Entry,
    Manifest,
    PrepareSpec,
    Word,
    read_manifest,
    write_manifest,
)
from synclips.errors import ConfigError, InputError
from synclips.faces.crop import CropSpec


def entry(name: str, split: str = "train", skipped: str = "") -> Entry:
    return Entry(
        key=f"grid__s1__{name}",
        corpus="grid",
        person="s1",
        name=name,
        source=f"raw/s1/video/{name}.mpg",
        lag="-3/50",
        split=split,
        sentence="bin bl\u00fce",
        words=(Word("bin", 3, 7), Word("bl\u00fce", 7, 12)),
        frames=75,
        seconds=3.0,
        face_share=0.96,
        eye_distance=66.62,
        yaw=4.8,
        gain_db=-3.73,
        skipped=skipped,
    )


@pytest.fixture
def manifest() -> Manifest:
    return Manifest(
        PrepareSpec().to_dict(),
        (
            entry("a"),
            entry("b", "validation"),
            entry("c", skipped="too dark"),
            entry("d", "test-speaker"),
        ),
    )


def test_a_manifest_comes_back_sorted_by_key(tmp_path: Path, manifest: Manifest) -> None:
    mixed = dataclasses.replace(manifest, entries=manifest.entries[::-1])
    write_manifest(tmp_path, mixed)
    assert read_manifest(tmp_path) == manifest
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.jsonl"]


def test_only_usable_clips_of_the_splits_asked_for(manifest: Manifest) -> None:
    assert [e.name for e in manifest.of("train")] == ["a"]
    assert [e.name for e in manifest.of("validation", "test-speaker")] == ["b", "d"]


def test_an_entry_leads_back_to_its_clip() -> None:
    wanted = Clip(Path("raw/s1/video/a.mpg"), "s1", "a", "grid", Fraction(-3, 50))
    assert entry("a").clip == wanted
    assert entry("a").clip.key == entry("a").key


def test_one_that_says_the_same_is_left_alone(tmp_path: Path, manifest: Manifest) -> None:
    write_manifest(tmp_path, manifest)
    path = tmp_path / "manifest.jsonl"
    before = path.stat()
    write_manifest(tmp_path, manifest)
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    write_manifest(tmp_path, dataclasses.replace(manifest, entries=manifest.entries[:1]))
    assert len(read_manifest(tmp_path).entries) == 1


def test_the_specification_travels_through_json() -> None:
    spec = PrepareSpec(lips=CropSpec(size=96, extent=1.2, below_mouth=0.0))
    values = json.loads(json.dumps(spec.to_dict()))
    assert values == spec.to_dict()
    assert PrepareSpec.from_dict(values) == spec
    with pytest.raises(ConfigError, match="unknown or missing keys colour"):
        PrepareSpec.from_dict(values | {"colour": 1})


def test_a_folder_without_a_manifest_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no manifest\.jsonl; run `synclips corpus prepare"):
        read_manifest(tmp_path)


def test_a_manifest_of_another_version_is_refused(tmp_path: Path, manifest: Manifest) -> None:
    write_manifest(tmp_path, manifest)
    path = tmp_path / "manifest.jsonl"
    path.write_text(path.read_text().replace('"format": 1', '"format": 0'))
    with pytest.raises(InputError, match="format 0, this version reads .* format 1; prepare"):
        read_manifest(tmp_path)


def cut_line(lines: list[str]) -> list[str]:
    return [*lines[:2], lines[2][:40], *lines[3:]]


def drop_key(lines: list[str]) -> list[str]:
    values = json.loads(lines[2])
    del values["yaw"]
    return [*lines[:2], json.dumps(values), *lines[3:]]


def swap_kind(lines: list[str]) -> list[str]:
    return [*lines[:2], lines[2].replace('"frames": 75', '"frames": "75"'), *lines[3:]]


def break_words(lines: list[str]) -> list[str]:
    return [*lines[:2], lines[2].replace('["bin", 3, 7]', '["bin", 3]'), *lines[3:]]


@pytest.mark.parametrize("damage", [cut_line, drop_key, swap_kind, break_words])
def test_a_damaged_row_is_named_by_its_line(
    tmp_path: Path, manifest: Manifest, damage: Callable[[list[str]], list[str]]
) -> None:
    write_manifest(tmp_path, manifest)
    path = tmp_path / "manifest.jsonl"
    lines = damage(path.read_text().splitlines())
    path.write_text("\n".join(lines))
    with pytest.raises(InputError, match=r"manifest\.jsonl is damaged in line 3 .*remove it and"):
        read_manifest(tmp_path)


def test_a_manifest_that_was_cut_off_is_no_smaller_corpus(
    tmp_path: Path, manifest: Manifest
) -> None:
    write_manifest(tmp_path, manifest)
    path = tmp_path / "manifest.jsonl"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))
    with pytest.raises(InputError, match="3 of 4 clips"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("text", ["", "hello", "[1]", '{"format": 1}', "\x00\xff"])
def test_another_file_is_no_manifest(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.jsonl").write_bytes(text.encode("latin-1"))
    with pytest.raises(InputError, match=r"manifest\.jsonl"):
        read_manifest(tmp_path)
