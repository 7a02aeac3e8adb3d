"""The SyncNet expert behind a sync loss: how far painted mouths are from their sound.

Knows what the expert looks at and nothing of who paints. The judge of the evaluation is another
SyncNet, with other speakers and another seed.
"""

from pathlib import Path

from torch import Tensor, nn
from torch.nn import functional

from synclips.checkpoint import SyncNetCheckpoint, load_syncnet
from synclips.errors import ConfigError, ModelError
from synclips.models.syncnet import SyncNet
from synclips.models.weights import hash_weights
from synclips.training.stage import Hardware
from synclips.training.syncnet_stage import grey


def load_expert(name: str, stage: str) -> SyncNetCheckpoint:
    """The SyncNet that a config names as `expert`.

    Args:
        name: of its folder.
        stage: whose sync loss needs it, for the message.

    Raises:
        ConfigError: there is none, or it cannot be used.
    """
    way_out = (
        "train one with `synclips train configs/syncnet-expert.toml --data DATA --work WORK` first,"
        " and name WORK/model as `expert`"
    )
    if not name:
        raise ConfigError(f"Stage {stage} has a sync loss and no SyncNet to ask; {way_out}.")
    try:
        return load_syncnet(Path(name))
    except ModelError as error:
        if Path(name, "config.json").is_file():
            raise ConfigError(f"The expert of stage {stage} cannot be used: {error}") from error
        raise ConfigError(
            f"Stage {stage} has a sync loss, but {name} holds no SyncNet; {way_out}."
        ) from error


def sync_loss(expert: SyncNet, mouths: Tensor, mel: Tensor, hardware: Hardware) -> Tensor:
    """1 - cosine of mouths and their sound, the mean over all windows of 15 frames.

    Args:
        expert: frozen; gradients pass through it.
        mouths: (B, T, 3, H, W) lip crops in [0, 1], of any size, T at least 15.
        mel: (B, 4 T, n_mels) the sound of these frames.
        hardware: whether the expert computes in mixed precision.
    """
    size = expert.spec.size
    seen = functional.interpolate(
        grey(mouths)[:, 0], (size, size), mode="bilinear", align_corners=False
    )
    with hardware.autocast():
        mouth, sound = expert(seen[:, None], mel)
    alike: Tensor = (mouth.float() * sound.float()).sum(dim=-1)
    return (1 - alike).mean()


def known_weights(network: nn.Module) -> str:
    """A short name of the weights of a network, the same whatever file they came from."""
    return hash_weights(network).hexdigest()[:16]
