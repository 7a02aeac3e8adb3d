"""Run: where a training run is, and the way to there from what it left on disk.

Networks, their averages and optimisers, counters and sums: what is random in a step depends on the
seed and the number of the step alone, so this is all that has to be saved for a run that was killed
to continue as if it had not been. Does not know what a step is.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from torch import Tensor

from synclips.errors import SynclipsError
from synclips.training import resume
from synclips.training.average import Average
from synclips.training.best import Best
from synclips.training.figures import Means
from synclips.training.journal import Journal, Row
from synclips.training.optimisers import Optimisers
from synclips.training.options import LoopOptions
from synclips.training.stage import Hardware, Stage

if TYPE_CHECKING:
    from lightning_fabric import Fabric

T = TypeVar("T")


class Run:
    """A run of a stage, in one of its processes.

    Attributes:
        networks: those that train.
        average: the averaged ones.
        optimisers: what changes them.
        journal: what the first process logs to, once it is open.
        done: steps.
        means: of the figures since the last row.
        last_row: of the journal.
        skipped: steps since then that changed nothing.
        in_a_row: the latest of them, without those that are to be expected.
        best: the best validation.
    """

    def __init__(
        self,
        stage: Stage[Any],
        options: LoopOptions,
        folder: Path,
        fabric: "Fabric",
        settings: Mapping[str, Any],
    ) -> None:
        """At the beginning: networks on their device, those of all processes alike.

        Args:
            stage: whose networks.
            options: how they are trained.
            folder: where checkpoints are.
            fabric: the machine.
            settings: what decides the weights, flat, with the options under `loop.`.
        """
        self.stage, self.options, self.folder, self.fabric = stage, options, folder, fabric
        self._settings = settings
        stage.hardware = Hardware(fabric.device, fabric.autocast)
        self.networks = stage.networks()
        for network in self.networks.values():
            fabric.to_device(network.requires_grad_().train())
        for network in stage.frozen().values():
            fabric.to_device(network.requires_grad_(False).eval())
        if fabric.world_size > 1:
            for network in self.networks.values():
                weights = {key: value.cpu() for key, value in network.state_dict().items()}
                network.load_state_dict(fabric.broadcast(weights))
        self.average = Average(self.networks, options.ema)
        self.optimisers = Optimisers(fabric, self.networks, options)
        self.journal: Journal | None = None
        self.done = 0
        self.means = Means()
        self.last_row: Row | None = None
        self.skipped = 0
        self.in_a_row = 0
        self.best = Best(options.watch, options.better)
        self._remote = ""

    @property
    def finished(self) -> bool:
        """Whether there is nothing left to do."""
        return self.done >= self.options.steps or self.best.over(self.options)

    def restore(self) -> None:
        """Go to where the checkpoint in the folder is, if there is one.

        Raises:
            ConfigError: it was made with other settings.
            ModelError: it is damaged, or of another network.
        """
        saved = resume.load(self.folder)
        if saved is None:
            return
        saved.check_settings(self._settings, resume.MAY_CHANGE)
        resume.unpack(saved, self.networks, self.average.networks, self.optimisers.by_name)
        state = saved.state
        self.done, self.last_row = saved.step, state["row"]
        self.skipped, self.in_a_row = state["skipped"], state["in_a_row"]
        self._remote = state["wandb"]
        if self.fabric.is_global_zero:  # they are of all processes together
            self.means = Means.from_dict(state["means"])
        best = Best(**state["best"])
        if (best.watch, best.better) == (self.best.watch, self.best.better):
            self.best = best
        if self.optimisers.scaler is not None:
            self.optimisers.scaler.load_state_dict(state["scaler"])

    def open_journal(self, project: str) -> None:
        """Begin to log, or go on; see `Journal`."""
        self.journal = Journal(
            self.folder,
            step=self.done,
            last=self.last_row,
            project=project,
            run=self._remote,
            settings=self._settings,
        )
        self._remote = self.journal.run

    def weights(self) -> dict[str, Mapping[str, Tensor]]:
        """The averaged weights by network."""
        return {name: network.state_dict() for name, network in self.average.networks.items()}

    def save(self, weights: Mapping[str, Mapping[str, Tensor]]) -> None:
        """Write a checkpoint, and `weights` by file name; every process calls this.

        Raises:
            OutputError: it cannot be written.
        """
        scaler = self.optimisers.scaler
        state = {
            "row": self.last_row,
            "skipped": self.skipped,
            "in_a_row": self.in_a_row,
            "means": self.means.over_processes(self.fabric).to_dict(),
            "best": self.best.to_dict(),
            "scaler": {} if scaler is None else scaler.state_dict(),
            "wandb": self._remote,
        }
        trained = self.networks, self.average.networks, self.optimisers.by_name
        self.on_first(
            lambda: resume.save(
                self.folder,
                weights,
                resume.pack(*trained),
                self.done,
                self._settings,
                state,
                watched=self.options.patience > 0,
            )
        )

    def on_first(self, work: Callable[[], T]) -> T:
        """What the first process makes of it, for all; its errors are everyone's."""
        if self.fabric.world_size == 1:
            return work()
        result: T | None = None
        error: SynclipsError | None = None
        if self.fabric.is_global_zero:
            try:
                result = work()
            except SynclipsError as met:
                error = met
        result, error = self.fabric.broadcast((result, error))
        if error is not None:
            raise error
        return result  # type: ignore[return-value]
