"""The judge that ships with the package, or one that was trained, ready to judge.

Where there are no weights there is no judge, and the report says so. Does not know what lies in
the folder of a network; `synclips.checkpoint` does.
"""

from dataclasses import replace
from pathlib import Path

import torch

from synclips.checkpoint import SYNCNET_JUDGE, is_shipped, load_syncnet
from synclips.corpus.manifest import PrepareSpec
from synclips.errors import ModelError
from synclips.evaluation.judge import Judge, NoJudge, SyncNetJudge


def load_judge(folder: Path | None = None, device: torch.device | None = None) -> Judge:
    """The judge of a folder; by default the one that ships, or `NoJudge` where it is not there.

    Raises:
        ModelError: The folder holds no judge, is incomplete or damaged, or holds another network.
    """
    if folder is None:
        if not is_shipped(SYNCNET_JUDGE):
            return NoJudge(f"there are no weights in {SYNCNET_JUDGE}")
    elif not (folder / "config.json").is_file():
        raise ModelError(f"{folder} holds no judge; name the folder of a SyncNet that was trained.")
    device = device or torch.device("cpu")
    checkpoint = load_syncnet(folder or SYNCNET_JUDGE)
    size = checkpoint.crop.size
    # The network learnt from crops that were stored larger and reduced.
    lips = replace(checkpoint.crop, size=max(size, PrepareSpec().lips.size))
    network = checkpoint.network.to(device)
    return SyncNetJudge(
        checkpoint.name, network, checkpoint.mel, lips, size, checkpoint.shape, device
    )
