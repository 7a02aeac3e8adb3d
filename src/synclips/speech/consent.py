"""Whose voice may be imitated: an agreement that is asked for once and kept with the profile.

Knows the sentence agreed to and the two ways to agree; verifies nothing, which no program can.
"""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from synclips.errors import ConfigError

SETTING = "SYNCLIPS_CONSENT"
SENTENCE = (
    "The person whose voice this is has agreed to its imitation by synclips, in knowledge of what"
    " will be said with it."
)


NEUTRAL = "neutral"
OF_VIDEO = frozenset({NEUTRAL, "original"})
"""Voices that are not given by a file: an engine's own, or that of the person in the video."""


@dataclass(frozen=True)
class Consent:
    """An agreement.

    Attributes:
        date: UTC, ISO 8601.
        sentence: What was agreed to.
        given_by: The option or setting by which the user said so.
    """

    date: str
    sentence: str
    given_by: str


def asks_voice(voice: str | Path, model: str | Path | None) -> bool:
    """Whether speech is to become somebody's voice; arguments as for `asks_consent`."""
    return str(voice) != NEUTRAL or model is not None


def asks_consent(voice: str | Path, model: str | Path | None) -> bool:
    """Whether a voice is learnt anew, so that somebody must vouch for its person.

    Args:
        voice: as for `conversion.converter_for`: a saved profile has its consent, and what an
            engine speaks with is nobody's.
        model: folder of a network that converts; with it `neutral` is the voice in the video, and
            any other that is no folder a recording.
    """
    if str(voice) in OF_VIDEO:
        return asks_voice(voice, model)
    return model is not None and not Path(voice).is_dir()


def require_consent(agreed: bool) -> Consent:
    """Record that the user vouches for the person's consent.

    Args:
        agreed: Whether the user said so with `--i-have-consent`.

    Raises:
        ConfigError: The user said so neither there nor by `SYNCLIPS_CONSENT=1`.
    """
    if not agreed and os.environ.get(SETTING) != "1":
        raise ConfigError(
            "A voice belongs to a person: if this one has agreed to the imitation, knowing what"
            f" will be said, add --i-have-consent, in Python consent=True (or set {SETTING}=1)."
        )
    given_by = "--i-have-consent" if agreed else f"{SETTING}=1"
    return Consent(datetime.now(UTC).isoformat(timespec="seconds"), SENTENCE, given_by)
