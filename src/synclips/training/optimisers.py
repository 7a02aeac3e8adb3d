"""Optimisers: from the losses of a step's pieces to changed weights, or to none.

Gradients are accumulated over pieces, summed over processes, unscaled, clipped and checked; a step
in which a loss or a gradient is not finite changes nothing. Does not know stages or schedules.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from synclips.training.figures import Means
from synclips.training.machine import summed
from synclips.training.options import LoopOptions
from synclips.training.stage import Objective

if TYPE_CHECKING:
    from lightning_fabric import Fabric


@dataclass(frozen=True)
class Outcome:
    """What became of a step.

    Attributes:
        taken: whether the weights changed.
        reason: why not, "" if they did.
        expected: not taken, but only because float16 is still looking for its scale.
        stop: whether a process asked to stop.
    """

    taken: bool
    reason: str
    expected: bool
    stop: bool


class Optimisers:
    """AdamW for each network; the discriminator's without memory of direction.

    Attributes:
        by_name: the optimisers.
        scaler: of float16 gradients, None in other precisions.
    """

    def __init__(
        self, fabric: "Fabric", networks: Mapping[str, nn.Module], options: LoopOptions
    ) -> None:
        """Make an optimiser for what can learn in each network."""
        self._fabric = fabric
        self._networks = networks
        self._clip = options.clip or float("inf")
        self._parameters = {
            name: [p for p in network.parameters() if p.requires_grad]
            for name, network in networks.items()
        }
        # BatchNorm takes in statistics before it is known whether a step is taken.
        self._buffers = [b for n in networks.values() for b in n.buffers() if b.is_floating_point()]
        self._kept: list[Tensor] = []
        self._losses = {name: torch.zeros((), device=fabric.device) for name in networks}
        self.by_name = {
            name: torch.optim.AdamW(
                self._parameters[name],
                lr=options.learning_rate,
                weight_decay=options.decay,
                # Momentum overshoots where the other side moves too.
                betas=(0.9, 0.98) if name != "discriminator" else (0.0, 0.98),
            )
            for name in networks
        }
        self.scaler: torch.amp.GradScaler | None = getattr(
            fabric.strategy.precision, "scaler", None
        )

    def begin(self) -> None:
        """Forget the gradients of the last step."""
        for optimiser in self.by_name.values():
            optimiser.zero_grad(set_to_none=True)
        for loss in self._losses.values():
            loss.zero_()
        self._kept = [buffer.clone() for buffer in self._buffers]

    def accumulate(self, objectives: Iterable[Objective], share: float, means: Means) -> None:
        """Add the gradients of a piece that is `share` of the batch; figures go to `means`."""
        for names, loss, figures in objectives:
            learning = (names,) if isinstance(names, str) else names
            parameters = [p for name in learning for p in self._parameters[name]]
            if parameters:
                self._fabric.backward(loss * share, inputs=parameters)
            for name in learning:
                self._losses[name] += loss.detach().float() * share
            means.add(figures, share)

    def step(self, rate: float, stop: bool) -> Outcome:
        """Change the weights of all networks, on every process alike.

        Args:
            rate: learning rate.
            stop: whether this process wants to stop after this step.
        """
        stops = self._exchange(stop)
        if self.scaler is not None:
            for optimiser in self._having_gradients().values():
                self.scaler.unscale_(optimiser)
        norms = {
            name: nn.utils.clip_grad_norm_(parameters, self._clip).detach()
            for name, parameters in self._parameters.items()
        }
        numbers = [*self._losses.values(), *(n.to(self._fabric.device) for n in norms.values())]
        finite = torch.isfinite(torch.stack(numbers)).tolist()
        if all(finite):
            for optimiser in self._having_gradients().values():
                for group in optimiser.param_groups:
                    group["lr"] = rate
                if self.scaler is None:
                    optimiser.step()
                else:
                    self.scaler.step(optimiser)
        else:
            with torch.no_grad():
                for buffer, kept in zip(self._buffers, self._kept, strict=True):
                    buffer.copy_(kept)
        expected = False
        if self.scaler is not None and self._having_gradients():
            # Overflow is how the largest scale that fits is found, down to a scale of one.
            expected = all(finite[: len(norms)]) and self.scaler.get_scale() > 1
            self.scaler.update()
        return Outcome(all(finite), self._reason(finite), expected, stops)

    def _having_gradients(self) -> dict[str, torch.optim.AdamW]:
        """Those of networks that learn in this step; the others rest."""
        return {
            name: optimiser
            for name, optimiser in self.by_name.items()
            if any(p.grad is not None for p in self._parameters[name])
        }

    def _exchange(self, stop: bool) -> bool:
        """Sum gradients and losses over processes, average buffers; whether anyone wants to stop.

        One message per step after all pieces, instead of the hooks of DistributedDataParallel,
        which know neither several losses per step nor networks that rest.
        """
        if self._fabric.world_size == 1:
            return stop
        parameters = [p for group in self._parameters.values() for p in group]
        device = self._fabric.device
        learnt = torch.tensor([p.grad is not None for p in parameters], device=device).float()
        asked = torch.tensor([float(stop)], device=device)
        gradients = [torch.zeros_like(p) if p.grad is None else p.grad for p in parameters]
        totals = iter(
            summed(
                self._fabric, [learnt, asked, *self._losses.values(), *gradients, *self._buffers]
            )
        )
        learnt, asked = next(totals), next(totals)
        with torch.no_grad():
            for loss in self._losses.values():
                loss.copy_(next(totals))
            for parameter, count in zip(parameters, learnt.tolist(), strict=True):
                gradient = next(totals)
                parameter.grad = gradient if count else None
            for buffer in self._buffers:
                buffer.copy_(next(totals) / self._fabric.world_size)
        return bool(asked.item())

    def _reason(self, finite: list[bool]) -> str:
        names = list(self._losses)
        for index, name in enumerate(names):
            if not finite[index]:
                return f"the loss of {name}"
        for index, name in enumerate(names):
            if not finite[len(names) + index]:
                return f"the gradient of {name}"
        return ""
