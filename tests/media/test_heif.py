"""Photographs as telephones write them: a picture in tiles, turned by a property of the file."""

import struct
from pathlib import Path

import av
import numpy as np
import pytest

from synclips.errors import InputError
from synclips.media.video import VideoReader

SIDE = 64  # of a tile


def box(name: str, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", 8 + len(body)) + name.encode() + body


def full(name: str, version: int, *parts: bytes) -> bytes:
    return box(name, struct.pack(">I", version << 24), *parts)


def tiles(folder: Path, image: np.ndarray) -> tuple[bytes, list[bytes]]:
    """HEVC of each tile, row after row, and the configuration that they share."""
    rows, columns = image.shape[0] // SIDE, image.shape[1] // SIDE
    path = folder / "tiles.mp4"
    with av.open(str(path), "w") as container:
        options = {"x265-params": "keyint=1:log-level=none", "crf": "4"}
        stream = container.add_stream("libx265", rate=25, options=options)
        stream.width, stream.height, stream.pix_fmt = SIDE, SIDE, "yuv420p"
        for row in range(rows):
            for column in range(columns):
                tile = image[row * SIDE :, column * SIDE :][:SIDE, :SIDE]
                frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(tile), "rgb24")
                container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        packets = [bytes(packet) for packet in container.demux(stream) if packet.size]
        return bytes(stream.codec_context.extradata), packets


def write_heic(path: Path, image: np.ndarray, turns: int = 0) -> None:
    """Write `image`, of whole tiles, to be shown turned counterclockwise by quarters."""
    config, coded = tiles(path.parent, image)
    height, width = image.shape[:2]
    grid = struct.pack(">BBBBHH", 0, 0, height // SIDE - 1, width // SIDE - 1, width, height)
    items = range(2, 2 + len(coded))
    infos = [
        full("infe", 2, struct.pack(">HH", item, 0), b"hvc1" if item > 1 else b"grid", b"\0")
        for item in range(1, items.stop)
    ]
    parts = struct.pack(f">HH{len(coded)}H", 1, len(coded), *items)
    properties = box(
        "ipco",
        box("hvcC", config),
        full("ispe", 0, struct.pack(">II", SIDE, SIDE)),
        full("ispe", 0, struct.pack(">II", width, height)),
        box("irot", struct.pack(">B", turns)),
    )
    owners = struct.pack(">IHBBB", 1 + len(coded), 1, 2, 3, 0x80 | 4)
    owners += b"".join(struct.pack(">HBBB", item, 2, 0x80 | 1, 2) for item in items)

    def meta(start: int) -> bytes:
        places = struct.pack(">BBHHHHHII", 0x44, 0, 1 + len(coded), 1, 1, 0, 1, 0, len(grid))
        for item, data in zip(items, coded, strict=True):
            places += struct.pack(">HHHHII", item, 0, 0, 1, start, len(data))
            start += len(data)
        return full(
            "meta",
            0,
            full("hdlr", 0, struct.pack(">I4s12xB", 0, b"pict", 0)),
            full("pitm", 0, struct.pack(">H", 1)),
            full("iinf", 0, struct.pack(">H", len(infos)), *infos),
            full("iref", 0, box("dimg", parts)),
            box("iprp", properties, full("ipma", 0, owners)),
            full("iloc", 1, places),
            box("idat", grid),
        )

    head = box("ftyp", b"heic", struct.pack(">I", 0), b"mif1heic")
    start = len(head) + len(meta(0)) + 8
    path.write_bytes(head + meta(start) + box("mdat", *coded))


@pytest.mark.parametrize("turns", [0, 1])
def test_a_photograph_in_tiles_is_one_picture_upright(tmp_path, gradient, turns):
    path = tmp_path / "photo.heic"
    image = gradient(3 * SIDE, 2 * SIDE)
    write_heic(path, image, turns)
    reader = VideoReader(path)
    shown = np.rot90(image, turns)
    assert reader.info.is_image
    assert reader.info.frame_count == 1
    assert (reader.info.height, reader.info.width) == shown.shape[:2]
    (frame,) = reader.frames()
    assert np.abs(frame.image.astype(int) - shown).max() < 12
    (backward,) = reader.frames_backward([frame.time])
    assert np.array_equal(backward.image, frame.image)


def test_a_photograph_that_is_cut_off_is_named(tmp_path, gradient):
    path = tmp_path / "photo.heic"
    write_heic(path, gradient(2 * SIDE, SIDE))
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.index(b"mdat") + 8])
    with pytest.raises(InputError, match=r"photo\.heic is damaged \(.+\); copy it again\."):
        VideoReader(path)
