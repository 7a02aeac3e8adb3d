"""What commands do around their one call: threads and small files."""

import os
from pathlib import Path


def leave_threads() -> None:
    """Decoding and encoding have their own; more for small networks only get in their way."""
    import torch

    torch.set_num_threads(max(1, (os.cpu_count() or 1) // 2))


def write_text(path: Path, text: str) -> None:
    """Write a text that appears only when it is complete."""
    beside = path.with_name(f".{path.name}.part")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)
