"""How work that takes a while tells how far it is; importable without any heavy package."""

from collections.abc import Callable

Progress = Callable[[str, int, int | None], None]
"""Called with the name of the step, what is done, and what there is in all where that is known."""
