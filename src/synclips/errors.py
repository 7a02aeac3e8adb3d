"""Every error a user of synclips can meet, as one tree.

    SynclipsError
    ├── InputError          a file the user gave cannot be used
    │   └── NoFaceError     it can be read, but shows no face to work on
    ├── OutputError         the result cannot be written
    ├── ModelError          weights are unknown, damaged or of another version
    └── ConfigError         an option or configuration file contradicts itself
        └── AbsentVoiceError    a voice is wanted that is not here, and can be downloaded

The classes carry no text. The message is written where the error is raised: one sentence that
names the file and the way out. The command line prints that sentence and needs no traceback;
anything that is not a `SynclipsError` is a bug and should keep its traceback.
"""


class SynclipsError(Exception):
    """Base of all errors below; catch this to catch everything synclips raises on purpose."""


class InputError(SynclipsError):
    """A given file is missing, unreadable, damaged or of the wrong kind; give another file."""


class NoFaceError(InputError):
    """No usable face was found; give a picture or video in which one face is well visible."""


class OutputError(SynclipsError):
    """The result cannot be written; choose another path, or free disk space, and run again."""


class ModelError(SynclipsError):
    """Weights are unknown, incomplete or fail their checksum; name or fetch others."""


class ConfigError(SynclipsError):
    """Options are unknown, out of range or exclude each other; change the one that is named."""


class AbsentVoiceError(ConfigError):
    """A voice is wanted that is not here and can be downloaded; get it, or name another.

    Attributes:
        key: what `synclips voices --get` calls it, such as kokoro/v1.0-int8.
    """

    def __init__(self, sentence: str, key: str) -> None:
        super().__init__(sentence)
        self.key = key
