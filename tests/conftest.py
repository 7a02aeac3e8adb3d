"""What every test may ask for. Tests make their own media; nothing here reads a file."""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from pathlib import Path

import cv2
import numpy as np
import pytest
from filming import swayed
from numpy.typing import NDArray

from synclips.faces.landmarks import (
    CHEEK_SLOTS,
    EYE_CORNERS,
    INNER,
    JAW_SLOTS,
    KEPT,
    LIP_RING,
    LIPS_INNER,
    LIPS_OUTER,
    MOUTH,
    OUTER,
    RIGID,
    RIGID_SLOTS,
)
from synclips.faces.shape import LipShape
from synclips.options import DEFAULT_MODEL

pytest_plugins = ["serving", "networks", "shell", "painting", "drawing", "talking"]  # in plugins/

Array = NDArray[np.float32]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes minutes goes first, so that no process is left with it in the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


# Where the skull-fixed points of an ordinary face lie: x right, y down, in eye distances.
_SKULL = {
    **{33: (-0.5, 0), 133: (-0.17, 0.03), 362: (0.17, 0.03), 263: (0.5, 0)},
    **{168: (0, -0.08), 6: (0, 0.06), 197: (0, 0.2), 195: (0, 0.32), 5: (0, 0.45), 4: (0, 0.52)},
    **{10: (0, -0.85), 151: (0, -0.6), 9: (0, -0.35), 8: (0, -0.22)},
    **{127: (-0.75, 0), 356: (0.75, 0), 234: (-0.75, 0.15), 454: (0.75, 0.15)},
    **{21: (-0.65, -0.35), 251: (0.65, -0.35), 54: (-0.55, -0.55), 284: (0.55, -0.55)},
    **{103: (-0.4, -0.7), 332: (0.4, -0.7), 67: (-0.25, -0.8), 297: (0.25, -0.8)},
    **{109: (-0.12, -0.84), 338: (0.12, -0.84), 193: (-0.13, 0), 417: (0.13, 0)},
    **{122: (-0.13, 0.1), 351: (0.13, 0.1), 98: (-0.15, 0.6), 327: (0.15, 0.6), 2: (0, 0.64)},
}
_CHEEK = [
    *[(-0.45, 0.5), (0.45, 0.5), (-0.4, 0.7), (0.4, 0.7), (-0.3, 0.5), (0.3, 0.5)],
    *[(-0.6, 0.5), (0.6, 0.5), (-0.6, 0.35), (0.6, 0.35), (-0.6, 0.65), (0.6, 0.65)],
    *[(-0.55, 0.85), (0.55, 0.85), (-0.16, 0.55), (0.16, 0.55)],
]
_MOUTH_Y = 0.9


def _oval(count: int, width: float, height: float) -> Array:
    """Points from the left corner over the top, as the lip contours run."""
    angle = 2 * np.pi * np.arange(count) / count
    return np.stack([-width * np.cos(angle), _MOUTH_Y - height * np.sin(angle)], axis=-1)


def _neutral() -> Array:
    flat = np.zeros((len(KEPT), 2))
    first = len(LIPS_OUTER) + len(LIPS_INNER)
    flat[OUTER] = _oval(20, 0.3, 0.09)
    flat[INNER] = _oval(20, 0.25, 0.0)
    flat[first : first + len(LIP_RING)] = _oval(20, 0.4, 0.19)
    chin = flat[first + len(LIP_RING) : JAW_SLOTS[0]]
    across = np.linspace(-0.3, 0.3, 5)
    chin[:] = [(x, y) for y in (1.18, 1.25, 1.32) for x in across]
    side = np.linspace(np.pi, 0, len(JAW_SLOTS))
    flat[JAW_SLOTS] = np.stack([0.8 * np.cos(side), 0.35 + 1.05 * np.sin(side)], axis=-1)
    flat[RIGID_SLOTS] = [_SKULL[index] for index in RIGID]
    flat[CHEEK_SLOTS] = _CHEEK
    x, y = flat.T
    nose = (np.abs(x) < 0.05) & (y > 0) & (y < 0.65)
    z = 0.7 * x**2 + 0.1 * y**2 - np.where(nose, 0.6 * y, 0)
    face = np.concatenate([flat, z[:, None]], axis=1)
    face -= face[RIGID_SLOTS].mean(axis=0)
    return (face / np.linalg.norm(face[EYE_CORNERS[1]] - face[EYE_CORNERS[0]])).astype(np.float32)


