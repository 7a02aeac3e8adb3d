"""Which config and which road belong to each family of networks."""

from pathlib import Path
from typing import Any

from synclips.training.config import RunConfig, read_config
from synclips.training.grid_gan_road import GridGanConfig, GridGanRoad
from synclips.training.road import Road
from synclips.training.synclips_config import SynclipsConfig
from synclips.training.synclips_road import SynclipsRoad
from synclips.training.syncnet_road import SyncNetConfig, SyncNetRoad
from synclips.training.wav2lip_road import Wav2LipConfig, Wav2LipRoad

CONFIGS: dict[str, type[RunConfig]] = {
    "synclips-1": SynclipsConfig,
    "grid-gan": GridGanConfig,
    "wav2lip": Wav2LipConfig,
    "syncnet": SyncNetConfig,
}

_ROADS: dict[type[RunConfig], type[Road[Any]]] = {
    SynclipsConfig: SynclipsRoad,
    GridGanConfig: GridGanRoad,
    Wav2LipConfig: Wav2LipRoad,
    SyncNetConfig: SyncNetRoad,
}


def read_run(path: Path) -> RunConfig:
    """Read a run of any family from a TOML file.

    Raises:
        ConfigError: the file is missing, is not TOML, or has a key or value that does not fit.
    """
    return read_config(path, CONFIGS)


def road_of(config: RunConfig) -> type[Road[Any]]:
    """The road that leads to what a config describes."""
    return _ROADS[type(config)]
