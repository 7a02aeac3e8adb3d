"""What commands do around their one call: threads and small files."""

from pathlib import Path


def leave_threads() -> None:
    """One for each call of a network; decoding, drawing and encoding have their own for all cores.

    Several frames are drawn at once, and calls of networks this small gain less from more threads
    than sharing them out costs.
    """
    import torch

    torch.set_num_threads(1)


def write_text(path: Path, text: str) -> None:
    """Write a text that appears only when it is complete."""
    beside = path.with_name(f".{path.name}.part")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)
