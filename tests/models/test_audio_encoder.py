import pytest
import torch
from torch import Tensor

from synclips.models.audio_encoder import AudioEncoder, LocalAttentionLayer
from synclips.models.speech_encoder import FEATURES


@pytest.fixture
def encoder() -> AudioEncoder:
    torch.manual_seed(0)
    return AudioEncoder(width=16, depth=2, heads=2, reach=3).eval()


def sound(instants: int) -> Tensor:
    return torch.randn(1, instants, FEATURES)


@pytest.mark.parametrize("instants", [1, 50])
def test_every_instant_has_its_features(encoder: AudioEncoder, instants: int) -> None:
    assert encoder(sound(instants).expand(3, -1, -1)).shape == (3, instants, 16)


@torch.no_grad()
def test_sound_beyond_the_context_changes_nothing(encoder: AudioEncoder) -> None:
    assert encoder.context == 2 * 3
    heard = sound(60)
    changed = heard.clone()
    place, reach = 30, encoder.context
    changed[:, : place - reach] = 5
    changed[:, place + reach + 1 :] = -5
    before, after = encoder(heard)[:, place], encoder(changed)[:, place]
    torch.testing.assert_close(after, before, rtol=0, atol=1e-6)


@torch.no_grad()
def test_sound_within_reach_is_heard(encoder: AudioEncoder) -> None:
    heard = sound(60)
    for distance in (-5, 0, 5):  # instants, through both layers
        changed = heard.clone()
        changed[:, 30 + distance] *= 5
        assert (encoder(changed) - encoder(heard))[:, 30].abs().max() > 1e-5, distance


@torch.no_grad()
def test_features_do_not_depend_on_where_in_the_sound_they_are(encoder: AudioEncoder) -> None:
    word = sound(50)
    early = torch.cat([0 * sound(50), word, 0 * sound(150)], dim=1)
    late = torch.cat([0 * sound(150), word, 0 * sound(50)], dim=1)
    torch.testing.assert_close(
        encoder(late)[:, 150:200], encoder(early)[:, 50:100], rtol=0, atol=1e-5
    )


@torch.no_grad()
def test_loud_features_count_no_more_than_others(encoder: AudioEncoder) -> None:
    scale = torch.linspace(0.1, 100, FEATURES)
    plain, stretched = sound(200), 3 + scale * sound(200)
    encoder.measure(stretched[0])
    torch.testing.assert_close(encoder.mean, stretched[0].mean(dim=0))
    once = encoder(stretched)
    encoder.measure((10 * stretched)[0])
    torch.testing.assert_close(encoder(10 * stretched), once, rtol=0, atol=0.02)
    assert (encoder(plain) - once).abs().max() > 0.1


def test_dropout_is_for_training_only() -> None:
    torch.manual_seed(0)
    layer = LocalAttentionLayer(width=16, heads=2, reach=3, dropout=0.5)
    hidden = torch.randn(1, 20, 16)
    assert not torch.equal(layer(hidden), layer(hidden))
    layer.eval()
    assert torch.equal(layer(hidden), layer(hidden))
