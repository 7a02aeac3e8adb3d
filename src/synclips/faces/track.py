"""One face over time: landmarks of a whole clip, its gaps, its cuts, and what follows from them.

A `FaceTrack` is what a tracker saw, short gaps bridged and cut into segments that show one
uninterrupted face. A `Segment` adds what needs all frames of it at once: smooth head pose, lips in
the canonical frame, the person's closed mouth. Landmarks are computed once per clip; of pictures
no more is read than how the face looks, which tells of cuts.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from synclips.faces.box import Box
from synclips.faces.dissolves import Dissolves
from synclips.faces.landmarks import EYE_CORNERS, JAW_SLOTS, KEPT, MOUTH, RIGID_SLOTS
from synclips.faces.look import ANOTHER, DIFFERENT, apart, is_new_scene, look_of, scene_of
from synclips.faces.pose import Pose, fit_pose, own_template, smooth, smooth_pose
from synclips.faces.region import Region
from synclips.faces.shape import LipShape
from synclips.faces.tracker import FaceTracker
from synclips.media.spool import Rows, Spool
from synclips.media.video import Frame

Array = NDArray[np.float32]

# Frames: a face lost for as few, a fifth of a second of 25 per second, is still there (a blink of
# the tracker).
BRIDGED_GAP = 5
# Eye distances per frame: no head moves that far between two frames, so the picture was cut.
CUT_JUMP = 0.6
CUT_ZOOM = 1.25
# Frames (standard deviation). The pose rests on 35 points, so little smoothing does; lips are
# smoothed less than the shortest closure lasts.
POSE_SIGMA = 1.0
LIP_SIGMA = 0.6
# What the basis cannot express (tracker bias on a turned head) changes slowly with the pose.
BIAS_SIGMA = 5.0
# Of the points of the jaw, which run from ear to ear by the chin, how much each is at a side. Those
# slide along the outline of a turning head, and lips drawn by a slide would drag the cheek out.
_SIDES = np.clip((np.abs(np.arange(len(JAW_SLOTS)) - len(JAW_SLOTS) // 2) - 1) / 3, 0, 1).astype(
    np.float32
)
# Frames looked at together, and frames to either side that smoothing needs.
LONGEST_STRETCH = 1500
_MARGIN = 16
_SAMPLED = 1000


@dataclass(frozen=True, eq=False)
class FaceTrack:
    """Landmarks of one face in every frame of a clip.

    Attributes:
        times: N timestamps in seconds, from the container.
        points: (N, P, 3) pixels, NaN where no face is; on disk, since they grow with the video.
        segments: runs of frames that show one face without a cut, in order.
        people: a part of the picture for each of the faces seen at once, where that was looked for.
        region: the part in which alone the face was looked for.
        shares: (N,) how much of another mouth each frame may show, 0 where the person only listens;
            None for all of it everywhere.
        framed: (N,) the same where the mouth comes into the picture or leaves it, 0 where it is not
            whole; None for all of it everywhere.
        area: what of the pictures is no bar at a border; None for all of them.
        dissolves: frames that show something of two shots.
    """

    times: tuple[Fraction, ...]
    points: Rows
    segments: tuple[slice, ...]
    people: tuple[Region, ...] = ()
    region: Region | None = None
    shares: Array | None = None
    framed: Array | None = None
    area: Box | None = None
    dissolves: tuple[slice, ...] = ()

    def __len__(self) -> int:
        return len(self.times)

    @property
    def shown(self) -> NDArray[np.bool_]:
        """Which frames show a face, (N,)."""
        shown = np.zeros(len(self), bool)
        for run in self.segments:
            shown[run] = True
        return shown

    def listens(self, frame: int) -> bool:
        """Whether the person of a frame only listens."""
        return self.shares is not None and self.shares[frame] == 0

    @property
    def speaking(self) -> NDArray[np.bool_] | None:
        """Which frames show lips that speak, and whole, (N,); None where all may do."""
        told = [shares > 0 for shares in (self.shares, self.framed) if shares is not None]
        return np.logical_and.reduce(told) if told else None

    def share(self, frame: int) -> float:
        """How much of another mouth a frame may show."""
        return min(
            1.0 if shares is None else float(shares[frame]) for shares in (self.shares, self.framed)
        )

    @property
    def face_count(self) -> int:
        """Number of frames that show a face."""
        return sum(part.stop - part.start for part in self.segments)


@dataclass(frozen=True, eq=False)
class Stretch:
    """At most `LONGEST_STRETCH` frames of one segment, and what is known of the person in it.

    Long segments are looked at in stretches, so that memory does not grow with the video.

    Attributes:
        frames: where the stretch lies in the clip.
        run: where the whole segment lies.
        own: (P, 3) the person's own mean face.
        neutral: (P, 3) the person's face with the mouth closed.
    """

    frames: slice
    run: slice
    own: Array
    neutral: Array


@dataclass(frozen=True, eq=False)
class Segment:
    """A stretch of frames of one face, with its head pose taken out.

    Attributes:
        frames: where the run lies in the clip.
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


def track_faces(
    frames: Iterable[Frame],
    tracker: FaceTracker,
    progress: Callable[[int], None] | None = None,
) -> FaceTrack:
    """Run a tracker over the frames of one clip, in order.

    Args:
        frames: the clip; each frame is dropped as soon as it was looked at.
        tracker: finds the face in one frame.
        progress: called with the number of frames done.
    """
    times: list[Fraction] = []
    assembly, dissolves = _Assembly(), Dissolves()
    scene: Array | None = None
    for frame in frames:
        # Landmarks do not depend on the last level of a colour.
        image = frame.picture.draft()
        points = tracker.find(image)
        look = None if points is None else look_of(image, points)
        before, scene = scene, scene_of(image)
        assembly.add(points, look, before is not None and is_new_scene(scene, before))
        dissolves.add(frame.time, scene, look, points)
        times.append(frame.time)
        if progress is not None:
            progress(len(times))
    return replace(assembly.finish(times), dissolves=tuple(dissolves.spans))


