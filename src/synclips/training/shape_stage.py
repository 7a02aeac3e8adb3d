"""Stage: the space of lip shapes, learnt over many people, each weighing the same."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from safetensors.numpy import save

from synclips.corpus.clips import Clip
from synclips.corpus.prepared import load_prepared
from synclips.errors import ConfigError
from synclips.faces.pose import fit_pose, own_template
from synclips.faces.shape import LipShape, learn_shape, mean_face
from synclips.media.partial import make_folder, write_whole

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


def save_shape(shape: LipShape, file: Path) -> None:
    """Write it, with the folder it lies in.

    Raises:
        OutputError: it cannot be written.
    """
    make_folder(file.parent)
    write_whole(file, save(shape.arrays()))
