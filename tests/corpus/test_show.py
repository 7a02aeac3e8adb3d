"""Made-up clips: the colour of a face tells who it is, its brightness which frame."""

import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from synclips import cli
from synclips.corpus.augment_picture import PictureAugmentation
from synclips.corpus.augment_sound import WaveAugmentation
from synclips.corpus.manifest import Entry, Manifest, PrepareSpec, Word, write_manifest
from synclips.corpus.pictures import encode, pack
from synclips.corpus.show import COLUMNS, corpus_sheet
from synclips.errors import InputError, OutputError
from synclips.faces.landmarks import KEPT, LIPS
from synclips.features.mel import log_mel

FRAMES = 36
BLOCK = 24 + 24 + 136 + 136 + 24 + 96 + 48 + 24  # pixels, of a clip in the upper part
TINTS = {"s1": (1, 0, 0), "s2": (0, 1, 0), "s3": (0, 0, 1)}


def write_clip(folder: Path, entry: Entry) -> None:
    level = 60 + 4 * np.arange(FRAMES)
    tint = np.array(TINTS[entry.person])
    faces = np.zeros((FRAMES, 128, 128, 3), np.uint8)
    faces[:] = (level[:, None] * tint)[:, None, None].astype(np.uint8)
    faces[:, :, :40] = 20  # the left is dark
    points = np.full((FRAMES, len(KEPT), 2), 120, np.float16)
    points[:, LIPS] = 90
    valid = np.arange(FRAMES) >= 3
    packed = {}
    for name, pictures in (("faces", faces), ("lips", faces[:, ::2, ::2])):
        crops = [encode(p) if ok else b"" for p, ok in zip(pictures, valid, strict=True)]
        packed[name], packed[f"{name[:4]}_ends"] = pack(crops)
    # Ends before the picture.
    sound = 0.2 * np.random.default_rng(0).uniform(-1, 1, (FRAMES - 5) * 640)
    np.savez(
        folder / "clips" / f"{entry.key}.npz",
        points=np.zeros((FRAMES, len(KEPT), 3), np.float32),
        times=np.stack([np.arange(FRAMES), np.full(FRAMES, 25)], axis=1),
        mel=log_mel(sound.astype(np.float32)).astype(np.float16),
        mfcc=np.zeros((4 * FRAMES, 13), np.float16),
        sound=(sound * 32767).astype(np.int16),
        valid=valid,
        coefficients=np.zeros((FRAMES, 4), np.float32),
        yaw=np.zeros(FRAMES, np.float32),
        face_points=points,
        lip_points=points / 2,
        faces=packed["faces"],
        face_ends=packed["face_ends"],
        lips=packed["lips"],
        lip_ends=packed["lips_ends"],
    )


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prepared")
    (folder / "clips").mkdir()
    entries = []
    for person in TINTS:
        for name in ("a", "b", "c"):
            key = f"grid__{person}__{name}"
            words = (Word("bin", 6, 18), Word("blue", 18, 30))
            entry = Entry(key, "grid", person, name, f"{name}.mpg", words=words, frames=FRAMES)
            write_clip(folder, entry)
            entries.append(entry)
    bad = Entry("grid__s9__a", "grid", "s9", "a", "a.mpg", skipped="no face was found")
    write_manifest(folder, Manifest(PrepareSpec().to_dict(), (*entries, bad)))
    return folder


def draw(prepared: Path, target: Path, **options: object) -> NDArray[np.uint8]:
    corpus_sheet(prepared, target, **options)  # type: ignore[arg-type]
    return np.asarray(cv2.imread(str(target))[..., ::-1])


def person(sheet: NDArray[np.uint8], block: int) -> str:
    """Whose face is in the last column of a block."""
    face = sheet[block * BLOCK + 48 + 20, 11 * 136 + 70]
    return list(TINTS)[int(np.argmax(face))]


def test_a_clip_is_shown_in_time(prepared: Path, tmp_path: Path) -> None:
    sheet = draw(prepared, tmp_path / "sheet.png", clip="grid__s2__b")
    assert person(sheet, 0) == "s2"
    for row, middle in ((48, (20, 70)), (48 + 136, (20, 70))):
        levels = [int(sheet[row + middle[0], 136 * c + middle[1], 1]) for c in range(COLUMNS)]
        expected = [60 + 4 * int((column + 0.5) * FRAMES / COLUMNS) for column in range(COLUMNS)]
        np.testing.assert_allclose(levels[1:], expected[1:], atol=4)
        assert levels[0] > 200, "no face in the second frame: paper"
    words = sheet[48 + 272 : 48 + 272 + 24]
    framed = np.flatnonzero((words[12] != words[0, 0]).any(axis=-1))
    assert framed.min() == pytest.approx(6 / FRAMES * 136 * COLUMNS, abs=1)
    assert framed.max() == pytest.approx(30 / FRAMES * 136 * COLUMNS, abs=2)
    # The sound ends five frames before the picture; the silence after it is not stretched.
    wave = sheet[48 + 272 + 24 + 96 :][:48]
    heights = (wave != wave[0, 0]).any(axis=-1).sum(axis=0)
    end = int((FRAMES - 5) / FRAMES * 136 * COLUMNS)
    assert heights[: end - 2].min() > 4
    assert heights[end + 2 :].max() == 1