def assemble_track(times: Iterable[Fraction], points: Rows) -> FaceTrack:
    """Bridge short gaps in (N, P, 3) landmarks (NaN where missing) and find the segments."""
    assembly = _Assembly()
    for index in range(len(points)):
        assembly.add(points[index])
    return assembly.finish(times)


class _Assembly:
    """Landmarks on their way to a track; whether a gap is bridged is known when it ends."""

    def __init__(self) -> None:
        self._points = Spool((len(KEPT), 3))
        self._segments: list[slice] = []
        self._start = 0
        self._last: Array | None = None
        self._look: Array | None = None
        self._gap = 0

    def add(
        self, points: Array | None, look: Array | None = None, is_new_scene: bool = False
    ) -> None:
        """The next frame; None or NaN without a face. How it looks also tells of cuts."""
        if points is None or np.isnan(points).any():
            self._gap += 1
            return
        if self._gap:
            self._end_gap(points, look)
        if self._last is None:
            self._start = len(self._points)
        elif self._is_cut(self._last, points, look, 1, DIFFERENT if is_new_scene else ANOTHER):
            self._segments.append(slice(self._start, len(self._points)))
            self._start = len(self._points)
        self._points.append(points[None])
        self._last, self._look = points, look

    def _is_cut(
        self,
        before: Array,
        after: Array,
        look: Array | None,
        span: int,
        another: float = ANOTHER,
    ) -> bool:
        """Whether what comes `span` frames later can not be the same uncut head."""
        if look is not None and self._look is not None and apart(look, self._look) > another:
            return True
        return _is_jump(before, after, span)

    def _end_gap(self, after: Array, look: Array | None) -> None:
        before, span = self._last, self._gap + 1
        if before is None or self._gap > BRIDGED_GAP or self._is_cut(before, after, look, span):
            self._lose()
            return
        self._gap = 0
        for step in range(1, span):
            between = (1 - step / span) * before + step / span * after
            self.add(between.astype(np.float32), self._look)

    def _lose(self) -> None:
        if self._last is not None:
            self._segments.append(slice(self._start, len(self._points)))
        self._last = self._look = None
        missing = np.full((1, len(KEPT), 3), np.nan, np.float32)
        for _ in range(self._gap):
            self._points.append(missing)
        self._gap = 0

    def finish(self, times: Iterable[Fraction]) -> FaceTrack:
        """The track of all frames added."""
        self._lose()
        return FaceTrack(tuple(times), self._points, tuple(self._segments))


def find_stretches(track: FaceTrack, shape: LipShape) -> list[Stretch]:
    """Cut the segments of a track into stretches that share what is known of their person."""
    stretches = []
    for run in track.segments:
        count = run.stop - run.start
        # The person's face is a mean; more frames than these do not change it.
        some = run.start + np.linspace(0, count - 1, min(count, _SAMPLED)).astype(int)
        seen = track.points[some]
        own = own_template(seen, shape.template)
        neutral = shape.neutral(fit_pose(seen, own).invert(seen))
        parts = -(-count // LONGEST_STRETCH)
        for part in range(parts):
            start, stop = (run.start + count * (part + k) // parts for k in (0, 1))
            stretches.append(Stretch(slice(start, stop), run, own, neutral))
    return stretches


def analyse_stretch(track: FaceTrack, stretch: Stretch, shape: LipShape) -> Segment:
    """Pose, canonical lips and their coefficients for one stretch of a track."""
    first = max(stretch.frames.start - _MARGIN, stretch.run.start)
    last = min(stretch.frames.stop + _MARGIN, stretch.run.stop)
    seen = track.points[first:last]
    flat = (len(seen), -1)
    fitted = fit_pose(seen, stretch.own)
    # Smoothed with the head held still, or a quick head would drag the lips out of place.
    canonical = smooth(fitted.invert(seen).reshape(flat), LIP_SIGMA).reshape(seen.shape)
    points = fitted.apply(canonical)
    pose = smooth_pose(fitted, POSE_SIGMA)
    motion = canonical[:, MOUTH] - stretch.neutral[MOUTH]
    coefficients = shape.encode(motion)
    residual = motion - shape.decode(coefficients)
    bias = smooth(residual.reshape(flat), BIAS_SIGMA).reshape(residual.shape)
    inside = slice(stretch.frames.start - first, stretch.frames.stop - first)
    return Segment(
        stretch.frames,
        points[inside],
        pose[inside],
        canonical[inside],
        stretch.neutral,
        coefficients[inside],
        bias[inside],
    )


def analyse(track: FaceTrack, shape: LipShape) -> Iterator[Segment]:
    """All stretches of a track in order, each computed when it is asked for."""
    for stretch in find_stretches(track, shape):
        yield analyse_stretch(track, stretch, shape)


def _is_jump(before: Array, after: Array, span: int) -> bool:
    """Whether a head moves farther between two frames, `span` frames apart, than it can."""
    size = float(np.linalg.norm(before[EYE_CORNERS[1]] - before[EYE_CORNERS[0]]))
    size_after = float(np.linalg.norm(after[EYE_CORNERS[1]] - after[EYE_CORNERS[0]]))
    jump = np.linalg.norm((after - before)[RIGID_SLOTS, :2].mean(axis=0)) / max(size, 1e-6)
    zoom = max(size, size_after) / max(min(size, size_after), 1e-6)
    return bool(jump > CUT_JUMP * span or zoom > CUT_ZOOM**span)
