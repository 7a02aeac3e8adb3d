#!/usr/bin/env bash
# The whole road as one script: GRID is downloaded and prepared, SyncNets and a preset are trained
# on it, and the result is measured.
#
#   runs/grid.sh                                        # the published network on all of GRID
#   PRESET=all SPEAKERS=1-4,32,34 runs/grid.sh          # both presets on fewer people
#   PREPARED=data/prepared runs/grid.sh                 # the corpus is there already
#   TINY=1 PRESET=all runs/grid.sh                      # everything at toy size, in minutes
#
# Run it again after anything: whatever is complete is passed over, whatever was begun goes on where
# it stopped. To begin anew, remove the folder of the step. docs/training.md explains the steps,
# docs/evaluation.md the report, docs/cloud.md how to run this on a rented GPU.
set -euo pipefail
# Stopping bash alone would leave its child running; this way bash waits for it and then stops.
trap 'exit 130' INT
trap 'exit 143' TERM
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# --- What, and where to. Every setting is an environment variable. ---------------------------------

TINY=${TINY:-}                         # 1: toy sizes, and archives made here unless SOURCE names some
PRESET=${PRESET:-grid-gan}             # grid-gan, synclips-1 or all
WORK=${WORK:-checkpoints}              # networks, one folder each
REPORT=${REPORT:-report}               # one folder per preset
DATA=${DATA:-data}
RAW=${RAW:-$DATA/raw}                  # the corpus as it comes: 17 GB for all 34 speakers
SKIP_DOWNLOAD=${SKIP_DOWNLOAD:-}       # 1: take what is in RAW
SOURCE=${SOURCE:-}                     # base URL or folder of archives, instead of the public ones
DEVICE=${DEVICE:-auto}                 # auto, cpu or cuda
DEVICES=${DEVICES:-1}                  # processes that train, each on a device
DRAWERS=${DRAWERS:-1}                  # processes that draw batches, for each of them
WORKERS=${WORKERS:-}                   # processes that prepare; as many as cores
UNTIL=${UNTIL:-}                       # prepare: stop there, for nothing until then needs a GPU
PAIRS=${PAIRS:-10}                     # per speaker in the report
# What the speakers and the report are by default:
if [ -n "$TINY" ]; then
    SPEAKERS=${SPEAKERS:-1,2,32}
    TEST=${TEST:-}
else
    SPEAKERS=${SPEAKERS:-34}           # the first N, or a list such as 1,4,10-12
    # Nobody trains on these. Their figures are printed while training; for a number that nothing
    # was tuned on, TEST=s5,s26,s33.
    TEST=${TEST:-s32,s34}
fi
# A corpus that is prepared elsewhere. Without RAW beside it there is no report.
IS_PREPARED=${PREPARED:+1}
PREPARED=${PREPARED:-$DATA/prepared}

case $PRESET in
    grid-gan | synclips-1) presets=$PRESET ;;
    all) presets="grid-gan synclips-1" ;;
    *) echo "PRESET is grid-gan, synclips-1 or all, not $PRESET" >&2; exit 2 ;;
esac

# After `make setup` the commands are in .venv, whether or not it is activated.
command -v synclips >/dev/null || PATH=$PWD/.venv/bin:$PATH
command -v synclips >/dev/null || { echo "synclips is not installed; run make setup" >&2; exit 1; }

# --- How a step is run -----------------------------------------------------------------------------

# step NAME COMMAND...: says when the step began and how long it took. Whoever watches may rely on
# lines that begin with "=== ": what was done before such a line is on disk.
step() {
    local name=$1 began=$SECONDS
    shift
    echo "=== $(date +%T) $name"
    "$@"
    echo "=== $(date +%T) $name: $((SECONDS - began)) s"
}

# config NAME: the file of a training run, or its toy version.
config() {
    [ -n "$TINY" ] || { echo "configs/$1.toml"; return; }
    case $1 in
        syncnet-*) echo configs/tiny-syncnet.toml ;;
        synclips-1) echo configs/tiny.toml ;;
        *) echo "configs/tiny-$1.toml" ;;
    esac
}

