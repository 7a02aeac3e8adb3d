"""`python -m synclips`, the same as the command `synclips`."""

from synclips.cli import main

if __name__ == "__main__":
    main()
