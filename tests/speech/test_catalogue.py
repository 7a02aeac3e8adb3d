from collections import Counter

import pytest

from synclips.errors import ConfigError
from synclips.speech.catalogue import find_offer, offers, offers_of


def test_every_file_can_be_checked() -> None:
    for offer in offers():
        assert offer.engine in ("piper", "kokoro")
        assert offer.licence
        for file in offer.files:
            assert file.url.startswith(("https://huggingface.co/", "https://github.com/"))
            assert file.checksum.algorithm == "sha256"
            assert len(bytes.fromhex(file.checksum.digest)) == 32
            assert file.checksum.size > 1000
    assert max(Counter(offer.key for offer in offers()).values()) == 1


def test_urls_do_not_move() -> None:
    for offer in offers_of("piper"):
        revisions = {file.url.split("/resolve/")[1].partition("/")[0] for file in offer.files}
        assert [len(revision) for revision in revisions] == [40]
        assert [file.name for file in offer.files] == [
            f"{offer.name}.onnx.json",
            f"{offer.name}.onnx",
        ]
        assert offer.name.lower().replace("_", "-").startswith(offer.language)


def test_by_key() -> None:
    offer = find_offer("piper/en_US-lessac-medium")
    assert offer.size == 63_201_294 + 4_885
    assert offer.how == "63 MB; synclips voices --get piper/en_US-lessac-medium"
    with pytest.raises(ConfigError, match="There is no piper/x to get; take one of piper/en_US-k"):
        find_offer("piper/x")
