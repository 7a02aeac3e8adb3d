"""Stage: the space of lip shapes, learnt over many people, each weighing the same.

WORK/shape.safetensors   mean face and basis
WORK/shape.json          what decided them
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save

from synclips.corpus.claim import check_claim, write_claim
from synclips.corpus.clips import Clip
from synclips.corpus.prepared import SHAPE, load_prepared, load_shape
from synclips.errors import ConfigError
from synclips.faces.pose import fit_pose, own_template
from synclips.faces.shape import LipShape, learn_shape, mean_face
from synclips.media.partial import make_folder, write_whole

_WISH = "shape.json"
_SHORTEST = 25  # frames


def shape_of_people(clips: Sequence[Clip], prepared: Path, most: int, size: int) -> LipShape:
    """Mean face and basis of lip motion.

    Args:
        clips: of the people.
        prepared: the corpus they are prepared in.
        most: clips of one person that are looked at.
        size: components of lip motion.

    Raises:
        ConfigError: no clip shows a face.
    """
    by_person: dict[str, list[Clip]] = {}
    for clip in clips:
        of_person = by_person.setdefault(f"{clip.corpus}/{clip.person}", [])
        if len(of_person) < most:
            of_person.append(clip)
    people = []
    for chosen in by_person.values():
        seen = [
            item.track.points[part]
            for item in load_prepared(chosen, prepared)
            for part in item.track.runs
            if part.stop - part.start >= _SHORTEST
        ]
        if seen:
            people.append(seen)
    if not people:
        raise ConfigError("No clip of a trained speaker shows a face; check --data.")
    template = mean_face(np.concatenate([part[::10] for seen in people for part in seen]))
    canonical = [
        [fit_pose(part, own_template(part, template)).invert(part) for part in seen]
        for seen in people
    ]
    return learn_shape(canonical, template, size)


def save_shape(shape: LipShape, folder: Path, wish: Mapping[str, Any]) -> None:
    """Write it, after what decided it.

    Args:
        shape: what was learnt.
        folder: where to; made with those it lies in.
        wish: plain values that decide the shape.

    Raises:
        OutputError: it cannot be written.
    """
    make_folder(folder)
    write_claim(folder / _WISH, wish)
    write_whole(folder / SHAPE, save(shape.arrays()))


def learnt_shape(folder: Path, wish: Mapping[str, Any], size: int) -> LipShape:
    """What `save_shape` left.

    Args:
        folder: where it is.
        wish: see `save_shape`; one that an older version left without is taken at its word.
        size: components that it must have.

    Raises:
        ConfigError: it was learnt for another wish, or has another size.
        InputError: it is missing or damaged.
    """
    file = folder / SHAPE
    if (folder / _WISH).exists():
        check_claim(folder / _WISH, wish, file, "a lip shape")
    shape = load_shape(folder)
    if shape.size != size:
        raise ConfigError(
            f"{file} holds a lip shape of size {shape.size}, not {size}; set shape.size back, or"
            " remove the file."
        )
    return shape
