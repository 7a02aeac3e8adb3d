"""Prepare the downloaded corpus for training: `python main.py`, or `python main.py RAW OUT`.

The same as `synclips corpus prepare`; `--help` lists the options.
"""

from synclips.cli import main

if __name__ == "__main__":
    main("corpus", "prepare")
