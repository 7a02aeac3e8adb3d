from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from synclips.corpus import heard
from synclips.corpus.augment_sound import WaveAugmentation
from synclips.corpus.heard import Forms, Heard, cut_out, hear_sources, load_heard
from synclips.corpus.phone_files import pack_speech, speech_sources
from synclips.errors import ConfigError, InputError
from synclips.features.loudness import loudness_gain
from synclips.hearing.hearing import hear
from synclips.models.speech_encoder import FEATURES

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Humming:
    """Sounds of one second and a half that swell."""

    name: str
    forms: int
    sounds: int = 1
    digest: str = "hum"

    def read(self) -> list[Array]:
        time = np.arange(24_000) / 16_000
        buzz = sum(np.sin(2 * np.pi * 130 * k * time) / k for k in range(1, 10))
        return [(0.05 * buzz * time * (i + 1)).astype(np.float32) for i in range(self.sounds)]


def test_the_first_form_is_the_sound_as_it_is_and_the_others_are_not(tmp_path: Path) -> None:
    source = Humming("hum", 3, sounds=2)
    hear_sources(tmp_path, [source], Forms(), workers=0)
    heard = load_heard(tmp_path, "hum")
    assert heard.rows.shape == (3, 2 * 76, FEATURES) and heard.moved.shape == (3, 152)
    for sound, part in zip(source.read(), (heard.part(0, 76), heard.part(76, 152)), strict=True):
        plain = hear(sound, loudness_gain(sound))
        np.testing.assert_allclose(part.rows[0], plain, rtol=2e-3, atol=2e-3)
        assert np.abs(part.rows[1] - plain).mean() > 0.01
        assert np.abs(part.rows[2] - part.rows[1]).mean() > 0.01
    assert (heard.moved[0] == 1).all()


def test_what_was_heard_is_not_heard_again_and_new_sounds_join(tmp_path: Path) -> None:
    done: list[tuple[int, int]] = []

    def tell(count: int, total: int) -> None:
        done.append((count, total))

    hear_sources(tmp_path, [Humming("a", 2)], Forms(), 0, tell)
    before = (tmp_path / "a.npy").read_bytes()
    hear_sources(tmp_path, [Humming("a", 2), Humming("b", 2)], Forms(), 0, tell)
    assert done == [(1, 1), (1, 1)]
    assert (tmp_path / "a.npy").read_bytes() == before


def test_other_sounds_of_that_name_are_heard_again(tmp_path: Path) -> None:
    done: list[tuple[int, int]] = []

    def tell(count: int, total: int) -> None:
        done.append((count, total))

    one, other = Humming("a", 2), Humming("a", 2, digest="late")
    hear_sources(tmp_path, [one, Humming("b", 2)], Forms(), 0)
    hear_sources(tmp_path, [other, Humming("b", 2)], Forms(), 0, tell)
    hear_sources(tmp_path, [other, Humming("b", 2)], Forms(), 0, tell)
    assert done == [(1, 1)]
    # An older version did not say which sounds they were.
    (tmp_path / "b.of").unlink()
    hear_sources(tmp_path, [other, Humming("b", 2)], Forms(), 0, tell)
    assert done == [(1, 1)] * 2


def test_the_digest_of_speech_is_of_its_sound(tmp_path: Path) -> None:
    file, labels = tmp_path / "a.npz", np.zeros(76, np.uint8)
    digests = []
    for level, label in ((1000, 0), (1000, 1), (2000, 0)):
        sound = np.full(24_000, level, np.int16)
        file.write_bytes(pack_speech("toy/x", [labels + np.uint8(label)], [sound]))
        digests.append(speech_sources(tmp_path, 2)[0].digest)
    assert digests[0] == digests[1] != digests[2]
    source = speech_sources(tmp_path, 2)[0]
    file.write_bytes(b"PK")
    with pytest.raises(InputError, match="damaged .*; remove it and run stage speech again"):
        _ = source.digest


