import torch

from synclips.models.sound_windows import windows_at


def test_windows_lie_around_their_instants() -> None:
    sound = torch.arange(100.0)[:, None].expand(-1, 13)
    silence = torch.full((13,), -5.0)
    windows = windows_at(sound, torch.tensor([50, 3, 99, 500]), 60, 28, silence)
    assert windows.shape == (4, 60, 13)
    assert windows[0, :, 0].tolist() == list(range(22, 82))
    assert windows[0, 28, 0] == 50
    assert windows[1, :, 12].tolist() == [-5] * 25 + list(range(35))
    assert windows[2, :, 0].tolist() == list(range(71, 100)) + [-5] * 31
    assert (windows[3] == -5).all()
