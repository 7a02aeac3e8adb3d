"""Changes to batches of faces: landmarks stay on what they mark, and one lamp lights a sample."""

import numpy as np
import torch

from synclips.corpus.augment_batch import relight_faces, reshape_faces


def batch(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Grey pictures with a white square around the first point, which moves from frame to frame."""
    pictures = np.full((12, 3, 48, 48, 3), 76, np.uint8)
    points = rng.integers(12, 36, size=(12, 3, 5, 2)).astype(np.float32)
    for sample, frame in np.ndindex(12, 3):
        x, y = points[sample, frame, 0].astype(int)
        pictures[sample, frame, y - 2 : y + 3, x - 2 : x + 3] = 230
    return pictures, points


def test_points_stay_on_what_they_mark(rng: np.random.Generator) -> None:
    pictures, points = batch(rng)
    kept = pictures.copy(), points.copy()
    shown, placed = reshape_faces(pictures, points, rng)
    for sample, frame in np.ndindex(12, 3):
        white = np.clip(shown[sample, frame, ..., 0].astype(float) - 90, 0, None)
        rows, columns = np.indices(white.shape)
        middle = [(white * where).sum() / white.sum() for where in (columns, rows)]
        np.testing.assert_allclose(placed[sample, frame, 0], middle, atol=0.1)
    assert (shown.dtype, placed.dtype) == (np.uint8, np.float32)
    np.testing.assert_array_equal(pictures, kept[0])
    np.testing.assert_array_equal(points, kept[1])


def test_samples_are_mirrored_reshaped_both_or_neither(rng: np.random.Generator) -> None:
    pictures, points = batch(rng)
    kinds = set()
    for _ in range(4):
        _, placed = reshape_faces(pictures, points, rng)
        for before, after in zip(points, placed, strict=True):
            across = before[..., 0].ravel() @ after[..., 0].ravel()
            same = np.array_equal(before, after)
            flipped = np.allclose(before[..., 0] + after[..., 0], 47)
            turned = np.corrcoef(before[..., 0].ravel(), after[..., 0].ravel())[0, 1] < 0
            kinds.add((same, flipped, bool(turned)))
            assert across > 0
    # As it was; mirrored; another shape; mirrored in another shape.
    assert kinds == {
        (True, False, False),
        (False, True, True),
        (False, False, False),
        (False, False, True),
    }


def test_one_lamp_lights_all_frames_of_a_sample(rng: np.random.Generator) -> None:
    pictures = torch.full((12, 3, 3, 40, 40), 0.3)
    lit = relight_faces(pictures, rng)
    level = lit.flatten(2).median(dim=2).values  # (samples, frames)
    assert level.std(dim=1).max() < 0.04
    assert level.mean(dim=1).std() > 0.04
    assert lit.min() >= 0
    assert lit.max() <= 1
    assert pictures.min() == pictures.max() == np.float32(0.3)


def test_noise_is_another_one_in_each_frame(rng: np.random.Generator) -> None:
    lit = relight_faces(torch.full((8, 4, 3, 40, 40), 0.5), rng)
    assert lit.shape == (8, 4, 3, 40, 40)
    # Light rises evenly, so what is left of both differences together is noise, twice over.
    grain = lit.diff(dim=3).diff(dim=4).flatten(2)
    assert 0.002 < float(grain.std()) / 2 < 0.01
    alike = torch.corrcoef(grain[int(grain.std(dim=(1, 2)).argmax())])
    assert alike[~torch.eye(4, dtype=torch.bool)].abs().max() < 0.2


def test_lots_are_drawn_from_the_generator_alone() -> None:
    pictures = torch.rand(2, 2, 3, 24, 24)
    one, same, other = (relight_faces(pictures, np.random.default_rng(s)) for s in (1, 1, 2))
    assert torch.equal(one, same)
    assert not torch.equal(one, other)
