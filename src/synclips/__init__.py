"""synclips: a video or a portrait, and speech or a text in; the video with the lips speaking out.

    import synclips
    synclips.sync("talk.mp4", "line.wav", "out.mp4")
    synclips.say("talk.mp4", "Good morning, and welcome.", "out.mp4")
    synclips.learn_person(["interview.mp4", "talk.mp4"], "person")

The names below are all there is to rely on; they load what they need on first use, so that
importing the package costs nothing.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from synclips.dubbing import Said, say
    from synclips.errors import (
        AbsentVoiceError,
        ConfigError,
        InputError,
        ModelError,
        NoFaceError,
        OutputError,
        SynclipsError,
    )
    from synclips.options import SayOptions, SyncOptions
    from synclips.person import learn_person
    from synclips.pipeline import LipSync, sync
    from synclips.report import Report
    from synclips.speech.voice_download import fetch_voice

__version__ = "0.1.0"

__all__ = [
    "AbsentVoiceError",
    "ConfigError",
    "InputError",
    "LipSync",
    "ModelError",
    "NoFaceError",
    "OutputError",
    "Report",
    "Said",
    "SayOptions",
    "SyncOptions",
    "SynclipsError",
    "fetch_voice",
    "learn_person",
    "say",
    "sync",
]

_HOME = {
    **dict.fromkeys(("LipSync", "sync"), "pipeline"),
    "Report": "report",
    "fetch_voice": "speech.voice_download",
    "learn_person": "person",
    **dict.fromkeys(("Said", "say"), "dubbing"),
    **dict.fromkeys(("SayOptions", "SyncOptions"), "options"),
}


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


if not TYPE_CHECKING:  # to a type checker every name would be there

    def __getattr__(name: str) -> Any:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        return getattr(import_module(f"synclips.{_HOME.get(name, 'errors')}"), name)
