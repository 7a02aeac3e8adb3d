"""What the frames of one face tell together: its head pose, and its lips in the canonical frame.

A run of a track is looked at in stretches. Of each all frames are needed at once: smooth head
pose, lips with the head held still, the person's closed mouth. Reads no pictures.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from synclips.faces.landmarks import JAW_SLOTS, MOUTH
from synclips.faces.pose import Pose, fit_pose, own_template, smooth, smooth_pose
from synclips.faces.shape import LipShape
from synclips.faces.track import FaceTrack

Array = NDArray[np.float32]

# Seconds (standard deviation). The pose rests on 35 points, so little smoothing does; lips are
# smoothed less than the shortest closure lasts.
_POSE_SIGMA = 0.04
_LIP_SIGMA = 0.024
# What the basis cannot express (tracker bias on a turned head) changes slowly with the pose.
_BIAS_SIGMA = 0.2
# Of the points of the jaw, which run from ear to ear by the chin, how much each is at a side. Those
# slide along the outline of a turning head, and lips drawn by a slide would drag the cheek out.
_SIDES = np.clip((np.abs(np.arange(len(JAW_SLOTS)) - len(JAW_SLOTS) // 2) - 1) / 3, 0, 1).astype(
    np.float32
)
# Frames looked at together, and seconds to either side that smoothing needs.
LONGEST_STRETCH = 1500
_MARGIN = 3.2 * _BIAS_SIGMA
_SAMPLED = 1000


@dataclass(frozen=True, eq=False)
class Stretch:
    """At most `LONGEST_STRETCH` frames of one run, and what is known of the person in it.

    Long runs are looked at in stretches, so that memory does not grow with the video.

    Attributes:
        track: of the clip.
        shape: the space of the lips.
        frames: where the stretch lies in the clip.
        run: where the whole run lies.
        own: (P, 3) the person's own mean face.
        neutral: (P, 3) the person's face with the mouth closed.
    """

    track: FaceTrack
    shape: LipShape
    frames: slice
    run: slice
    own: Array
    neutral: Array

    def analysed(self) -> "Segment":
        """Pose, canonical lips and their coefficients."""
        times = self.track.times
        margin = math.ceil(_MARGIN * _rate(times[self.frames]))
        first = max(self.frames.start - margin, self.run.start)
        last = min(self.frames.stop + margin, self.run.stop)
        # Of frames that repeat a picture one is looked at: over steps nothing can be smoothed.
        pictures = self.track.pictures
        shown = np.arange(first, last) if pictures is None else pictures[first:last]
        _, once, picture = np.unique(shown, return_index=True, return_inverse=True)
        rate = _rate([times[first + frame] for frame in once])
        seen = self.track.points[first:last][once]
        flat = (len(seen), -1)
        fitted = fit_pose(seen, self.own)
        # Smoothed with the head held still, or a quick head would drag the lips out of place.
        canonical = smooth(fitted.invert(seen).reshape(flat), _LIP_SIGMA * rate).reshape(seen.shape)
        points = fitted.apply(canonical)
        pose = smooth_pose(fitted, _POSE_SIGMA * rate)
        motion = canonical[:, MOUTH] - self.neutral[MOUTH]
        coefficients = self.shape.encode(motion)
        residual = motion - self.shape.decode(coefficients)
        bias = smooth(residual.reshape(flat), _BIAS_SIGMA * rate).reshape(residual.shape)
        inside = picture[self.frames.start - first : self.frames.stop - first]
        return Segment(
            self.frames,
            points[inside],
            pose[inside],
            canonical[inside],
            self.neutral,
            coefficients[inside],
            bias[inside],
        )


@dataclass(frozen=True, eq=False)
class Segment:
    """A stretch of frames of one face, with its head pose taken out.

    Attributes:
        frames: where the stretch lies in the clip.
        points: (n, P, 3) pixels, lightly smoothed.
        pose: n smoothed head poses.
        canonical: (n, P, 3) the points with the head held still.
        neutral: (P, 3) the person's face with the mouth closed.
        coefficients: (n, K) lip shape in standard deviations of `LipShape`.
        bias: (n, M, 3) slow part of the mouth that the basis does not express.
    """

    frames: slice
    points: Array
    pose: Pose
    canonical: Array
    neutral: Array
    coefficients: Array
    bias: Array

    def __len__(self) -> int:
        return len(self.points)

    def target(self, index: NDArray[np.intp], coefficients: Array, shape: LipShape) -> Array:
        """Landmarks of some frames with other lips, posed with each frame's own head.

        Args:
            index: (B,) frames within the segment, any order, repeats allowed.
            coefficients: (B, K) the lip shape each of them shall have.
            shape: the space of `coefficients`.

        Returns:
            (B, P, 3) pixels; points that speech does not move stay where they were seen, and the
            sides of the jaw go from there as far as the lips pull them.
        """
        face = np.repeat(self.neutral[None], len(index), axis=0)
        face[:, MOUTH] += self.bias[index] + shape.decode(coefficients)
        pose, seen = self.pose[index], self.points[index]
        result = seen.copy()
        result[:, MOUTH] = pose.apply(face)[:, MOUTH]
        pull = shape.decode(shape.told_by_lips(coefficients - self.coefficients[index]))
        pulled = seen[:, JAW_SLOTS] + pose.turned(pull[:, JAW_SLOTS])
        result[:, JAW_SLOTS] += _SIDES[:, None] * (pulled - result[:, JAW_SLOTS])
        return result


def find_stretches(track: FaceTrack, shape: LipShape) -> list[Stretch]:
    """Cut the runs of a track into stretches that share what is known of their person."""
    stretches = []
    for run in track.runs:
        count = run.stop - run.start
        # The person's face is a mean; more frames than these do not change it.
        some = run.start + np.linspace(0, count - 1, min(count, _SAMPLED)).astype(int)
        seen = track.points[some]
        own = own_template(seen, shape.template)
        neutral = shape.neutral(fit_pose(seen, own).invert(seen))
        parts = -(-count // LONGEST_STRETCH)
        for part in range(parts):
            start, stop = (run.start + count * (part + k) // parts for k in (0, 1))
            stretches.append(Stretch(track, shape, slice(start, stop), run, own, neutral))
    return stretches


def analyse(track: FaceTrack, shape: LipShape) -> Iterator[Segment]:
    """All stretches of a track in order, each computed when it is asked for."""
    return map(Stretch.analysed, find_stretches(track, shape))


def _rate(times: Sequence[Fraction]) -> float:
    """Usual frames per second of some frames that follow each other."""
    if len(times) < 2:
        return 1.0
    return 1 / float(np.median(np.diff(np.array(times, np.float64))))
