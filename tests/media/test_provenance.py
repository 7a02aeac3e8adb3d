"""What programs can read of a file about where it comes from."""

import re
from fractions import Fraction
from xml.etree import ElementTree

import av
import pytest

from synclips.media.writer import VideoWriter


def boxes(data: bytes) -> list[tuple[bytes, bytes]]:
    """Kind and content of the boxes of an MP4 file, in order."""
    found, at = [], 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        found.append((data[at + 4 : at + 8], data[at + 8 : at + length]))
        at += length
    return found


def write(path, gradient, by):
    with VideoWriter(
        path,
        width=64,
        height=48,
        frame_rate=Fraction(25),
        time_base=Fraction(1, 25),
        synthetic_by=by,
    ) as writer:
        writer.write(gradient(64, 48), Fraction(0))


@pytest.mark.parametrize("suffix", [".mp4", ".mov"])
def test_it_is_said_in_the_words_of_the_iptc(tmp_path, gradient, suffix):
    path = tmp_path / f"out{suffix}"
    write(path, gradient, 'a "test" & more')
    kind, content = boxes(path.read_bytes())[-1]
    assert kind == b"uuid" and content[:16].hex() == "be7acfcb97a942e89c71999491e3afac"
    packet = content[16:].decode()
    assert re.match('<\\?xpacket begin="\ufeff"', packet)
    about = ElementTree.fromstring(packet).find(
        ".//{http://www.w3.org/1999/02/22-rdf-syntax-ns#}Description"
    )
    said = {name.split("}")[1]: value for name, value in about.items()}
    assert said["DigitalSourceType"].endswith("/compositeWithTrainedAlgorithmicMedia")
    assert said["CreatorTool"] == 'a "test" & more'
    with av.open(str(path)) as container:  # and it is a video still
        assert len(list(container.decode(video=0))) == 1


def test_it_is_said_of_what_is_synthetic_alone(tmp_path, gradient):
    write(tmp_path / "as_it_is.mp4", gradient, None)
    assert [kind for kind, _ in boxes((tmp_path / "as_it_is.mp4").read_bytes())][-1] != b"uuid"
    write(tmp_path / "out.mkv", gradient, "a test")  # has no place for it, and is written
    assert b"DigitalSourceType" not in (tmp_path / "out.mkv").read_bytes()
