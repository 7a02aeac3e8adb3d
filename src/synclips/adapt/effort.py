"""How much time learning a speaker may take, as a user says it."""

import math
from dataclasses import dataclass

from synclips.errors import ConfigError

AUTO = "auto"
OFF = "off"

_STEPS_PER_SECOND = 25  # on one core of a laptop


@dataclass(frozen=True)
class Effort:
    """How long to learn.

    Attributes:
        steps: at most.
        seconds: after which it stops wherever it is; without end the result does not depend on
            the speed of the machine.
        pace: steps for each second of speech.
        boldness: size of a step, 1 is that of `adapt.learn`.
    """

    steps: int
    seconds: float = math.inf
    pace: int = 6
    boldness: float = 1.0

    def steps_for(self, speech: float) -> int:
        """Steps that are worth while for so many seconds of speech.

        More of them learn little speech by heart: of people with 4 to 6 s of it, three steps a
        second taught less, and fifteen too.
        """
        return max(1, min(self.steps, round(self.pace * speech)))


BRIEF = Effort(75)
"""What any video is given: two to three seconds of one core."""

THOROUGH = Effort(600, pace=12, boldness=2.0)
"""For a profile, which is learnt once, from several videos: what is learnt by heart of one of them
does not help on the part held out, which then is another one."""


def parse_effort(text: str) -> Effort | None:
    """`auto`, `off` (None) or seconds.

    Raises:
        ConfigError: it is something else, or not above zero.
    """
    if text == AUTO:
        return BRIEF
    if text == OFF:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise ConfigError(f"--adapt takes auto, off or a number of seconds above 0, not {text!r}.")
    return Effort(max(1, round(_STEPS_PER_SECOND * seconds)), seconds)
