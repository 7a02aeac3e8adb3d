import numpy as np

from synclips.spans import spans_of


def test_spans_begin_and_end_where_something_holds() -> None:
    holds = np.array([True, False, True, True, False, False, True])
    assert spans_of(holds).tolist() == [[0, 1], [2, 4], [6, 7]]
    assert spans_of(~holds).tolist() == [[1, 2], [4, 6]]
    assert spans_of(np.ones(3, bool)).tolist() == [[0, 3]]
    for nothing in (np.zeros(3, bool), np.zeros(0, bool)):
        assert spans_of(nothing).shape == (0, 2)