def _lip_shape() -> LipShape:
    face = _neutral()
    mouth = face[MOUTH]
    centre = face[INNER].mean(axis=0)
    lips = np.arange(len(MOUTH)) < len(LIPS_OUTER) + len(LIPS_INNER)
    slot = np.arange(len(MOUTH))
    below = mouth[:, 1] > centre[1] + 1e-4
    # The closed inner lips lie on one line; the lower ones are the second half of the contour.
    below |= (slot > len(LIPS_OUTER) + 10) & (slot < len(LIPS_OUTER) + len(LIPS_INNER))
    opens, widens, rounds, smiles = (np.zeros((len(MOUTH), 3)) for _ in range(4))
    arch = np.clip(1 - (np.abs(mouth[:, 0] - centre[0]) / 0.45) ** 2, 0, 1)
    opens[below, 1] = 1.0 * arch[below]
    opens[~below & lips, 1] = -0.3 * arch[~below & lips]
    widens[lips, 0] = (mouth[lips, 0] - centre[0]) / 0.3
    rounds[lips, 2] = -arch[lips]
    smiles[lips, 1] = -(1 - arch[lips])
    flat = np.stack([opens, widens, rounds, smiles]).reshape(4, -1)
    basis = np.linalg.qr(flat.T)[0].T
    basis *= np.sign((basis * flat).sum(axis=1))[:, None]
    deviation = np.array([0.35, 0.12, 0.08, 0.05], np.float32)
    return LipShape(face, basis.reshape(4, -1, 3).astype(np.float32), deviation)


@dataclass(frozen=True)
class Head:
    """A made-up person: a plausible face, four ways to move the mouth, and a camera.

    Attributes:
        shape: closed mouth and the directions open, wide, rounded, smiling, in this order.
    """

    shape: LipShape

    def rotation(self, yaw: float = 0, pitch: float = 0, roll: float = 0) -> NDArray[np.float64]:
        """(3, 3) from degrees."""
        a, b, c = np.radians([yaw, pitch, roll])
        turn = [[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]]
        nod = [[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]]
        tilt = [[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]]
        return np.array(tilt) @ np.array(turn) @ np.array(nod)

    def film(
        self,
        coefficients: Array,
        rotations: NDArray[np.float64] | None = None,
        scale: float = 120.0,
        at: tuple[float, float] = (320, 240),
    ) -> Array:
        """Landmarks (n, P, 3) in pixels of lips (n, 4) on heads turned by (n, 3, 3)."""
        face = np.repeat(self.shape.template[None], len(coefficients), axis=0)
        face[:, MOUTH] += self.shape.decode(coefficients)
        if rotations is not None:
            face = face @ rotations.transpose(0, 2, 1)
        return (face * scale + np.array([*at, 0])).astype(np.float32)

    def sliding(self) -> LipShape:
        """The shape with one direction more, in which the jaw goes to the side and no lip moves.

        The basis of real people has learnt such slides from the outlines of turning heads.
        """
        slide = np.zeros((1, len(MOUTH), 3), np.float32)
        slide[0, JAW_SLOTS, 0] = 1 / np.sqrt(len(JAW_SLOTS))
        basis = np.concatenate([self.shape.basis, slide])
        return LipShape(self.shape.template, basis, np.append(self.shape.deviation, slide.max()))

    def speech(self, count: int) -> Array:
        """(n, 4) smooth lip motion that opens and closes, beginning and ending closed."""
        time = np.arange(count)
        opening = np.maximum(np.sin(2 * np.pi * time / 17), 0) * 2.5
        others = [np.sin(2 * np.pi * time / period) for period in (23, 31, 41)]
        return np.stack([opening, *others], axis=-1).astype(np.float32)


@pytest.fixture(autouse=True, scope="session")
def no_voices_of_the_user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What somebody has downloaded must not change who speaks in tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SYNCLIPS_VOICES", str(tmp_path_factory.mktemp("voices") / "none"))
        yield


