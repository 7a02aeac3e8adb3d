"""The mark by which programs know what is synthetic: an XMP packet in the file.

Knows MP4 and QuickTime boxes; Matroska has no place for one. What a person reads is in the tags of
the container, which `media.writer` writes.
"""

from pathlib import Path
from uuid import UUID
from xml.sax.saxutils import quoteattr

_XMP = UUID("be7acfcb-97a9-42e8-9c71-999491e3afac").bytes  # XMP specification, part 3, 1.1.2.2
_COMPOSITE = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    Iptc4xmpExt:DigitalSourceType={kind}
    xmp:CreatorTool={tool}/>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


def mark_synthetic(path: Path, tool: str) -> None:
    """Say in an MP4 or QuickTime file that what it shows is in part synthetic.

    As a mixture of what was filmed and what a trained network made, in the words of the IPTC
    (Digital Source Type NewsCodes), in a box at the end, which players skip.

    Args:
        path: the whole file; it is appended to.
        tool: what made it.

    Raises:
        OSError: it cannot be written.
    """
    packet = _PACKET.format(kind=quoteattr(_COMPOSITE), tool=quoteattr(tool)).encode()
    length = 8 + len(_XMP) + len(packet)
    with path.open("ab") as file:
        file.write(length.to_bytes(4, "big") + b"uuid" + _XMP + packet)
