"""Changes to a run of aligned crops: how the head sits in the crop, its light, lens and file.

One camera and one lamp for the whole run: what is drawn once holds for all of its frames, and only
what trembles in a video (tracking, exposure, noise) differs from frame to frame. Landmarks move
with the picture. Lips and sound are not touched, so motion stays true.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from synclips.corpus.augmentation import Augmentation, require_positive
from synclips.errors import ConfigError
from synclips.faces.crop import transform

Array = NDArray[np.float32]

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601
_MOVES = ("rotation", "placement", "jitter")


@dataclass(frozen=True)
class PictureAugmentation(Augmentation):
    """Which changes a run of pictures goes through, how often and how strongly, in this order.

    Attributes:
        rotation_probability: Share of runs turned about the middle.
        rotation_degrees: Largest angle, either way.
        placement_probability: Share of runs moved and resized.
        placement_shift: Largest shift along each axis, in sides of the crop.
        placement_scale: Largest relative change of size.
        jitter_probability: Share of runs whose crop trembles.
        jitter_shift: Standard deviation from frame to frame, in sides of the crop.
        flip_probability: Share of runs mirrored, left to right.
        light_probability: Share of runs in other light.
        light_gain: Standard deviation of the exposure, natural logarithm; a tenth of it from frame
            to frame.
        light_gamma: Standard deviation of the contrast, natural logarithm of the exponent.
        light_slope: Standard deviation of the rise of light from one side to the other.
        colour_probability: Share of runs in other colours.
        colour_cast: Standard deviation of each channel's gain, natural logarithm.
        colour_saturation: Largest relative change of saturation.
        blur_probability: Share of runs out of focus.
        blur_radius: Largest standard deviation of the blur, in sides of the crop.
        noise_probability: Share of runs with noise of the sensor.
        noise_level: Its largest standard deviation, white being 1.
        jpeg_probability: Share of runs that were compressed, each frame for itself.
        jpeg_quality: Lowest quality, 1 to 95; the highest is 95.
    """

    rotation_probability: float = 0.5
    rotation_degrees: float = 8.0
    placement_probability: float = 0.5
    placement_shift: float = 0.03
    placement_scale: float = 0.06
    jitter_probability: float = 0.5
    jitter_shift: float = 0.003
    flip_probability: float = 0.5
    light_probability: float = 0.8
    light_gain: float = 0.15
    light_gamma: float = 0.15
    light_slope: float = 0.12
    colour_probability: float = 0.5
    colour_cast: float = 0.08
    colour_saturation: float = 0.25
    blur_probability: float = 0.2
    blur_radius: float = 0.012
    noise_probability: float = 0.5
    noise_level: float = 0.02
    jpeg_probability: float = 0.25
    jpeg_quality: int = 35

    def __post_init__(self) -> None:
        super().__post_init__()
        strengths = ("rotation_degrees", "placement_shift", "placement_scale", "jitter_shift")
        require_positive(self, *strengths, "light_gain", "light_gamma", "light_slope")
        require_positive(self, "colour_cast", "colour_saturation", "blur_radius", "noise_level")
        if self.placement_scale >= 1 or not 1 <= self.jpeg_quality <= 95:
            raise ConfigError(
                "PictureAugmentation: placement_scale must be below 1 and jpeg_quality 1 to 95."
            )


def augment_run(
    pictures: Array, points: Array, how: PictureAugmentation, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Change consecutive crops of one clip in the same way.

    Mirroring does not exchange left and right landmarks: point p stays on the spot of skin it was
    on. Beyond the edges pictures are reflected.

    Args:
        pictures: (T, S, S, 3) RGB in [0, 1].
        points: (T, P, 2) landmarks in crop pixels, whose centres are whole numbers.
        how: The kinds and their strengths.
        rng: The only source of chance.

    Returns:
        Both, changed; the same arrays where nothing happens.
    """
    chosen = dict(how.draw(rng))
    if "flip" in chosen:
        pictures, points = mirror(pictures, points)
    if any(kind in chosen for kind in _MOVES):
        pictures, points = move(pictures, points, _draw_moves(pictures, how, chosen))
    for kind, dice in chosen.items():
        if kind not in _MOVES and kind != "flip":
            pictures = np.clip(_change(pictures, kind, how, dice), 0, 1)
    return pictures, points