@pytest.fixture
def full_disk() -> Callable[[int], AbstractContextManager[None]]:
    """While it lasts the disk is full for the n-th file, from 1, of which is asked to be on it."""

    @contextmanager
    def full(number: int) -> Iterator[None]:
        sync, asked = os.fsync, count(1)

        def synced(file: int) -> None:
            if next(asked) == number:
                raise OSError(errno.ENOSPC, "No space left on device")
            sync(file)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "fsync", synced)
            yield

    return full


@pytest.fixture
def rng() -> np.random.Generator:
    """Random numbers that are the same in every run and for every test."""
    return np.random.default_rng(20250101)


@pytest.fixture(scope="session")
def head() -> Head:
    """A made-up person to film."""
    return Head(_lip_shape())


@pytest.fixture(scope="session")
def tiny_model(head: Head, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model folder: real networks, very small, that open the mouth wide whenever they may."""
    import torch

    from synclips.checkpoint import Checkpoint, save_checkpoint
    from synclips.faces.crop import CropSpec
    from synclips.models.generator import Generator, GeneratorSpec
    from synclips.models.motion import Motion, MotionSpec

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(7)
        motion = Motion(
            MotionSpec(width=16, depth=1, heads=2, shape_size=head.shape.size, references=4)
        )
        generator = Generator(GeneratorSpec(first=8, second=8, third=8))
    with torch.no_grad():
        # Whatever is heard, the first coefficient, opening, is near 2.5; untrained, but it speaks.
        motion.head[-1].bias[0] += 2.5
    folder = tmp_path_factory.mktemp("model") / "tiny"
    checkpoint = Checkpoint("tiny", CropSpec(), head.shape, motion, generator)
    save_checkpoint(checkpoint, folder, {"made by": "the tests"})
    return folder


@pytest.fixture(scope="session")
def untrained_grid_gan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model folder of the other family: the published network with loud random weights.

    The mean face is a real one, so that the crop lies where it would on a real video.
    """
    import torch

    from synclips.checkpoint import GridGanCheckpoint, load_checkpoint, save_checkpoint
    from synclips.faces.crop import CropSpec
    from synclips.features.mfcc import SPEECH_MFCC
    from synclips.models.grid_gan import GridGan, GridGanSpec

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(7)
        network = GridGan(GridGanSpec())
    with torch.no_grad():
        # Untrained pictures are nearly grey; these differ by tens of levels with what is heard.
        network.generator.conv2.weight.mul_(8)
    folder = tmp_path_factory.mktemp("model") / "grid"
    crop = CropSpec(size=32, extent=1.0, below_mouth=0.05)
    shape = load_checkpoint(DEFAULT_MODEL).shape
    checkpoint = GridGanCheckpoint("grid", SPEECH_MFCC, crop, shape, network)
    save_checkpoint(checkpoint, folder, {"made by": "the tests"})
    return folder


@pytest.fixture(scope="session")
def untrained_wav2lip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model folder of Wav2Lip's shape, narrow and with random weights; the mean face is real."""
    import torch

    from synclips.checkpoint import Wav2LipCheckpoint, load_checkpoint, save_checkpoint
    from synclips.faces.crop import CropSpec
    from synclips.features.mel import MelSpec
    from synclips.models.wav2lip import Wav2Lip, Wav2LipSpec

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(7)
        network = Wav2Lip(Wav2LipSpec(width=0.125))
    folder = tmp_path_factory.mktemp("model") / "half"
    crop = CropSpec(size=96, extent=2.6, below_mouth=-0.45)
    shape = load_checkpoint(DEFAULT_MODEL).shape
    checkpoint = Wav2LipCheckpoint("half", MelSpec(), crop, shape, network)
    save_checkpoint(checkpoint, folder, {"made by": "the tests"})
    return folder


@pytest.fixture(scope="session")
def portrait() -> NDArray[np.uint8]:
    """(240, 320, 3), a public-domain portrait by NASA; the mouth is near (163, 144)."""
    data = pytest.importorskip("skimage.data", reason="scikit-image, which brings a portrait")
    return np.ascontiguousarray(data.astronaut()[:240, 60:380])


@pytest.fixture(scope="session")
def face_video(portrait: NDArray[np.uint8], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """20 frames at 25 per second, 320 x 240, of a face that sways by a few pixels."""
    from synclips.media.writer import VideoWriter

    path = tmp_path_factory.mktemp("face") / "face.mp4"
    rate = Fraction(25)
    with VideoWriter(
        path, width=320, height=240, frame_rate=rate, time_base=Fraction(1, 12800), crf=10
    ) as writer:
        for index in range(20):
            place = 4 * np.sin(index / 4), 2 * np.cos(index / 3)
            writer.write(swayed(portrait, *place), index / rate)
    return path


@pytest.fixture(scope="session")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """1.2 s of stereo at 22 050 Hz: three syllables in the first 0.6 s, then silence."""
    from synclips.media.audio import write_sound

    rate = 22_050
    time = np.arange(int(1.2 * rate)) / rate
    syllables = np.where(time < 0.6, np.clip(np.sin(2 * np.pi * time / 0.4), 0, 1) ** 0.5, 0)
    voice = sum(np.sin(2 * np.pi * 120 * k * time) / k for k in range(1, 25))
    sound = (0.2 * syllables * voice).astype(np.float32)
    path = tmp_path_factory.mktemp("speech") / "speech.wav"
    write_sound(path, np.stack([sound, 0.5 * sound], axis=-1), rate)
    return path


@pytest.fixture(scope="session")
def prepared_corpus(head: Head, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prepared corpus of 10 clips of 40 frames in which the louder the sound the wider the mouth.

    s1 to s4 are trained on, s32 is for validation. The mouth is a dark ellipse, in the middle of
    the lips and in the lower half of the face.
    """
    from safetensors.numpy import save_file

    from synclips.corpus.manifest import Entry, Manifest, PrepareSpec, Word, write_manifest
    from synclips.corpus.pictures import encode, pack
    from synclips.features.mel import log_mel
    from synclips.features.mfcc import SPEECH_MFCC, mfcc

    folder = tmp_path_factory.mktemp("corpus")
    (folder / "clips").mkdir()
    save_file(head.shape.arrays(), folder / "shape.safetensors")
    rng = np.random.default_rng(0)
    entries = []
    for person in ("s1", "s2", "s3", "s4", "s32"):
        for name in ("bbaf2n", "lgaz1a"):
            knots = rng.uniform(0.1, 1, 14)
            opening = np.interp(np.arange(40), np.arange(14) * 3, knots)
            loudness = np.interp(np.arange(40 * 640) / 640, np.arange(40), opening)
            tone = np.sin(np.arange(40 * 640) * 0.1) * loudness**2 * 0.5
            sound = (tone * 32767).astype(np.int16)
            pictures, heads = [], []
            for gap in opening:
                picture = np.full((64, 64, 3), 150, np.uint8)
                cv2.ellipse(picture, (32, 32), (20, round(20 * gap)), 0, 0, 360, (40, 20, 20), -1)
                pictures.append(encode(picture))
                head_shot = np.full((96, 96, 3), 150, np.uint8)
                cv2.ellipse(head_shot, (48, 66), (14, round(14 * gap)), 0, 0, 360, (40, 20, 20), -1)
                heads.append(encode(head_shot))
            lips, ends = pack(pictures)
            faces, face_ends = pack(heads)
            coefficients = np.zeros((40, head.shape.size), np.float32)
            coefficients[:, 0] = 3 * (opening - 0.5)
            points = np.zeros((40, 143, 2), np.float16)
            key = f"grid__{person}__{name}"
            np.savez(
                folder / "clips" / f"{key}.npz",
                points=np.zeros((40, 143, 3), np.float32),
                times=np.stack([np.arange(40), np.full(40, 25)], axis=1),
                mel=log_mel(tone.astype(np.float32)).astype(np.float16),
                mfcc=mfcc(tone.astype(np.float32), SPEECH_MFCC).astype(np.float16),
                sound=sound,
                valid=np.ones(40, bool),
                coefficients=coefficients,
                yaw=np.zeros(40, np.float32),
                face_points=points,
                lip_points=points,
                faces=faces,
                face_ends=face_ends,
                lips=lips,
                lip_ends=ends,
            )
            entries.append(
                Entry(
                    key,
                    "grid",
                    person,
                    name,
                    f"{name}.mpg",
                    split="validation" if person == "s32" else "train",
                    sentence="bin blue",
                    words=(Word("bin", 2, 20), Word("blue", 20, 38)),
                    frames=40,
                    seconds=1.6,
                )
            )
    write_manifest(folder, Manifest(PrepareSpec().to_dict(), tuple(entries)))
    return folder
