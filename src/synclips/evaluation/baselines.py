"""Systems that need no network to draw, made from the model that is evaluated.

They take the mouths of A itself: one of them all the time, or for each frame the one that is
nearest to what the model hears. What a model draws must be better than these to be worth anything.
"""

from synclips.evaluation.conditions import COPIED, RETRIEVAL, System
from synclips.evaluation.transplanting import CopyingPerformer, RetrievingPerformer
from synclips.pipeline import LipSync
from synclips.render.warping import WarpingPerformer


def simple_systems(engine: LipSync) -> dict[str, System]:
    """What to run beside a model, by condition.

    Retrieval needs a model that says what lips it wants, which of all families `synclips-1` does.
    """
    systems: dict[str, System] = {COPIED: engine.performed_by(CopyingPerformer(engine.shape))}
    if isinstance(engine.performer, WarpingPerformer):
        systems[RETRIEVAL] = engine.performed_by(RetrievingPerformer(engine.performer))
    return systems
