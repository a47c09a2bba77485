"""The device of the command line: on the stack's own channel, at the temperature asked for."""

import re
from pathlib import Path

import pytest

from benchmarks.cli import Parser, add_hardware, hardware_of
from circuits import Wires
from crossbar import Hardware
from crossbar.imperfections import ReadNoise
from device_models import CompoundMTJ, load_stack, stacks
from device_models.stacks.errors import MissingTableError, OutsideRangeError
from tests.support.stacks import OF_THICKNESS, WRITTEN

PERPENDICULAR = "--stack perpendicular_cofeb --thickness 1.2"


def hardware(flags: str) -> Hardware:
    parser = Parser(prog="x")
    add_hardware(parser)
    return hardware_of(parser.parse_args(flags.split()))


def without(tables: str, folder: Path) -> str:
    """The path of the paper's stack without tables of these names."""
    text = (Path(stacks.__file__).parent / "kumar2024.toml").read_text(encoding="utf-8")
    for name in tables.split():
        text = re.sub(rf"(?ms)^\[{name}\]\n.*?(?=^\[|\Z)", "", text)
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("name", WRITTEN)
def test_the_stacks_own_channel_is_read_through_unless_it_is_not_wanted(name: str) -> None:
    stack = load_stack(name)
    t = sum(stack.thickness_range) / 2
    flags = f"--stack {name} --thickness {t * 1e9:.15g}"
    mtj = hardware(flags).synapse.mtj
    for more, channel in {"": stack.write_channel(), "--channel": stack.write_channel(),
                          "--both-ends": stack.write_channel(True), "--no-channel": None}.items():
        assert hardware(f"{flags} {more}").synapse == CompoundMTJ(mtj, 3, channel)


def test_a_channel_narrows_the_swing_and_both_ends_take_less_of_it() -> None:
    swings = []
    for more in ("", " --both-ends", " --no-channel"):
        g = hardware(PERPENDICULAR + more).synapse.conductances(0.1)
        swings.append(g[-1] - g[0])
    assert swings == sorted(swings)
    assert swings[0] < 0.6 * swings[-1]


def test_a_stack_without_channel_has_none_and_is_asked_for_none(tmp_path: Path) -> None:
    path = without("channel", tmp_path)
    assert hardware(f"--stack {path}").synapse.channel is None
    with pytest.raises(MissingTableError, match=r"has no table \[channel\]; add it"):
        hardware(f"--stack {path} --channel")
    with pytest.raises(ValueError, match=r"--both-ends is of a channel, and .* has no \[channel\]"):
        hardware(f"--stack {path} --both-ends")


def test_contradictions_of_the_device_are_refused() -> None:
    for flags, message in {
            "--no-channel --both-ends": "--no-channel says that there is none; leave one",
            "--cells 25": "20 or fewer on the channel of stack 'kumar2024': add --no-channel",
            "--areas 1,2": "--areas has 2 areas and --cells is 3; expected one"}.items():
        with pytest.raises(ValueError, match=message):
            hardware(flags)
    assert hardware("--cells 25 --no-channel").synapse.cells == 25


def test_heat_takes_tmr_and_raises_the_wires(tmp_path: Path) -> None:
    hot = hardware("--temperature 360 --source 50 --no-channel")
    stack = load_stack("kumar2024")
    assert hot.synapse.mtj == stack.mtj(1.9e-9, temperature=360.0)
    assert hot.wires == Wires(1.0, 1.0, 50.0).at_temperature(360.0)
    assert hot.synapse.mtj.tmr < hardware("").synapse.mtj.tmr
    assert hardware("--temperature 300 --wire 2").wires == Wires(2.0, 2.0)
    with pytest.raises(MissingTableError, match=r"no table \[temperature\]"):
        hardware(f"--stack {without('temperature', tmp_path)} --temperature 360")


def test_spreads_and_noise_are_the_stacks_own_or_the_models(tmp_path: Path) -> None:
    own = load_stack("perpendicular_cofeb").variability()
    for text in ("--variability", "--variability stack", "--variability sigma_r_p=5"):
        assert hardware(f"{PERPENDICULAR} {text}").variability == own
    path = without("variability", tmp_path)
    with pytest.raises(MissingTableError, match=r"no table \[variability\]"):
        hardware(f"--stack {path} --variability")
    assert hardware(f"--stack {path} --variability default").variability is not None
    assert hardware(f"--stack {path} --read-noise").read_noise == ReadNoise()
    noisier = Path(path).read_text(encoding="utf-8") + (
        '[variability]\nflicker_um2 = { value = 5e-9, tag = "A" }\n')
    Path(path).write_text(noisier, encoding="utf-8")
    own_noise = hardware(f"--stack {path} --read-noise").noise
    assert own_noise is not None
    assert own_noise.alpha == pytest.approx(5e-21)
    assert hardware(f"--stack {path} --read-noise default").read_noise == ReadNoise()


@pytest.mark.parametrize("name", OF_THICKNESS)
def test_a_thickness_outside_the_stack_is_named_by_its_flag(name: str) -> None:
    """What the message proposes is accepted, either way."""
    low, high = (1e9 * end for end in load_stack(name).thickness_range)
    for outside in (f"{0.5 * low:.3g}", f"{2 * high:.3g}"):
        flags = f"--stack {name} --thickness {outside}"
        with pytest.raises(OutsideRangeError, match=rf"^--thickness is {outside} nm; expected "
                           rf"{low:g} to {high:g} nm.*--extrapolate") as caught:
            hardware(flags)
        proposed = re.search(r"give (--thickness \S+),", str(caught.value))
        assert proposed is not None
        assert hardware(f"--stack {name} {proposed[1]}").synapse.mtj.r_p > 0
    assert hardware(f"--stack {name} --thickness {1.01 * high:.6g} --extrapolate")


def test_the_default_thickness_outside_a_stack_says_that_it_is_one() -> None:
    with pytest.raises(OutsideRangeError, match=r"--thickness is 1\.9 nm, its default; .*1\.3,"):
        hardware("--stack perpendicular_cofeb")
