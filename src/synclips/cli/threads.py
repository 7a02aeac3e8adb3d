"""How many threads commands leave to PyTorch."""


def leave_threads() -> None:
    """One for each call of a network; decoding, drawing and encoding have their own for all cores.

    Several frames are drawn at once, and calls of networks this small gain less from more threads
    than sharing them out costs.
    """
    import torch

    torch.set_num_threads(1)
