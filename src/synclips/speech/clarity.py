"""Whether what was said can still be heard after a voice was changed.

The ear of `synclips-1`, a network trained on many speakers, hears the speech before and after;
where it hears something else, words were lost. Needs no text. Knows what was heard, no voices and
no sound.
"""

import numpy as np
from numpy.typing import NDArray

from synclips.speech.smoothing import smooth

Array = NDArray[np.float64]

# Clarity at which a word is as good as gone, and from which it is safe; the ear hears the same
# words less alike the farther the two voices are from each other.
_FAR_LOST, _NEAR_LOST = 0.6, 0.65
_FAR_CLEAR, _NEAR_CLEAR = 0.75, 0.85
# The same in other languages than English, which the ear was taught for the most part: it takes
# sounds for alike that tell words apart there.
_FOREIGN_LOST, _FOREIGN_CLEAR = 0.72, 0.9
_WORD_FRAMES = 12.0  # 60 ms: deviation of the smoothing of clarity; single frames say little
_STEP_FRAMES = 6.0  # 30 ms, of the strength, so that no step is heard


def clarity(before: Array, after: Array, spoken: NDArray[np.bool_]) -> Array:
    """How much of what was said is heard in what came out, (F,); 1 for all of it.

    The cosine of what is heard, less the mean of the sentence, which is the speaker's for the most
    part.

    Args:
        before: (F, D) what is heard of the speech given.
        after: (F, D) of the speech that came out.
        spoken: (F,) where speech is, at least once.
    """
    wanted, found = before - before[spoken].mean(axis=0), after - after[spoken].mean(axis=0)
    sizes = np.linalg.norm(wanted, axis=1) * np.linalg.norm(found, axis=1)
    result: Array = (wanted * found).sum(axis=1) / (sizes + 1e-9)
    return result


def bearable(clear: Array, nearness: float, familiar: bool = True) -> Array:
    """How strong a change may stay for words to be understood, (F, 1), 0..1.

    Args:
        clear: (F,) the clarity of the speech after the whole of the change.
        nearness: How much the voices are like each other before it, 0..1.
        familiar: Whether the language is one the ear knows well.
    """
    lost, safe = _FOREIGN_LOST, _FOREIGN_CLEAR
    if familiar:
        lost = _FAR_LOST + (_NEAR_LOST - _FAR_LOST) * nearness
        safe = _FAR_CLEAR + (_NEAR_CLEAR - _FAR_CLEAR) * nearness
    around = smooth(clear[:, None], _WORD_FRAMES)
    return smooth(np.clip((around - lost) / (safe - lost), 0, 1), _STEP_FRAMES)
