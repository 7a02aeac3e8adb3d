import numpy as np

from synclips.media.tape import Tape


def test_blocks_are_read_in_pieces_of_any_length():
    rows = np.arange(20, dtype=np.float32).reshape(2, 10)
    tape = Tape(iter([rows[:, :3], rows[:, :0], rows[:, 3:4], rows[:, 4:]]), 2)
    assert [piece.shape for piece in tape.pieces(4)] == [(2, 3), (2, 1)]
    tape.skip(1)
    assert np.array_equal(tape.read(2), rows[:, 5:7])
    assert list(tape.pieces(0)) == list(tape.pieces(-3)) == []
    assert np.array_equal(tape.read(100), rows[:, 7:])
    assert tape.read(1).shape == (2, 0)


def test_no_block_is_asked_for_before_it_is_needed():
    asked = []

    def blocks():
        for number in range(3):
            asked.append(number)
            yield np.zeros((1, 5), np.float32)

    tape = Tape(blocks(), 1)
    assert asked == []
    tape.read(5)
    assert asked == [0]
