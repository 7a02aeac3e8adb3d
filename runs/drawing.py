"""How well mouths are drawn when it is known how the lips shall be.

    python runs/drawing.py synclips-1 data/prepared --split validation

Reconstruction with the true lips: every frame of a clip is drawn from others of the same clip, none
of them nearer than 5 frames, with the landmarks it really has. Aligned crops, so that neither head
nor hearing has a part in it; the frame to edit is the one nearest in time that is allowed. Prints
PSNR, SSIM and detail in the mouth box (outer lips and 20 %), for the drawing, for the frame to
edit as it is, for that frame and for the nearest mouth moved by landmarks alone, per person.
"""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from numpy.typing import NDArray

from synclips.checkpoint import Checkpoint, load_checkpoint
from synclips.corpus.manifest import read_manifest
from synclips.corpus.mouths import prepare_crops
from synclips.evaluation import metrics
from synclips.faces.landmarks import mouth_opening
from synclips.media.box import Box
from synclips.render.lip_map import lip_maps, lip_zones
from synclips.render.reference_banks import PER_SEGMENT
from synclips.render.references import Reference, ReferenceBank
from synclips.render.warp import join_rims, landmark_flow, sample, select
from synclips.training.generator_stage import Scene, draw_scene

GAP = 5
STEP = 3
Image = NDArray[np.uint8]


def picture(values: torch.Tensor) -> Image:
    """(3, S, S) in [0, 1] -> (S, S, 3)."""
    return (values.permute(1, 2, 0).clamp(0, 1) * 255).round().byte().numpy()


def tensor(images: Image) -> torch.Tensor:
    """(..., S, S, 3) -> (..., 3, S, S) in [0, 1]."""
    return torch.from_numpy(images).movedim(-1, -3).float() / 255


@torch.inference_mode()
def versions(
    checkpoint: Checkpoint, images: Image, points: NDArray[np.float32], index: int
) -> dict[str, Image]:
    """One frame of a clip in several ways."""
    size = images.shape[1]
    allowed = np.flatnonzero(np.abs(np.arange(len(images)) - index) >= GAP)
    edit = int(allowed[np.abs(allowed - index).argmin()])
    kept = allowed[np.linspace(0, len(allowed) - 1, PER_SEGMENT).astype(int)]
    box = Box(0, 0, size, size)
    bank = ReferenceBank(
        [Reference(points[k], images[k], images[k], box, np.eye(2, 3), 0.0, 0.5) for k in kept]
    )
    count = checkpoint.generator.spec.references - 1
    chosen = bank.nearest(points[index], 0.0, None, count)
    sources = np.stack([points[edit], *(one.points for one in chosen)])[None]
    target = points[index : index + 1]
    zones = torch.from_numpy(lip_zones(target[0], size))[None]
    maps = torch.from_numpy(lip_maps(target[0], size))[None]
    flow = landmark_flow(torch.from_numpy(target), torch.from_numpy(sources), size)
    flow = select(join_rims(flow, zones, maps), zones)
    references = tensor(np.stack([images[edit], *(one.image for one in chosen)]))[None]
    gaps = (mouth_opening(sources) - mouth_opening(target)[:, None]).astype(np.float32) / 10
    scene = Scene(
        tensor(images[index : index + 1]),
        references,
        flow,
        maps,
        torch.from_numpy(gaps),
    )
    warped = sample(references[0], flow[0])
    drawing = checkpoint.generator(warped[None], scene.maps, scene.gaps)
    return {
        "drawn": picture(draw_scene(scene, drawing)[0]),
        "copied": images[edit],
        "copy, moved": picture(warped[0]),
        "nearest, moved": picture(warped[1]),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("model", help="a model of the family synclips-1, or its folder")
    parser.add_argument("corpus", type=Path, help="a prepared corpus whose videos are still there")
    parser.add_argument("--split", nargs="+", default=["validation"], help="which of its clips")
    arguments = parser.parse_args()
    checkpoint = load_checkpoint(arguments.model)
    assert isinstance(checkpoint, Checkpoint)
    entries = read_manifest(arguments.corpus).of(*arguments.split)
    found: dict[tuple[str, str], list[tuple[float, float, float]]] = {}
    with TemporaryDirectory(prefix="synclips-") as folder:
        out = Path(folder)
        clips = [entry.clip for entry in entries]
        prepare_crops(clips, arguments.corpus, out, checkpoint.shape, checkpoint.crop, 1)
        for clip in clips:
            file = out / f"{clip.key}.crops.npz"
            if not file.exists():
                continue
            with np.load(file, allow_pickle=False) as data:
                images, points = data["images"], data["points"]
            for index in range(0, len(images), STEP) if len(images) > 4 * GAP else ():
                where = metrics.mouth_box(points[index], *images.shape[1:3])
                truth = images[index][where]
                if min(truth.shape[:2]) < 11:
                    continue
                for name, guess in versions(checkpoint, images, points, index).items():
                    seen = guess[where]
                    detail = metrics.texture(seen) / metrics.texture(truth)
                    row = (metrics.psnr(seen, truth), metrics.ssim(seen, truth), detail)
                    for person in (clip.person, "all"):
                        found.setdefault((person, name), []).append(row)
    print("| person | picture | frames | PSNR dB | SSIM | detail |")
    print("| --- | --- | ---: | ---: | ---: | ---: |")
    for (person, name), rows in sorted(found.items()):
        psnr, ssim, _ = np.mean(rows, axis=0)
        detail = np.exp(np.mean(np.log([row[2] for row in rows])))
        print(f"| {person} | {name} | {len(rows)} | {psnr:.1f} | {ssim:.3f} | {detail:.2f} |")


if __name__ == "__main__":
    main()
