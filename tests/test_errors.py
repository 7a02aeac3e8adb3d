import inspect

import pytest

from synclips import errors

TREE = {
    "SynclipsError": Exception,
    "InputError": errors.SynclipsError,
    "NoFaceError": errors.InputError,
    "OutputError": errors.SynclipsError,
    "ModelError": errors.SynclipsError,
    "ConfigError": errors.SynclipsError,
    "AbsentVoiceError": errors.ConfigError,
}


def test_the_tree_is_the_one_that_is_documented() -> None:
    found = dict(inspect.getmembers(errors, inspect.isclass))
    assert {name: error.__base__ for name, error in found.items()} == TREE


@pytest.mark.parametrize("name", TREE)
def test_an_error_is_its_sentence(name: str) -> None:
    more = ["piper/en"] if name == "AbsentVoiceError" else []
    error = getattr(errors, name)("talk.mp4 is empty; record it again.", *more)
    assert str(error) == "talk.mp4 is empty; record it again."
    assert error.__doc__
    with pytest.raises(errors.SynclipsError):
        raise error


def test_of_a_voice_that_is_not_here_it_is_told_what_brings_it() -> None:
    assert errors.AbsentVoiceError("It is not here.", "kokoro/v1.0-int8").key == "kokoro/v1.0-int8"


def test_none_of_them_hides_a_bug() -> None:
    for builtin in (OSError, ValueError, KeyError, RuntimeError, TypeError):
        assert not issubclass(errors.SynclipsError, builtin)
