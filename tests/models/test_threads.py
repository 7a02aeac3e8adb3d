import torch

from synclips.models.threads import one_thread


def test_one_thread_until_the_last_has_left() -> None:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        first, second = one_thread(), one_thread()
        with first:
            assert torch.get_num_threads() == 1
            second.__enter__()
        assert torch.get_num_threads() == 1  # the other still works
        second.__exit__(None, None, None)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)
