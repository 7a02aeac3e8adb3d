import pytest
import torch

from synclips.errors import ConfigError
from synclips.models.syncnet import WINDOW, SyncNet, SyncNetSpec


@pytest.fixture
def network() -> SyncNet:
    torch.manual_seed(0)
    spec = SyncNetSpec(size=16, n_mels=8, width=8, hidden=16, features=12)
    return SyncNet(spec).eval()


@pytest.fixture
def clip() -> tuple[torch.Tensor, torch.Tensor]:
    torch.manual_seed(1)
    return torch.rand(2, 1, 25, 16, 16), torch.randn(2, 100, 8)


@torch.no_grad()
def test_one_direction_per_window(
    network: SyncNet, clip: tuple[torch.Tensor, torch.Tensor]
) -> None:
    mouth, sound = network(*clip)
    assert mouth.shape == sound.shape == (2, 25 - WINDOW + 1, 12)
    torch.testing.assert_close(mouth.norm(dim=-1), torch.ones(2, 11))
    torch.testing.assert_close(sound.norm(dim=-1), torch.ones(2, 11))


@torch.no_grad()
def test_a_window_sees_and_hears_its_own_frames_only(
    network: SyncNet, clip: tuple[torch.Tensor, torch.Tensor]
) -> None:
    lips, mel = clip
    window = network.sound(mel[:, 12:72])
    torch.testing.assert_close(window[:, 0], network.sound(mel)[:, 3], rtol=1e-4, atol=1e-5)
    changed = mel.clone()
    changed[:, 72:] += 1
    changed[:, :12] -= 1
    torch.testing.assert_close(network.sound(changed)[:, 3], network.sound(mel)[:, 3])
    changed[:, 71] += 1
    assert not torch.allclose(network.sound(changed)[:, 3], network.sound(mel)[:, 3])
    # Brightness is taken out over the clip, so frames are exchanged rather than changed.
    shuffled = lips.clone()
    shuffled[:, :, 18:] = lips[:, :, 18:].flip(2)
    torch.testing.assert_close(
        network.mouth(shuffled)[:, 3], network.mouth(lips)[:, 3], rtol=1e-4, atol=1e-5
    )
    shuffled[:, :, 17:] = lips[:, :, 17:].flip(2)
    assert not torch.allclose(network.mouth(shuffled)[:, 3], network.mouth(lips)[:, 3])


@torch.no_grad()
def test_light_and_contrast_do_not_matter(
    network: SyncNet, clip: tuple[torch.Tensor, torch.Tensor]
) -> None:
    lips = 0.25 + 0.5 * clip[0]
    seen, darker = network.mouth(lips), network.mouth(lips * 0.8 - 0.1)
    assert (seen * darker).sum(dim=-1).min() > 0.98


@torch.no_grad()
def test_what_stands_still_is_not_seen(
    network: SyncNet, clip: tuple[torch.Tensor, torch.Tensor]
) -> None:
    still = torch.rand(1, 1, 1, 16, 16)
    scene = still.expand(1, 1, 20, 16, 16)
    other = torch.rand(1, 1, 1, 16, 16).expand(1, 1, 20, 16, 16)
    torch.testing.assert_close(network.mouth(scene), network.mouth(other), rtol=1e-3, atol=1e-4)
    moving = clip[0][:1, :, :20]
    assert not torch.allclose(network.mouth(moving), network.mouth(scene), atol=1e-2)


def test_the_picture_must_be_divisible() -> None:
    with pytest.raises(ConfigError, match="multiple of 16"):
        SyncNetSpec(size=40)
