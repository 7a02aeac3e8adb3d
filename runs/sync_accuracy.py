"""How well a SyncNet tells true pairs of mouth and sound from shifted ones.

    python runs/sync_accuracy.py syncnet-judge data/prepared --without grid__s34__bbaczs

For every window of 15 frames that contains speech and every shift of 1 to 15 frames, asks whether
the true sound is nearer to the mouth than the shifted one. Prints the share of right answers per
shift, over all people and for each of them, as a Markdown table.
"""

import argparse
from pathlib import Path

import torch

from synclips.checkpoint import load_syncnet
from synclips.corpus.manifest import Entry, Manifest, read_manifest
from synclips.corpus.windows import WindowDataset, WindowSpec
from synclips.models.syncnet import WINDOW, SyncNet
from synclips.training.syncnet_stage import MOST, accuracy


def table(network: SyncNet, corpus: Path, manifest: Manifest, entries: list[Entry]) -> None:
    """Print the rows of all people together and of each."""
    print("| clips of | clips | " + " | ".join(str(shift) for shift in range(1, MOST + 1)) + " |")
    print("| --- | ---: |" + " ---: |" * MOST)
    people = sorted({entry.person for entry in entries})
    groups = [("all", entries)] if len(people) > 1 else []
    groups += [(person, [e for e in entries if e.person == person]) for person in people]
    spec = WindowSpec(WINDOW, network.spec.size, references=0)
    for name, chosen in groups:
        data = WindowDataset(corpus, manifest, chosen, spec)
        found = accuracy(network, data, torch.device("cpu"))
        cells = " | ".join(f"{100 * share:.1f}" for share in found)
        print(f"| {name} | {len(data)} | {cells} |", flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("syncnet", help="a SyncNet by name, or its folder")
    parser.add_argument("corpus", type=Path, help="a prepared corpus")
    parser.add_argument("--split", nargs="+", default=["validation"], help="which of its clips")
    parser.add_argument("--without", nargs="+", default=[], metavar="KEY", help="clips left out")
    arguments = parser.parse_args()
    manifest = read_manifest(arguments.corpus)
    network = load_syncnet(arguments.syncnet).network
    entries = [e for e in manifest.of(*arguments.split) if e.key not in arguments.without]
    table(network, arguments.corpus, manifest, entries)


if __name__ == "__main__":
    main()
