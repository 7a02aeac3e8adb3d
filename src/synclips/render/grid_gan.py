"""Performances of `grid-gan`: a small picture of the mouth for every showing, set into the frame.

The network sees 32 x 32 pixels of the speaker and paints as many. Its picture is enlarged to the
size of the face, brought to the colour of the skin around it and blended in under a soft mask. It
can be no sharper than that; outside the mask the frame is the input, bit for bit.
"""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from synclips.checkpoint import GridGanCheckpoint
from synclips.faces.stretches import Place, Stretches
from synclips.faces.track import FaceTrack
from synclips.features.loudness import fade_to_silence, loudness_gain
from synclips.features.mfcc import MfccSpec, mfcc, silent_frame
from synclips.features.timing import SAMPLE_RATE, mel_frame_at
from synclips.hearing.activity import lip_activity
from synclips.media.spool import Rows
from synclips.models.grid_gan import GridGan
from synclips.models.sound_windows import windows_at
from synclips.render.excerpts import collect_excerpts
from synclips.render.inset import InsetPerformance
from synclips.render.performance import Read
from synclips.render.schedule import Showing

Array = NDArray[np.float32]


class GridGanPerformer:
    """A `grid-gan` model on a device."""

    def __init__(self, checkpoint: GridGanCheckpoint, device: torch.device) -> None:
        self._checkpoint = checkpoint
        self._network = checkpoint.network.to(device)

    def perform(self, samples: Rows, track: FaceTrack, read: Read) -> "GridGanPerformance":
        """See `Performer`."""
        heard = listen(samples, self._checkpoint.mfcc)
        return GridGanPerformance(self._checkpoint, self._network, heard, track, read)


class GridGanPerformance(InsetPerformance):
    """Pictures for the instants of one sound, set into the frames of one clip.

    Args:
        checkpoint: preprocessing of the network.
        network: on its device.
        heard: (F, 13) standardised MFCC.
        track: the face over time.
        read: gives frames by their indices; called once.
    """

    def __init__(
        self,
        checkpoint: GridGanCheckpoint,
        network: GridGan,
        heard: Array,
        track: FaceTrack,
        read: Read,
    ) -> None:
        shape, spec = checkpoint.shape, checkpoint.crop
        stretches = Stretches(track, shape, spec)
        super().__init__(stretches)
        self._network = network
        self._device = next(network.parameters()).device
        self._heard = torch.from_numpy(heard).to(self._device)
        self._silence = torch.from_numpy(silent_frame(checkpoint.mfcc)).to(self._device)
        count = network.spec.references
        excerpts = collect_excerpts(read, stretches, track.times, count, shape, spec)
        self._tokens = [network.watch(_to_tensor(one, self._device)) for one in excerpts]

    def paint(self, shown: Sequence[tuple[Showing, Place]]) -> Array:
        """See `InsetPerformance`."""
        # Sound is heard in steps of 10 ms, so every frame rate has its own pictures.
        instants = [mel_frame_at(showing.moment) for showing, _ in shown]
        windows = windows_at(
            self._heard,
            torch.tensor(instants, device=self._device),
            self._network.spec.window,
            self._network.spec.middle,
            self._silence,
        )
        tokens = torch.stack([self._tokens[place.number] for _, place in shown])
        pictures = self._network.speak(windows, tokens).float()
        levels: Array = ((pictures.permute(0, 2, 3, 1) + 1) * 127.5).cpu().numpy()
        return levels


def listen(samples: Rows, spec: MfccSpec) -> Array:
    """(F, 13) MFCC at one loudness, those of silence where nobody speaks.

    The network has learnt what a mouth does in silence. Noise and music shall look the same, so
    they fade to silence before the network hears them: pictures cannot be gated afterwards, a mean
    of two mouths is a ghost.
    """
    heard = mfcc(samples, spec, loudness_gain(samples, SAMPLE_RATE))
    return fade_to_silence(heard, lip_activity(samples), silent_frame(spec))


def _to_tensor(pictures: NDArray[np.uint8], device: torch.device) -> torch.Tensor:
    """(T, S, S, 3) RGB -> (T, 3, S, S) in [-1, 1]."""
    return torch.from_numpy(pictures).to(device).permute(0, 3, 1, 2).float() / 127.5 - 1