def test_processes_hear_the_same(tmp_path: Path) -> None:
    sound = np.rint(8000 * Humming("x", 2).read()[0]).astype(np.int16)
    labels = np.zeros(76, np.uint8)
    for name in ("a", "b"):
        (tmp_path / f"{name}.npz").write_bytes(pack_speech("toy/x", [labels], [sound]))
    for folder, workers in (("one", 0), ("two", 2)):
        hear_sources(tmp_path / folder, speech_sources(tmp_path, 2), Forms(), workers)
    for name in ("a", "b"):
        one, two = (load_heard(tmp_path / folder, name) for folder in ("one", "two"))
        np.testing.assert_allclose(one.rows, two.rows, atol=0.05)
        np.testing.assert_array_equal(one.moved, two.moved)


def test_other_forms_and_damage_are_one_sentence(tmp_path: Path) -> None:
    hear_sources(tmp_path, [Humming("a", 2)], Forms(), 0)
    with pytest.raises(ConfigError, match=r"sounds as they are heard of other .*\(cut differ"):
        hear_sources(tmp_path, [Humming("a", 2)], replace(Forms(), cut=0.1), 0)
    (tmp_path / "a.npy").write_bytes(b"\x93NUMPY")
    for name in ("a", "never"):
        with pytest.raises(InputError, match=r"missing or damaged .*run stage hear again"):
            load_heard(tmp_path, name)


def test_a_process_that_ends_is_told_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def dying(workers: int) -> Iterator[Any]:
        def each(job: Any, sources: Any) -> Iterator[None]:
            yield job(sources[0])
            raise BrokenProcessPool

        yield each

    sources = [Humming("a", 2), Humming("b", 2)]
    monkeypatch.setattr(heard, "_mapping", dying)
    with pytest.raises(ConfigError, match="has ended, .*with fewer --workers"):
        hear_sources(tmp_path, sources, Forms(), 2)
    monkeypatch.undo()
    hear_sources(tmp_path, sources, Forms(), 0)
    assert len(load_heard(tmp_path, "a")) == len(load_heard(tmp_path, "b")) == 76


@pytest.mark.parametrize(("seconds", "forms"), [(0.0, 9), (10.0, 9), (40.0, 4), (3000.0, 2)])
def test_who_says_little_is_heard_in_more_forms(seconds: float, forms: int) -> None:
    assert Forms().of(seconds) == forms


def test_lips_rest_where_a_stretch_was_cut_out() -> None:
    cuts = [cut_out(np.ones(48_000, np.float32), np.random.default_rng(i)) for i in range(30)]
    for sound, lips in cuts:
        assert len(sound) == 48_000 and len(lips) == 151
        level = np.interp(np.arange(151) * 320, np.arange(48_000), sound)
        assert (level[lips < 0.5] < 0.05).all()
        assert (level[lips == 1] > 0.05).mean() > 0.9 or not (lips == 1).any()
        quiet = np.flatnonzero(level == 0)
        assert len(quiet) > 20
        # Wherever it is quiet for long, lips are at rest, but near the ends of the stretch.
        assert lips[quiet[10:-10]].max(initial=0) == 0
    assert len({int((lips == 0).sum()) for _, lips in cuts}) > 10


def test_a_cut_is_heard_as_one(tmp_path: Path) -> None:
    calm = WaveAugmentation().only()
    how = Forms(cut=1.0, wave=calm)
    hear_sources(tmp_path, [Humming("a", 4)], how, 0)
    heard = load_heard(tmp_path, "a")
    away = heard.moved[1:] < 0.5
    assert away.any()
    distance = np.abs(heard.rows[1:].astype(np.float32) - heard.rows[0]).mean(axis=2)
    assert distance[away].mean() > distance[~away].mean()


def test_what_is_drawn_is_of_the_instants_asked_for(rng: np.random.Generator) -> None:
    rows = np.repeat(np.arange(50, dtype=np.float16)[None, :, None], FEATURES, axis=2)
    heard = Heard(rows, np.ones((1, 50), np.float16))
    for instants in (np.arange(10, 20), 3.5 + 1.2 * np.arange(20), np.arange(-5, 60.0)):
        drawn, moved = heard.draw(instants, rng)
        inside = (instants >= 0) & (instants <= 49)
        np.testing.assert_allclose(drawn[inside, 3], instants[inside], atol=1e-3)
        assert (moved == 1).all()
    outside, _ = heard.draw(np.arange(80.0, 90.0), rng)
    assert np.ptp(outside, axis=0).max() == 0, "silence"
