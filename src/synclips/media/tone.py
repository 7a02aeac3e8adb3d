"""HDR video as the SDR that every screen and program shows, and the way back.

What a telephone records as HLG or PQ looks pale wherever nobody undoes that. Knows the curves of
ITU-R BT.2100, what white is (BT.2408) and how highlights are rolled off (BT.2390). Does not know
files.
"""

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

import numpy as np
from av.filter import Graph
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from synclips.media.box import Box
from synclips.media.color import FULL, MATRIX_NAMES, PLAIN, ColorConverter, ColorInfo
from synclips.media.spool import no_room

Array = NDArray[np.float64]

PQ, HLG = 16, 18
"""Transfer characteristics of H.273."""

_WHITE = 203.0
"""cd/m2 of what is white without being a light (BT.2408, section 2.1); it becomes SDR's white."""
_PEAK = 1000.0
"""cd/m2 that are mastered for; HLG is meant for screens of that (BT.2100)."""
_SDR_GAMMA = 2.4  # BT.1886
# To make ready for a size takes a tenth of a second: what is edited is looked up in few sizes.
_SIDE, _MOST_GRAPHS = 64, 8
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
        self._table = _Table(
            sdr_table(color.transfer, color.primaries),
            {
                "in_color_matrix": MATRIX_NAMES[color.space],
                "in_range": "pc" if color.range == FULL else "tv",
            },
            {"out_color_matrix": MATRIX_NAMES[self.color.space], "out_range": "tv"},
            PLAIN[0],
        )

    def sdr(self, frame: VideoFrame) -> VideoFrame:
        """The picture of an HDR frame as limited-range yuv420p of BT.709."""
        mapped = self._table.of(frame)
        mapped.color_range, mapped.colorspace = self.color.range, self.color.space
        mapped.color_primaries, mapped.color_trc = self.color.primaries, self.color.transfer
        return mapped


class HdrConverter(ColorConverter):
    """Converts frames of HDR for an encoder; RGB, which is SDR, becomes HDR."""

    def __init__(self, color: ColorInfo, pixels: str) -> None:
        """Prepare for frames coded as `color`, which `is_hdr`."""
        super().__init__(color, pixels)
        self._table = _Table(
            hdr_table(color.transfer, color.primaries),
            {"in_range": "pc"},
            {
                "out_color_matrix": MATRIX_NAMES[color.space],
                "out_range": "pc" if color.range == FULL else "tv",
            },
            pixels,
        )

    def from_rgb(self, rgb: VideoFrame) -> VideoFrame:
        """See `ColorConverter`."""
        height, width = rgb.height, rgb.width
        more = (0, -height % _SIDE), (0, -width % _SIDE), (0, 0)
        wide = np.pad(rgb.to_ndarray().astype(np.uint8, copy=False), more, mode="edge")
        frame = self._table.of(VideoFrame.from_ndarray(wide, "rgb24"))
        return self.cut(frame, Box(0, 0, width, height))


def encoding(color: ColorInfo, pixels: str) -> ColorConverter:
    """What makes frames for an encoder that takes such pixels."""
    return HdrConverter(color, pixels) if is_hdr(color) else ColorConverter(color, pixels)


