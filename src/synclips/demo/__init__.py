"""The files of `synclips demo`: a portrait from scikit-image and speech made for this project.

The portrait is the public-domain NASA photograph of Eileen Collins, `skimage.data.astronaut`. The
speech is `speech.flac`, synthesised for synclips with flite's voice slt; SPEECH.md says how.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory

from synclips.errors import ConfigError


@contextmanager
def demo_files() -> Iterator[tuple[Path, Path]]:
    """Portrait and speech as files, for the time of the context.

    Raises:
        ConfigError: scikit-image is not installed.
    """
    try:
        from skimage.data import astronaut
        from skimage.io import imsave
    except ImportError as error:
        raise ConfigError(
            'The demo\'s portrait comes with scikit-image; install it: pip install -e ".[demo]".'
        ) from error
    with TemporaryDirectory() as folder, as_file(files(__name__) / "speech.flac") as speech:
        portrait = Path(folder) / "astronaut.png"
        imsave(portrait, astronaut(), check_contrast=False)
        yield portrait, speech
