"""Performances of `wav2lip`: the lower half of a face for every showing, set into the frame.

The network is shown the upper half of the frame's face and one other frame of the same stretch, the
one whose mouth is nearest rest, and paints the face in 96 x 96 pixels. The lower half of it is
enlarged and blended in under a soft mask; outside it the frame is the input, bit for bit. The
published program gives the frame to be drawn as its own reference; here what is behind the hidden
half is never shown, unless it is that one frame.
"""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from synclips.checkpoint import Wav2LipCheckpoint
from synclips.faces.stretches import Place, Stretches
from synclips.faces.track import FaceTrack
from synclips.features.loudness import fade_to_silence, loudness_gain
from synclips.features.mel import LogMel, MelSpec, silent_bands
from synclips.features.timing import SAMPLE_RATE, mel_frame_at
from synclips.hearing.activity import lip_activity
from synclips.media.spool import Rows
from synclips.models.sound_windows import windows_at
from synclips.models.wav2lip import MIDDLE, WINDOW, Wav2Lip
from synclips.render.excerpts import collect_excerpts
from synclips.render.inset import InsetPerformance
from synclips.render.mask import lower_mask
from synclips.render.performance import Read
from synclips.render.schedule import Showing
from synclips.render.view import view

Array = NDArray[np.float32]


class Wav2LipPerformer:
    """A `wav2lip` model on a device."""

    def __init__(self, checkpoint: Wav2LipCheckpoint, device: torch.device) -> None:
        self._checkpoint = checkpoint
        self._network: Wav2Lip = checkpoint.network.to(
            device,
            memory_format=torch.channels_last,  # type: ignore[call-overload]
        )

    def perform(self, samples: Rows, track: FaceTrack, read: Read) -> "Wav2LipPerformance":
        """See `Performer`."""
        heard = listen(samples, self._checkpoint.mel)
        return Wav2LipPerformance(self._checkpoint, self._network, heard, track, read)


class Wav2LipPerformance(InsetPerformance):
    """Lower halves of faces for the instants of one sound, set into the frames of one clip.

    Args:
        checkpoint: preprocessing of the network.
        network: on its device.
        heard: (F, n_mels) log-mel.
        track: the face over time.
        read: gives frames by their indices; called once.
    """

    def __init__(
        self,
        checkpoint: Wav2LipCheckpoint,
        network: Wav2Lip,
        heard: Array,
        track: FaceTrack,
        read: Read,
    ) -> None:
        shape, spec = checkpoint.shape, checkpoint.crop
        stretches = Stretches(track, shape, spec)
        super().__init__(stretches, lower_mask)
        self._network = network
        self._device = next(network.parameters()).device
        self._heard = torch.from_numpy(heard).to(self._device)
        self._silence = torch.from_numpy(silent_bands(checkpoint.mel)).to(self._device)
        excerpts = collect_excerpts(read, stretches, track.times, 1, shape, spec)
        self._references = [excerpt[0] for excerpt in excerpts]

    @torch.inference_mode()
    def paint(self, shown: Sequence[tuple[Showing, Place]]) -> Array:
        """See `InsetPerformance`; whole faces, of which the lower halves show."""
        faces = np.stack(
            [
                view(showing.frame.image, place.placement.to_image, place.placement.spec.size)
                for showing, place in shown
            ]
        )
        references = np.stack([self._references[place.number] for _, place in shown])
        at = torch.tensor(
            [mel_frame_at(showing.moment) for showing, _ in shown], device=self._device
        )
        windows = windows_at(self._heard, at, WINDOW, MIDDLE, self._silence)
        seen = (
            torch.from_numpy(pictures).to(self._device).permute(0, 3, 1, 2).float() / 255
            for pictures in (faces, references)
        )
        painted = self._network(windows, *seen)
        levels: Array = (painted.float().permute(0, 2, 3, 1) * 255).cpu().numpy()
        return levels


def listen(samples: Rows, spec: MelSpec) -> Array:
    """(F, n_mels) log-mel at one loudness, that of silence where nobody speaks."""
    heard = LogMel(samples, spec, loudness_gain(samples, SAMPLE_RATE))[:]
    return fade_to_silence(heard, lip_activity(samples), silent_bands(spec))
