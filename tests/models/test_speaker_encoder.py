import torch

from synclips.models.speaker_encoder import EMBEDDING, PART_FRAMES, SpeakerEncoder


def test_embeddings_lie_on_the_positive_part_of_the_sphere() -> None:
    torch.manual_seed(0)
    network = SpeakerEncoder().eval()
    with torch.inference_mode():
        found = network(torch.rand(3, PART_FRAMES, 40))
    assert found.shape == (3, EMBEDDING)
    torch.testing.assert_close(found.norm(dim=1), torch.ones(3))
    assert bool((found >= 0).all())
