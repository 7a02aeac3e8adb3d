import os
import signal

import pytest

from synclips.training.stop import StopSignals


def test_the_first_signal_waits_and_the_second_does_not() -> None:
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt), StopSignals() as signals:
        assert signals.number == 0
        os.kill(os.getpid(), signal.SIGINT)
        assert signals.number == signal.SIGINT
        os.kill(os.getpid(), signal.SIGTERM)
        pytest.fail("the second signal was ignored")
    assert signal.getsignal(signal.SIGINT) is before
