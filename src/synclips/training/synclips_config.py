"""The run that makes `synclips-1`, as a value with defaults."""

from dataclasses import dataclass, field

from synclips.corpus.clips import HELD_OUT, HELD_OUT_INITIALS, VALIDATION, Split, speaker_name
from synclips.corpus.heard import Forms
from synclips.corpus.phones import SpeechSpec
from synclips.errors import ConfigError
from synclips.faces.crop import CropSpec
from synclips.faces.landmarks import MOUTH
from synclips.models.generator import GeneratorSpec
from synclips.models.motion import MotionSpec
from synclips.specification import require_least
from synclips.training.config import RunConfig
from synclips.training.generator_stage import GeneratorWeights
from synclips.training.motion_stage import VisemeOptions
from synclips.training.options import LoopOptions

_MOST_COEFFICIENTS = 3 * len(MOUTH)
_LEAST_WINDOW = 2  # instants; velocities are compared


@dataclass(frozen=True)
class SplitConfig:
    """People and sentences that are never trained on.

    Attributes:
        held_out: GRID speakers.
        validation: those of them whose figures are printed while training.
        held_out_initials: `speaker:letter`; sentences of a seen speaker that begin so.
    """

    held_out: tuple[str, ...] = HELD_OUT
    validation: tuple[str, ...] = VALIDATION
    held_out_initials: tuple[str, ...] = tuple(":".join(each) for each in HELD_OUT_INITIALS)

    def __post_init__(self) -> None:
        if set(self.validation) - set(self.held_out):
            raise ConfigError("Validation speakers must be among the held-out speakers.")
        for each in self.held_out_initials:
            speaker, _, letter = each.partition(":")
            if not speaker or len(letter) != 1:
                raise ConfigError(
                    f"held_out_initials has {each!r}; write speaker and letter, such as 's1:s'."
                )

    @property
    def split(self) -> Split:
        """The same for clips."""
        initials = (each.partition(":") for each in self.held_out_initials)
        return Split(
            frozenset(map(speaker_name, self.held_out)),
            frozenset((speaker_name(speaker), letter) for speaker, _, letter in initials),
            frozenset(map(speaker_name, self.validation)),
        )


@dataclass(frozen=True)
class ShapeConfig:
    """Number of lip coefficients, and clips per person that the basis is learnt from."""

    size: int = 16
    clips_per_person: int = 60

    def __post_init__(self) -> None:
        require_least(self, size=1, clips_per_person=1)
        if self.size > _MOST_COEFFICIENTS:
            raise ConfigError(f"size must be at most {_MOST_COEFFICIENTS}, not {self.size}.")


@dataclass(frozen=True)
class PhoneConfig:
    """The stages `speech` and `phones`, which are skipped where `loop` has no steps.

    Attributes:
        loop: of `phones`.
        speech: what is listened to.
        held_out: voices that are validated on and never trained on, as `flite/rms`.
        window: instants of 20 ms per sample.
    """

    loop: LoopOptions = field(
        default_factory=lambda: LoopOptions(steps=0, batch_size=32, learning_rate=1e-3)
    )
    speech: SpeechSpec = field(default_factory=SpeechSpec)
    held_out: tuple[str, ...] = ("flite/rms",)
    window: int = 128

    def __post_init__(self) -> None:
        require_least(self, window=_LEAST_WINDOW)


@dataclass(frozen=True)
class OffsetConfig:
    """The stage `offsets`, which is skipped where `loop` has no steps.

    Attributes:
        loop: of each of its two networks, which are otherwise as `motion` says.
    """

    loop: LoopOptions = field(
        default_factory=lambda: LoopOptions(steps=0, batch_size=16, learning_rate=1e-3)
    )


@dataclass(frozen=True)
class MotionConfig:
    """The motion stage.

    Attributes:
        loop: how long.
        network: what learns.
        window: instants of 20 ms per sample.
        visemes: speech that nobody was filmed saying; needs that of the stage `speech`.
        quantity: the power of the amount of speech of a person that says how often they are drawn.
    """

    loop: LoopOptions = field(
        default_factory=lambda: LoopOptions(steps=4000, batch_size=32, learning_rate=1e-3)
    )
    network: MotionSpec = field(default_factory=MotionSpec)
    window: int = 128
    visemes: VisemeOptions = field(default_factory=VisemeOptions)
    quantity: float = 0.5

    def __post_init__(self) -> None:
        require_least(self, window=_LEAST_WINDOW, quantity=0)


@dataclass(frozen=True)
class GeneratorConfig:
    """The drawing stage.

    Attributes:
        loop: how long.
        network: what learns.
        crop: how faces are cut out.
        frame_stride: thins frames out.
        adversarial_from: the step from which the discriminator judges.
        corpora: those drawn from.
        weights: of its losses.
        start: a model, by its name or folder, whose generator goes on learning; empty for a fresh
            one.
    """

    loop: LoopOptions = field(
        default_factory=lambda: LoopOptions(steps=6000, batch_size=16, learning_rate=6e-4)
    )
    network: GeneratorSpec = field(default_factory=GeneratorSpec)
    crop: CropSpec = field(default_factory=CropSpec)
    frame_stride: int = 2
    adversarial_from: int = 1500
    corpora: tuple[str, ...] = ("grid",)
    weights: GeneratorWeights = field(default_factory=GeneratorWeights)
    start: str = ""

    def __post_init__(self) -> None:
        require_least(self, frame_stride=1, adversarial_from=0)


@dataclass(frozen=True, kw_only=True)
class SynclipsConfig(RunConfig):
    """Everything that decides what weights come out, except the clips themselves."""

    split: SplitConfig = field(default_factory=SplitConfig)
    shape: ShapeConfig = field(default_factory=ShapeConfig)
    forms: Forms = field(default_factory=Forms)
    phones: PhoneConfig = field(default_factory=PhoneConfig)
    offsets: OffsetConfig = field(default_factory=OffsetConfig)
    motion: MotionConfig = field(default_factory=MotionConfig)
    generator: GeneratorConfig = field(default_factory=GeneratorConfig)

    def __post_init__(self) -> None:
        wanted, given = self.shape.size, self.motion.network.shape_size
        if wanted != given:
            raise ConfigError(
                f"motion.network.shape_size is {given} and shape.size {wanted}; give both one size."
            )
