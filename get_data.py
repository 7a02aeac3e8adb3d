"""Download the GRID corpus: `python get_data.py --output_dir data/raw --num_speakers 34`.

The same as `synclips corpus get`; `--help` lists the options.
"""

from synclips.cli import main

if __name__ == "__main__":
    main("corpus", "get")
