"""Interlaced video as whole pictures: two fields become the picture at the time of the first.

Uses FFmpeg's `bwdif` (motion adaptive, after BBC R&D's and Weston's filters). Does not know files.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import chain, groupby

import av
from av.filter import Graph
from av.video.frame import VideoFrame
from av.video.stream import VideoStream


def woven(frames: Iterable[VideoFrame], stream: VideoStream) -> Iterator[VideoFrame]:
    """Make progressive what is marked as interlaced, and let the rest through.

    Args:
        frames: in order of time.
        stream: where they come from.

    Yields:
        As many frames, with the same timestamps, each one or two later than it came in.
    """
    for _, alike in groupby(frames, lambda frame: (frame.width, frame.height, frame.format.name)):
        first = next(alike)
        graph = _graph(stream, first)
        for frame in chain([first], alike, [None]):
            yield from _pulled(graph, frame, stream.time_base)


def _graph(stream: VideoStream, frame: VideoFrame) -> Graph:
    graph = Graph()
    source = graph.add_buffer(
        width=frame.width,
        height=frame.height,
        format=frame.format,
        time_base=stream.time_base or frame.time_base,
    )
    filter_ = graph.add("bwdif", "mode=send_frame:deint=interlaced")
    graph.link_nodes(source, filter_, graph.add("buffersink")).configure()
    return graph


def _pulled(
    graph: Graph, frame: VideoFrame | None, time_base: Fraction | None
) -> Iterator[VideoFrame]:
    """Push a frame, or the end, and yield what is ready."""
    graph.vpush(frame)
    while True:
        try:
            ready = graph.vpull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
        # The filter counts in halves, since it could make a picture of each field.
        if ready.pts is not None and ready.time_base and time_base:
            ready.pts = round(ready.pts * ready.time_base / time_base)
            ready.time_base = time_base
        yield ready