def test_different_people_come_first(prepared: Path, tmp_path: Path) -> None:
    for seed in range(2):
        sheet = draw(prepared, tmp_path / "sheet.png", seed=seed)
        assert {person(sheet, block) for block in range(3)} == set(TINTS)
    sheet = draw(prepared, tmp_path / "sheet.png", speakers=["s3"])
    assert [person(sheet, block) for block in range(3)] == ["s3"] * 3


def test_the_same_seed_gives_the_same_bytes(prepared: Path, tmp_path: Path) -> None:
    one, same, other = (tmp_path / name for name in ("1.png", "2.png", "3.png"))
    for target, seed in ((one, 4), (same, 4), (other, 5)):
        corpus_sheet(prepared, target, clip="grid__s1__a", seed=seed, clips=1)
    assert one.read_bytes() == same.read_bytes() != other.read_bytes()


def test_every_kind_has_its_row(prepared: Path, tmp_path: Path) -> None:
    sheet = draw(prepared, tmp_path / "sheet.png", clip="grid__s1__a", clips=1)
    rows = sheet[BLOCK + 24 :]
    pictures = ["as it is", *PictureAugmentation.kinds(), "together"]
    sounds = ["as it is", *WaveAugmentation.kinds(), "together"]
    assert len(rows) == 104 * len(pictures)
    assert len(sounds) <= len(pictures)

    def faces(kind: str) -> NDArray[np.int64]:
        """The first frame of each of three runs."""
        row = rows[104 * pictures.index(kind) :][:96]
        return np.array([row[:, 104 + 300 * n :][:, :96] for n in range(3)]).astype(int)

    def heard(kind: str) -> NDArray[np.int64]:
        left = 104 + 3 * 300 + 104
        return rows[104 * sounds.index(kind) :][:96, left:].astype(int)

    same = faces("as it is")
    np.testing.assert_array_equal(same[0], same[1])
    assert same[0, 5, 5].max() < 40 < same[0, 5, 90, 0], "dark on the left"
    flipped = faces("flip")
    np.testing.assert_array_equal(flipped, same[:, :, ::-1])
    for kind in pictures[1:-1]:
        assert np.abs(faces(kind) - same).max() > 5, kind
    for kind in sounds[1:-1]:
        assert (np.abs(heard(kind) - heard("as it is")) > 10).mean() > 0.01, kind


def test_refusals(prepared: Path, tmp_path: Path) -> None:
    target = tmp_path / "sheet.png"
    with pytest.raises(InputError, match=r"no usable clip of s7, s9; it has s1, s2, s3\."):
        corpus_sheet(prepared, target, speakers=["s1", "s9", "s7"])
    with pytest.raises(InputError, match="has no clip grid__s1__x"):
        corpus_sheet(prepared, target, clip="grid__s1__x")
    with pytest.raises(InputError, match="was skipped: no face was found"):
        corpus_sheet(prepared, target, clip="grid__s9__a")
    with pytest.raises(InputError, match="not a prepared corpus"):
        corpus_sheet(tmp_path, target)
    with pytest.raises(OutputError, match=r"end its name in \.png"):
        corpus_sheet(prepared, tmp_path / "sheet.jpg")
    write_manifest(tmp_path, Manifest(PrepareSpec().to_dict(), ()))
    with pytest.raises(InputError, match="no usable clip; manifest"):
        corpus_sheet(tmp_path, target)
    assert not target.exists()


def test_the_command(
    prepared: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    target = tmp_path / "sheet.png"
    line = ["synclips", "corpus", "show", str(prepared), "-o", str(target), "--speakers", "3,1"]
    monkeypatch.setattr(sys, "argv", [*line, "--clip", "grid__s3__c", "--seed", "2"])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert stop.value.code == 0
    assert capsys.readouterr().out.strip() == str(target)
    sheet = np.asarray(cv2.imread(str(target))[..., ::-1])
    assert [person(sheet, block) for block in range(3)] == ["s3", "s1", "s3"] or (
        [person(sheet, block) for block in range(3)] == ["s3", "s3", "s1"]
    )
