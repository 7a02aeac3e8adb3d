import pytest
import torch

from synclips.models.audio_encoder import AudioEncoder, LocalAttentionLayer


@pytest.fixture
def encoder() -> AudioEncoder:
    torch.manual_seed(0)
    return AudioEncoder(n_mels=8, width=16, depth=2, heads=2, reach=3).eval()


@pytest.mark.parametrize(("frames", "instants"), [(1, 1), (2, 1), (3, 2), (100, 50), (101, 51)])
def test_two_mel_frames_make_one_instant(encoder: AudioEncoder, frames: int, instants: int) -> None:
    assert encoder(torch.randn(3, frames, 8)).shape == (3, instants, 16)


@torch.no_grad()
def test_sound_beyond_the_context_changes_nothing(encoder: AudioEncoder) -> None:
    assert encoder.context == 2 * 3 + 4
    mel = torch.randn(1, 120, 8)
    changed = mel.clone()
    place = 30  # instants
    reach = 2 * encoder.context
    changed[:, : 2 * place - reach] = 5
    changed[:, 2 * place + reach + 1 :] = -5
    before, after = encoder(mel)[:, place], encoder(changed)[:, place]
    torch.testing.assert_close(after, before, rtol=0, atol=1e-6)


@torch.no_grad()
def test_sound_within_reach_is_heard(encoder: AudioEncoder) -> None:
    mel = torch.randn(1, 120, 8)
    for distance in (-5, 0, 5):  # instants, through both layers
        changed = mel.clone()
        changed[:, 2 * (30 + distance)] += 5
        assert (encoder(changed) - encoder(mel))[:, 30].abs().max() > 1e-5, distance


@torch.no_grad()
def test_features_do_not_depend_on_where_in_the_sound_they_are(encoder: AudioEncoder) -> None:
    word = torch.randn(1, 100, 8)
    early = torch.cat([torch.zeros(1, 100, 8), word, torch.zeros(1, 300, 8)], dim=1)
    late = torch.cat([torch.zeros(1, 300, 8), word, torch.zeros(1, 100, 8)], dim=1)
    torch.testing.assert_close(
        encoder(late)[:, 150:200], encoder(early)[:, 50:100], rtol=0, atol=1e-5
    )


def test_dropout_is_for_training_only() -> None:
    torch.manual_seed(0)
    layer = LocalAttentionLayer(width=16, heads=2, reach=3, dropout=0.5)
    hidden = torch.randn(1, 20, 16)
    assert not torch.equal(layer(hidden), layer(hidden))
    layer.eval()
    assert torch.equal(layer(hidden), layer(hidden))
