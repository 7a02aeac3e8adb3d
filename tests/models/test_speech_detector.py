import torch

from synclips.models.speech_detector import CHUNK, CONTEXT, SpeechDetector


def test_blocks_with_their_state_give_what_one_piece_gives() -> None:
    torch.manual_seed(0)
    network = SpeechDetector().eval()
    chunks = torch.randn(12, CONTEXT + CHUNK)
    with torch.inference_mode():
        whole, _ = network(chunks)
        first, state = network(chunks[:5])
        second, _ = network(chunks[5:], state)
    assert whole.shape == (12,)
    assert bool(((whole > 0) & (whole < 1)).all())
    torch.testing.assert_close(torch.cat([first, second]), whole)


def test_forgets_without_the_state() -> None:
    torch.manual_seed(0)
    network = SpeechDetector().eval()
    chunks = torch.randn(12, CONTEXT + CHUNK)
    with torch.inference_mode():
        whole, _ = network(chunks)
        second, _ = network(chunks[5:])
    assert not torch.allclose(second, whole[5:])
