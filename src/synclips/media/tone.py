"""HDR video as the SDR that every screen and program shows.

What a telephone records as HLG or PQ looks pale wherever nobody undoes that. Knows the curves of
ITU-R BT.2100, what white is (BT.2408) and how highlights are rolled off (BT.2390). Does not know
files.
"""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

import numpy as np
from av.filter import Graph
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from synclips.media.color import FULL, MATRIX_NAMES, ColorInfo

Array = NDArray[np.float64]

PQ, HLG = 16, 18
"""Transfer characteristics of H.273."""

_WHITE = 203.0
"""cd/m2 of what is white without being a light (BT.2408, section 2.1); it becomes SDR's white."""
_PEAK = 1000.0
"""cd/m2 that are mastered for; HLG is meant for screens of that (BT.2100)."""
_SDR_GAMMA = 2.4  # BT.1886
_GRID = 33
"""Points of each colour in the table between which colours are interpolated."""

_LUMA_2020 = np.array([0.2627, 0.6780, 0.0593])
_LUMA_709 = np.array([0.2126, 0.7152, 0.0722])
# Linear light of other primaries (H.273 code points) to that of BT.709; all have the white of D65.
_BT2020, _P3 = 9, 12
_TO_709 = {
    1: np.eye(3),
    _BT2020: np.array(
        [
            [1.660491, -0.587641, -0.072850],
            [-0.124550, 1.132900, -0.008349],
            [-0.018151, -0.100579, 1.118730],
        ]
    ),
    _P3: np.array(
        [
            [1.224940, -0.224940, 0.0],
            [-0.042057, 1.042057, 0.0],
            [-0.019638, -0.078636, 1.098274],
        ]
    ),
}


def is_hdr(color: ColorInfo) -> bool:
    """Whether a stream codes light that SDR screens do not show."""
    return color.transfer in (PQ, HLG)


class ToneMapper:
    """Makes SDR frames of HDR frames of one coding."""

    color = ColorInfo()
    """How its frames code colour."""

    def __init__(self, color: ColorInfo) -> None:
        """Prepare for frames coded as `color`, which `is_hdr`."""
        self._from = color
        self._graph: Graph | None = None
        self._like: tuple[int, int, str] | None = None
        self._lock = Lock()

    def sdr(self, frame: VideoFrame) -> VideoFrame:
        """The picture of an HDR frame as limited-range yuv420p of BT.709."""
        like = frame.width, frame.height, frame.format.name
        with self._lock:
            if self._graph is None or self._like != like:
                self._graph, self._like = self._make_graph(frame), like
            self._graph.vpush(frame)
            mapped = self._graph.vpull()
        mapped.color_range, mapped.colorspace = self.color.range, self.color.space
        mapped.color_primaries, mapped.color_trc = self.color.primaries, self.color.transfer
        return mapped

    def _make_graph(self, frame: VideoFrame) -> Graph:
        graph = Graph()
        exact = {"flags": "bicubic+accurate_rnd+full_chroma_int"}
        with TemporaryDirectory(prefix="synclips-") as folder:
            table = Path(folder) / "sdr.cube"
            _write_cube(table, sdr_table(self._from.transfer, self._from.primaries))
            graph.link_nodes(
                graph.add_buffer(
                    width=frame.width,
                    height=frame.height,
                    format=frame.format,
                    time_base=frame.time_base,
                ),
                graph.add(
                    "scale",
                    in_color_matrix=MATRIX_NAMES[self._from.space],
                    in_range="pc" if self._from.range == FULL else "tv",
                    out_range="pc",
                    **exact,
                ),
                # Of 32 bits it is twice as fast as of 8 or 16.
                graph.add("format", "gbrpf32le"),
                graph.add("lut3d", file=str(table), interp="tetrahedral"),
                graph.add(
                    "scale", in_range="pc", out_color_matrix="bt709", out_range="tv", **exact
                ),
                graph.add("format", "yuv420p"),
                graph.add("buffersink"),
            ).configure()
        return graph