def _draw_moves(
    pictures: Array, how: PictureAugmentation, chosen: dict[str, np.random.Generator]
) -> NDArray[np.float64]:
    """Affine maps from old to new crop pixels, (T, 2, 3), that all kinds together make."""
    frames, size = pictures.shape[:2]
    angle, scale, shift = 0.0, 1.0, np.zeros((frames, 2))
    if (rng := chosen.get("rotation")) is not None:
        angle = float(np.radians(rng.uniform(-how.rotation_degrees, how.rotation_degrees)))
    if (rng := chosen.get("placement")) is not None:
        scale = float(1 + rng.uniform(-how.placement_scale, how.placement_scale))
        shift += rng.uniform(-how.placement_shift, how.placement_shift, size=2) * size
    if (rng := chosen.get("jitter")) is not None:
        shift += rng.normal(size=(frames, 2)) * how.jitter_shift * size
    cos, sin = np.cos(angle) * scale, np.sin(angle) * scale
    linear = np.array([[cos, -sin], [sin, cos]])
    middle = np.full(2, (size - 1) / 2)
    affine = np.empty((frames, 2, 3))
    affine[..., :2] = linear
    affine[..., 2] = middle - linear @ middle + shift
    return affine


def _change(
    pictures: Array, kind: str, how: PictureAugmentation, rng: np.random.Generator
) -> Array:
    frames, size = pictures.shape[:2]
    match kind:
        case "light":
            level, gamma = rng.normal(size=2) * (how.light_gain, how.light_gamma)
            drift = rng.normal(size=frames) * how.light_gain / 10
            slope = rng.normal(size=2) * how.light_slope
            return relight(pictures, np.exp(level + drift), float(np.exp(gamma)), slope)
        case "colour":
            cast = np.exp(rng.normal(size=3) * how.colour_cast)
            saturation = 1 + rng.uniform(-how.colour_saturation, how.colour_saturation)
            return recolour(pictures, cast, float(saturation))
        case "blur":
            return blur(pictures, float(rng.uniform(0, how.blur_radius)) * size)
        case "noise":
            level = np.float32(rng.uniform(0, how.noise_level))
            return pictures + rng.standard_normal(pictures.shape, np.float32) * level
        case "jpeg":
            return compress(pictures, int(rng.integers(how.jpeg_quality, 96)))
    raise AssertionError(f"nothing is written for {kind}")


def mirror(pictures: Array, points: Array) -> tuple[Array, Array]:
    """Exchange left and right of pictures (T, S, S, 3) and points (T, P, 2)."""
    points = points.copy()
    points[..., 0] = pictures.shape[2] - 1 - points[..., 0]
    return np.ascontiguousarray(pictures[:, :, ::-1]), points


def move(pictures: Array, points: Array, affine: NDArray[np.float64]) -> tuple[Array, Array]:
    """Carry each picture and its points through an affine map (T, 2, 3) of pixels."""
    size = pictures.shape[2], pictures.shape[1]
    moved = np.empty_like(pictures)
    for picture, matrix, target in zip(pictures, affine, moved, strict=True):
        cv2.warpAffine(
            picture, matrix, size, target, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT
        )
    return np.clip(moved, 0, 1, out=moved), transform(points, affine)


def relight(
    pictures: Array,
    gain: NDArray[np.float64],
    gamma: float,
    slope: NDArray[np.float64],
) -> Array:
    """Expose each frame by a gain (T,), after an exponent, under light that rises by a slope (2,).

    The slope is what light gains from the middle to the lower and to the right edge.
    """
    axis = np.linspace(-1, 1, pictures.shape[1])
    light = 1 + slope[0] * axis[:, None] + slope[1] * axis
    factor = (gain[:, None, None] * light).astype(np.float32)
    return np.asarray(cv2.pow(pictures, gamma) * factor[..., None], np.float32)


def recolour(pictures: Array, cast: NDArray[np.float64], saturation: float) -> Array:
    """Multiply the distance from grey by the saturation, then each channel by the cast (3,)."""
    mixing = saturation * np.eye(3) + (1 - saturation) * _LUMA
    flat = pictures.reshape(-1, pictures.shape[2], 3)
    return np.asarray(cv2.transform(flat, cast[:, None] * mixing), np.float32).reshape(
        pictures.shape
    )


def blur(pictures: Array, radius: float) -> Array:
    """Blur by a Gaussian with a standard deviation of `radius` pixels."""
    if radius < 0.1:
        return pictures
    return np.stack([cv2.GaussianBlur(picture, (0, 0), radius) for picture in pictures])


def compress(pictures: Array, quality: int) -> Array:
    """What is left of each picture after JPEG of a quality from 1 to 100."""
    result = np.empty_like(pictures)
    for picture, target in zip(pictures, result, strict=True):
        plain = np.round(picture[..., ::-1] * 255).astype(np.uint8)
        _, data = cv2.imencode(".jpg", plain, [cv2.IMWRITE_JPEG_QUALITY, quality])
        target[:] = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR))[..., ::-1]
    return result / np.float32(255)
