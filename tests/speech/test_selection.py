import numpy as np

from synclips.speech.selection import select_frames


def units(count: int, seed: int = 0) -> np.ndarray:
    rows = np.random.default_rng(seed).normal(size=(count, 12))
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_finds_the_frames_themselves() -> None:
    inventory = units(200)
    voiced = np.ones(200, bool)
    follows = np.arange(200) > 0
    wanted = inventory[40:70]
    chosen = select_frames(wanted, voiced[40:70], inventory, voiced, follows)
    assert chosen.tolist() == list(range(40, 70))


def test_of_equals_the_one_that_was_spoken_next_is_taken() -> None:
    run = units(10)
    apart = np.concatenate([run[[5, 2, 7]], units(50, 1), run])  # the run, and parts out of order
    follows = np.ones(len(apart), bool)
    follows[[0, 1, 2, 3, 53]] = False
    voiced = np.ones(len(apart), bool)
    chosen = select_frames(run, voiced[:10], apart, voiced, follows)
    assert chosen.tolist() == list(range(53, 63))


def test_voiced_frames_are_taken_for_voiced() -> None:
    inventory = np.concatenate([units(30), units(30)])
    voiced = np.arange(60) < 30
    wanted_voiced = np.arange(30) < 15
    follows = np.arange(60) % 15 > 0
    chosen = select_frames(units(30), wanted_voiced, inventory, voiced, follows)
    assert chosen.tolist() == [*range(15), *range(45, 60)]


def test_an_inventory_may_be_smaller_than_the_choice() -> None:
    inventory = units(3)
    one = np.ones(3, bool)
    chosen = select_frames(inventory[[2, 0]], one[:2], inventory, one, np.zeros(3, bool))
    assert chosen.tolist() == [2, 0]