@cache
def sdr_table(transfer: int, primaries: int) -> NDArray[np.float32]:
    """SDR of every colour on a grid: (33, 33, 33, 3), indexed by blue, green and red of HDR."""
    steps = np.linspace(0.0, 1.0, _GRID)
    blue, green, red = np.meshgrid(steps, steps, steps, indexing="ij")
    return to_sdr(np.stack([red, green, blue], axis=-1), transfer, primaries).astype(np.float32)


def to_sdr(signal: Array, transfer: int, primaries: int = _BT2020) -> Array:
    """SDR (BT.709 primaries, gamma 2.4) of an HDR signal, both (..., 3) RGB of 0 to 1.

    Up to half of white light stays in proportion; above, it is rolled off, all three colours by as
    much, so that hues stay. What BT.709 cannot show is made paler as far as it must be.
    """
    light = _pq_to_light(signal) if transfer == PQ else _hlg_to_light(signal)
    highest = np.maximum(light.max(axis=-1, keepdims=True), 1e-9)
    light = light * (_rolled_off(highest) / highest) / _WHITE
    linear = light @ _TO_709.get(primaries, _TO_709[_BT2020]).T
    sdr: Array = _within_gamut(linear) ** (1 / _SDR_GAMMA)
    return sdr


def _rolled_off(light: Array) -> Array:
    """cd/m2 up to the peak as cd/m2 up to white (BT.2390, section 5.4.1, without black lift)."""
    top = _light_to_pq(np.array(_PEAK))
    signal = _light_to_pq(np.minimum(light, _PEAK)) / top
    white = _light_to_pq(np.array(_WHITE)) / top
    knee = 1.5 * white - 0.5
    t = np.clip((signal - knee) / (1 - knee), 0, 1)
    spline = (
        (2 * t**3 - 3 * t**2 + 1) * knee
        + (t**3 - 2 * t**2 + t) * (1 - knee)
        + (3 * t**2 - 2 * t**3) * white
    )
    rolled: Array = np.where(signal < knee, signal, spline) * top
    return _pq_to_light(rolled)


def _within_gamut(linear: Array) -> Array:
    """Move colours towards the grey of their luminance until none is below 0 or above 1."""
    grey = np.clip(linear @ _LUMA_709, 0, 1)[..., None]
    low = linear.min(axis=-1, keepdims=True)
    high = linear.max(axis=-1, keepdims=True)
    share = np.ones_like(grey)
    np.minimum(share, grey / np.maximum(grey - low, 1e-9), out=share, where=low < 0)
    np.minimum(share, (1 - grey) / np.maximum(high - grey, 1e-9), out=share, where=high > 1)
    within: Array = np.clip(grey + (linear - grey) * share, 0, 1)
    return within


def _hlg_to_light(signal: Array) -> Array:
    """cd/m2 on a screen of 1000, by the inverse OETF and the OOTF of BT.2100, table 5."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(signal <= 0.5, signal**2 / 3, (np.exp((signal - c) / a) + b) / 12)
    luminance = np.maximum(scene @ _LUMA_2020, 1e-9)[..., None]
    light: Array = _PEAK * luminance**0.2 * scene
    return light


_M1, _M2 = 2610 / 16384, 2523 / 4096 * 128
_C1, _C2, _C3 = 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32


def _pq_to_light(signal: Array) -> Array:
    """cd/m2 by the EOTF of BT.2100, table 4."""
    power = np.maximum(signal, 0) ** (1 / _M2)
    share: Array = np.maximum(power - _C1, 0) / (_C2 - _C3 * power)
    light: Array = 10000.0 * share ** (1 / _M1)
    return light


def _light_to_pq(light: Array) -> Array:
    power = (np.maximum(light, 0) / 10000.0) ** _M1
    signal: Array = ((_C1 + _C2 * power) / (1 + _C3 * power)) ** _M2
    return signal


def _write_cube(path: Path, table: NDArray[np.float32]) -> None:
    """Write a table as Adobe's cube file, red changing fastest."""
    with path.open("w", encoding="ascii") as file:
        file.write(f"LUT_3D_SIZE {len(table)}\n")
        np.savetxt(file, table.reshape(-1, 3), "%.6f")