# train NAME: its config, with the SyncNet expert where WORK says, and with batches cut into a
# piece for every device.
train() {
    local name=$1 given
    given=$(config "$name")
    mkdir -p "$WORK/$name"
    sed "s|^expert *=.*|expert = \"$WORK/syncnet-expert/model\"|" "$given" |
        awk -F= -v devices="$DEVICES" '
            devices > 1 && /^micro_batch *=/ { next }
            { print }
            devices > 1 && /^batch_size *=/ {
                print "micro_batch = " ($2 < devices ? 1 : int($2 / devices))
            }' >"$WORK/$name/run.toml"
    synclips train "$WORK/$name/run.toml" --data "$PREPARED" --work "$WORK/$name" \
        --device "$DEVICE" --devices "$DEVICES" --drawers "$DRAWERS"
}

# --- The steps -------------------------------------------------------------------------------------

# Stops if a part of the corpus is to be had nowhere; SKIP_DOWNLOAD=1 goes on without it.
download() {
    local get=(python get_data.py --output_dir "$RAW")
    case $SPEAKERS in
        *[!0-9]*) get+=(--speakers "$SPEAKERS") ;;
        *) get+=(--num_speakers "$SPEAKERS") ;;
    esac
    if [ -n "$TINY" ] && [ -z "$SOURCE" ]; then
        SOURCE=$DATA/archives
        [ -d "$SOURCE" ] || python runs/tiny_archives.py "$SOURCE"
    fi
    [ -z "$SOURCE" ] || get+=(--source "$SOURCE")
    "${get[@]}"
}

# Faces, lips, sound and words of every clip, and the manifest that says who is held out.
prepare() {
    local command=(python main.py "$RAW" "$PREPARED")
    [ -z "$WORKERS" ] || command+=(--workers "$WORKERS")
    "${command[@]}"
}

# evaluation PRESET: by the swap protocol, beside its baselines, with the judge of this run. Done
# again only if the model, the judge or what is asked for has changed.
evaluation() {
    local model=$WORK/$1/model judge=$WORK/syncnet-judge/model out=$REPORT/$1 test=$TEST made_of
    if [ -n "$TINY" ] && [ -z "$test" ]; then
        # Whom the toy configs hold out.
        case $1 in synclips-1) test=s2 ;; *) test=s32 ;; esac
    fi
    made_of="$test, $PAIRS pairs, $(cat "$model"/*.* "$judge"/*.* | cksum)"
    if [ -f "$out/results.json" ] && [ "$(cat "$out/made-of" 2>/dev/null)" = "$made_of" ]; then
        echo "$out is up to date"
        return
    fi
    rm -f "$out/made-of"
    synclips evaluate "$model" --data "$RAW" --speakers "$test" --limit "$PAIRS" \
        --judge "$judge" --device "$DEVICE" -o "$out"
    echo "$made_of" >"$out/made-of"
}

if [ -z "$IS_PREPARED" ]; then
    [ -n "$SKIP_DOWNLOAD" ] || step download download
    step prepare prepare
fi
[ "$UNTIL" != prepare ] || exit 0

# Two networks that hear whether lips and sound agree, of other speakers and seeds: one as a loss of
# grid-gan, one that judges in the report. They learn by comparing the samples of a piece with each
# other, so a batch must not be cut: on one device.
case $presets in *grid-gan*) DEVICES=1 step syncnet-expert train syncnet-expert ;; esac
DEVICES=1 step syncnet-judge train syncnet-judge

for preset in $presets; do
    step "$preset" train "$preset"
done

if [ ! -d "$RAW" ]; then
    echo "no report: the evaluation needs the clips themselves, and $RAW is not there" >&2
    exit
fi
for preset in $presets; do
    step "report of $preset" evaluation "$preset"
done
