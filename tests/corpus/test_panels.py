import numpy as np

from synclips.corpus.manifest import Word
from synclips.corpus.panels import (
    LINE,
    label_tile,
    mel_panel,
    wave_panel,
    with_landmarks,
    with_outline,
    word_panel,
)
from synclips.faces.landmarks import INNER, KEPT, OUTER
from synclips.features.mel import MelSpec, log_mel


def brightness(panel: np.ndarray) -> np.ndarray:
    return panel.astype(int).sum(axis=-1)


def test_mel_is_drawn_in_time_and_from_the_bottom() -> None:
    time = np.arange(16_000) / 16_000
    tone = np.where(time < 0.5, np.sin(2 * np.pi * 200 * time), np.sin(2 * np.pi * 4000 * time))
    panel = brightness(mel_panel(log_mel((0.1 * tone).astype(np.float32), MelSpec()), 200, 64))
    assert panel.shape == (64, 200)
    assert panel[:, 50].argmax() > 50, "a low tone lies low"
    assert panel[:, 150].argmax() < 20
    scale = [brightness(mel_panel(np.full((4, 8), level), 4, 8)).mean() for level in (-1.0, 1.0)]
    assert scale[0] < scale[1] - 100, "louder is brighter, also for steady sound"


def test_a_wave_spans_its_extremes() -> None:
    samples = np.zeros(1000, np.float32)
    samples[500:600] = np.tile([0.25, -0.125], 50)
    panel = wave_panel(samples, 100, 41)
    drawn = (panel != panel[0, 0]).any(axis=-1)
    assert np.flatnonzero(drawn[:, 10]).tolist() == [20]
    assert np.flatnonzero(drawn[:, 55]).tolist() == list(range(10, 26))
    assert drawn.any(axis=0).all()


def test_words_stand_where_they_are_said() -> None:
    panel = word_panel([Word("bin", 5, 15), Word("blue", 15, 30)], 50, 500)
    assert panel.shape == (LINE, 500, 3)
    paper = (panel == panel[0, 0]).all(axis=(0, 2))
    assert paper[:50].all()
    assert paper[300:].all()
    assert not paper[50:150].any(), "the frame of the word"
    written = np.flatnonzero((panel[6:18].max(axis=-1) < 100).any(axis=0))
    assert 50 < written.min() < 65, "its text begins at its beginning"
    assert ((written > 150) & (written < 200)).any()


def test_a_short_word_does_not_reach_into_the_next() -> None:
    panel = word_panel([Word("supercalifragilistic", 0, 2), Word("", 10, 11)], 50, 500)
    assert (panel[:, 20:100] == panel[0, 30]).all()


def test_landmarks_are_drawn_on_their_places() -> None:
    picture = np.zeros((40, 40, 3), np.uint8)
    points = np.full((len(KEPT), 2), 5, np.float32)
    around = np.linspace(0, 2 * np.pi, len(OUTER), endpoint=False)
    points[OUTER] = 20 + 8 * np.stack([np.cos(around), np.sin(around)], axis=-1)
    points[INNER] = 20
    drawn = with_landmarks(picture, points, 2)
    assert drawn.shape == (80, 80, 3)
    assert not picture.any()
    red, green, _ = drawn[10, 10].astype(int)
    assert green > red + 50, "a dot on (5, 5), enlarged"
    red, green, _ = drawn[40, 56].astype(int)  # the outer lip's right end
    assert red > green + 50
    lips_only = with_outline(picture, points)
    assert lips_only.shape == picture.shape
    assert not lips_only[5, 5].any()
    assert lips_only[20, 28].max() > 100


def test_labels_have_lines() -> None:
    tile = label_tile(("one", "two"), 60, 100)
    dark = (tile.max(axis=-1) < 120).any(axis=1)
    assert tile.shape == (100, 60, 3)
    assert dark[:LINE].any()
    assert dark[LINE : 2 * LINE].any()
    assert not dark[2 * LINE :].any()