class _Table:
    """Looks up the colours of frames, one at a time.

    Args:
        table: (33, 33, 33, 3) new colours, indexed by blue, green and red.
        source: how frames code colour, options of FFmpeg's `scale`.
        target: how the results do.
        pixels: FFmpeg's name of what results consist of.
    """

    def __init__(
        self,
        table: NDArray[np.float32],
        source: Mapping[str, str],
        target: Mapping[str, str],
        pixels: str,
    ) -> None:
        self._colours = table
        self._source, self._target, self._pixels = source, target, pixels
        self._graphs: dict[tuple[int, int, str], Graph] = {}
        self._lock = Lock()

    def of(self, frame: VideoFrame) -> VideoFrame:
        """A new frame with the colours that the table has for those of another."""
        like = frame.width, frame.height, frame.format.name
        with self._lock:
            graph = self._graphs.get(like)
            if graph is None:
                if len(self._graphs) == _MOST_GRAPHS:
                    self._graphs.pop(next(iter(self._graphs)))
                graph = self._graphs[like] = self._make_graph(frame)
            graph.vpush(frame)
            return graph.vpull()

    def _make_graph(self, frame: VideoFrame) -> Graph:
        graph = Graph()
        exact = {"flags": "bicubic+accurate_rnd+full_chroma_int"}
        with TemporaryDirectory(prefix="synclips-") as folder:
            file = Path(folder) / "colours.cube"
            try:
                _write_cube(file, self._colours)
            except OSError as error:
                raise no_room(error) from error
            graph.link_nodes(
                graph.add_buffer(
                    width=frame.width,
                    height=frame.height,
                    format=frame.format,
                    time_base=frame.time_base or Fraction(1),  # some must be told
                ),
                graph.add("scale", **self._source, out_range="pc", **exact),
                # Of 32 bits it is twice as fast as of 8 or 16.
                graph.add("format", "gbrpf32le"),
                graph.add("lut3d", file=str(file), interp="tetrahedral"),
                graph.add("scale", in_range="pc", **self._target, **exact),
                graph.add("format", self._pixels),
                graph.add("buffersink"),
            ).configure()
        return graph


@cache
def sdr_table(transfer: int, primaries: int) -> NDArray[np.float32]:
    """SDR of every colour on a grid: (33, 33, 33, 3), indexed by blue, green and red of HDR."""
    return to_sdr(_grid(), transfer, primaries).astype(np.float32)


@cache
def hdr_table(transfer: int, primaries: int) -> NDArray[np.float32]:
    """HDR of every colour on a grid of SDR, as `sdr_table` has the reverse."""
    return from_sdr(_grid(), transfer, primaries).astype(np.float32)


def _grid() -> Array:
    """(33, 33, 33, 3) RGB, indexed by blue, green and red."""
    steps = np.linspace(0.0, 1.0, _GRID)
    blue, green, red = np.meshgrid(steps, steps, steps, indexing="ij")
    return np.stack([red, green, blue], axis=-1)


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


def from_sdr(sdr: Array, transfer: int, primaries: int = _BT2020) -> Array:
    """The HDR signal that `to_sdr` makes such SDR of, both (..., 3) RGB of 0 to 1.

    Of several, which it makes paler, the palest.
    """
    from_709 = np.linalg.inv(_TO_709.get(primaries, _TO_709[_BT2020])).T
    light = np.maximum(sdr**_SDR_GAMMA @ from_709, 0) * _WHITE
    highest = np.maximum(light.max(axis=-1, keepdims=True), 1e-9)
    levels = _pq_to_light(np.linspace(0, _light_to_pq(np.array(_PEAK)), 4096))
    light = light * (np.interp(highest, _rolled_off(levels), levels) / highest)
    return _light_to_pq(light) if transfer == PQ else _light_to_hlg(light)


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


_HLG = 0.17883277, 0.28466892, 0.55991073  # a, b and c of BT.2100, table 5


def _hlg_to_light(signal: Array) -> Array:
    """cd/m2 on a screen of 1000, by the inverse OETF and the OOTF of BT.2100, table 5."""
    a, b, c = _HLG
    scene = np.where(signal <= 0.5, signal**2 / 3, (np.exp((signal - c) / a) + b) / 12)
    luminance = np.maximum(scene @ _LUMA_2020, 1e-9)[..., None]
    light: Array = _PEAK * luminance**0.2 * scene
    return light


def _light_to_hlg(light: Array) -> Array:
    """The reverse of `_hlg_to_light`."""
    a, b, c = _HLG
    luminance = np.maximum(light @ _LUMA_2020, 1e-9)[..., None] / _PEAK
    scene = np.clip(light / _PEAK * luminance ** (1 / 1.2 - 1), 0, 1)
    arched = a * np.log(np.maximum(12 * scene - b, 1e-9)) + c
    signal: Array = np.where(scene <= 1 / 12, np.sqrt(3 * scene), arched)
    return signal


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
