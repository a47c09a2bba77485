"""Where the paper's text does not fit itself, with the model's numbers; reported, not failed."""

from collections.abc import Callable, Iterator

from benchmarks.devices.model import THICK, THIN
from benchmarks.devices.pulse_loop import critical
from benchmarks.inputs.paper import PAPER
from benchmarks.output.left_out import LEFT_OUT
from device_models import CompoundMTJ, Stack
from device_models.junction import readout
from device_models.stacks.errors import given
from device_models.switching import Conditions, voltage_of_share, write_energy


def contradictions(stack: Stack) -> Iterator[tuple[int, str]]:
    """Item and text; of another device than the paper's, none.

    An item that a stack cannot give, as one without an optional table, is left out with its reason.
    """
    if stack.doi != PAPER:
        return
    for item, text in _ITEMS.items():
        try:
            yield item, text(stack)
        except LEFT_OUT as error:
            yield item, f"left out: {error}"


def _area(stack: Stack) -> str:
    mtj = stack.mtj(THIN)
    other = stack.axes[0] * stack.axes[1]
    return (f"{mtj.r_p / 1e3:.1f} kohm is RA {mtj.r_p * stack.area * 1e9:.2f} kohm um^2 over the "
            f"{stack.area_convention}, {mtj.r_p * other * 1e9:.2f} over the rectangle around it: "
            "both inside the stated 2.2-3.6; the text does not say which")


def _tmr(stack: Stack) -> str:
    return (f"33.8 over 25.2 kohm is a TMR of {(33.8 / 25.2 - 1) * 100:.1f} %, the text says 33 "
            f"(model {stack.mtj(THIN).tmr * 100:.1f}); 78 % is 75 % in section E")


def _steps(stack: Stack) -> str:
    def steps(t: float) -> str:
        g = CompoundMTJ(stack.mtj(t), 3).conductances()
        return "/".join(f"{step:.1f}" for step in (g[1:] / g[:-1] - 1) * 100)

    return (f"three equal cells step by {steps(THICK)} % at the largest TMR and {steps(THIN)} % at "
            "the least: not 'at least 21 %'")


def _series(stack: Stack) -> str:
    three, one, fitted = (critical(m, 6e-3) for m in (
        stack.magnet(1.9e-9, 3), stack.magnet(1.9e-9), stack.writing_magnet(1.9e-9, 3)))
    series = given(stack.switching.common_series, "common_series")
    return (f"600 instead of 300 ohm makes {three / one - 1:+.0%} of V_c, not +20-30 %; "
            f"{series:.0f} ohm of common series resistance, and "
            f"a damping refitted to V_c of 1 cell, make {fitted / one - 1:+.0%}")


def _field_free(stack: Stack) -> str:
    return (f"field-free V_c is plotted up to 2.0 V at 2.6 nm, where the field-free probability is "
            f"0; V_c = {critical(stack.magnet(THICK)):.2f} V meets V_b = "
            f"{float(stack.breakdown.voltage(THICK, 1)):.2f} V there")


def _energy(stack: Stack) -> str:
    pulse = given(stack.switching.pulse, "pulse")
    ohm = stack.write_channel().resistance(1)
    thin, thick = (float(write_energy(critical(stack.magnet(t)), pulse, ohm)) * 1e9
                   for t in (THIN, THICK))
    return (f"a pulse of V_c and {pulse * 1e9:.0f} ns takes {thin:.2f} to {thick:.1f} nJ, the text "
            "quotes 0.1 pJ for SOT in general")


def _source(stack: Stack) -> str:
    r_p = stack.mtj(THIN).r_p
    volt, error = readout.source_voltage(0.1, r_p), readout.resistance_error(r_p, meter_error=1e-3)
    return (f"0.1 V over the junction behind 1 Mohm takes a source of {float(volt):.1f} V; then an "
            f"error of 0.1 % of the meter is one of {float(error):.1%} of the resistance")


def _equation(stack: Stack) -> str:
    return ("eq. (1) subtracts J/m^2 from A: it holds with K_s -> 2 K_s/(mu0 M_s), and drops the "
            "1/2 of M_eff; the model uses the consistent form")


def _assist(stack: Stack) -> str:
    magnet, pulse = stack.magnet(THICK), given(stack.switching.pulse, "pulse")
    less = 1 - critical(magnet, 8.5e-3) / critical(magnet)
    free, helped = (float(voltage_of_share(Conditions(
        magnet=magnet, pulse=pulse, assist_field=field), 0.5, 0.0, -1)) for field in (0.0, 8.5e-3))
    three = critical(stack.writing_magnet(THICK, 3), 8.5e-3)
    return (f"-8.5 mT lowers the macrospin's V_c by {less:.1%} at 2.6 nm, and its voltage of even "
            f"odds in {pulse * 1e9:.0f} ns from {free:.2f} to {helped:.2f} V: it switches without "
            f"field too, which does not explain field-free failure; 3 cells at 2.6 nm need "
            f"{three:.1f} V by this model, beyond V_b = "
            f"{float(stack.breakdown.voltage(THICK, 3)):.1f} V, yet are said to switch")


_ITEMS: dict[int, Callable[[Stack], str]] = {
    1: _area, 2: _tmr, 3: _steps, 4: _series, 5: _field_free, 6: _energy, 7: _source, 8: _equation,
    9: _assist}
