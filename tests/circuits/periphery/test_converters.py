"""Laws of converters: ideal limits, exact offset and gain, monotonicity, seeds, recombination."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from circuits import CrossbarCircuit, Wires, quantise
from circuits.periphery import ADC, DAC, BitSerial, Converter
from device_models.checks import Floats

CONVERTERS = [DAC, ADC]
both = pytest.mark.parametrize("converter", CONVERTERS)
values = arrays(float, st.integers(1, 20), elements=st.floats(-3, 3))
resolutions = st.integers(1, 14)


def ramp(made: Converter, per_step: int = 16) -> Floats:
    margin = 20 * made.lsb
    return np.linspace(made.low - margin, made.high + margin, per_step * (made.steps + 40) + 1)


@both
@given(x=values, bits=resolutions, low=st.floats(-2, 0), span=st.floats(0.1, 4))
def test_an_ideal_converter_is_quantise(
    converter: type[DAC | ADC], x: Floats, bits: int, low: float, span: float
) -> None:
    made = converter(bits, low, low + span)
    np.testing.assert_array_equal(made.convert(x), quantise(x, bits, low, low + span))


@both
@given(x=values, bits=resolutions)
def test_an_ideal_converter_is_idempotent(
    converter: type[DAC | ADC], x: Floats, bits: int
) -> None:
    made = converter(bits, -1.0, 1.5)
    once = made.convert(x)
    np.testing.assert_array_equal(made.convert(once), once)


@both
@given(x=values, bits=st.integers(1, 10), dnl=st.floats(0, 3), offset=st.floats(-1, 1),
       gain=st.floats(-0.5, 0.5), seed=st.integers(0, 2**32))
def test_codes_are_in_range(
    converter: type[DAC | ADC], x: Floats, bits: int, dnl: float, offset: float, gain: float,
    seed: int,
) -> None:
    codes = converter(bits, -1.0, 1.0, offset, gain, dnl, seed).codes(x)
    assert codes.dtype == np.int64
    assert np.all((codes >= 0) & (codes < 2**bits))


@both
@pytest.mark.parametrize("seed", range(5))
def test_steps_above_minus_one_lsb_keep_the_order(converter: type[DAC | ADC], seed: int) -> None:
    made = converter(8, -0.2, 0.7, 0.01, 0.05, dnl=0.2, seed=seed)
    assert np.diff(made.inl).min() > -1
    assert np.all(np.diff(made.convert(ramp(made))) >= 0)
    assert len(np.unique(made.codes(ramp(made, 200)))) == 256  # and miss no code


def test_a_dac_step_below_minus_one_lsb_falls() -> None:
    made = DAC(8, 0.0, 1.0, dnl=1.0, seed=1)
    falls = np.diff(made.inl) < -1
    assert falls.any()
    codes = np.arange(256) * made.lsb
    np.testing.assert_array_equal(np.diff(made.convert(codes)) < 0, falls)


def test_an_adc_never_falls_but_misses_codes() -> None:
    made = ADC(8, 0.0, 1.0, dnl=1.0, seed=1)
    codes = made.codes(ramp(made, 200))
    assert np.all(np.diff(codes) >= 0)
    assert len(np.unique(codes)) < 256


@both
@pytest.mark.parametrize("bits", [1, 2, 3, 8])
def test_nonlinearity_leaves_offset_and_gain_exact(converter: type[DAC | ADC], bits: int) -> None:
    made = converter(bits, 0.0, 1.0, dnl=0.3, seed=7)
    assert made.inl[0] == 0
    assert made.inl[-1] == 0


def test_the_drawn_steps_have_the_standard_deviation() -> None:
    assert np.diff(DAC(14, 0.0, 1.0, dnl=0.3, seed=2).inl).std() == pytest.approx(0.3, rel=0.03)


@given(bits=st.integers(1, 10), offset=st.floats(-1, 1), gain=st.floats(-0.5, 0.5))
def test_offset_and_gain_of_a_dac_are_exact(bits: int, offset: float, gain: float) -> None:
    ideal = DAC(bits, -0.3, 0.9)
    x = np.linspace(-0.3, 0.9, 50)
    expected = -0.3 + offset + (1 + gain) * (ideal.convert(x) + 0.3)
    made = replace(ideal, offset=offset, gain_error=gain)
    np.testing.assert_allclose(made.convert(x), expected, rtol=1e-13, atol=1e-14)


@given(bits=st.integers(1, 10), offset=st.floats(-1, 1), gain=st.floats(-0.5, 0.5), x=values)
def test_offset_and_gain_of_an_adc_are_those_of_its_input(
    bits: int, offset: float, gain: float, x: Floats
) -> None:
    ideal, seen = ADC(bits, -0.3, 0.9), -0.3 + (x + 0.3) * (1 + gain) + offset
    made = replace(ideal, offset=offset, gain_error=gain)
    at_threshold = np.abs((seen + 0.3) / ideal.lsb % 1 - 0.5) < 1e-9
    np.testing.assert_array_equal(made.codes(x)[~at_threshold], ideal.codes(seen)[~at_threshold])


def test_an_adc_changes_code_at_its_thresholds() -> None:
    made = ADC(6, -1.0, 1.0, dnl=0.1, seed=5)
    thresholds = -1.0 + made.lsb * (np.arange(63) + 0.5 + made.inl)
    np.testing.assert_array_equal(made.codes(thresholds - 1e-9), np.arange(63))
    np.testing.assert_array_equal(made.codes(thresholds + 1e-9), np.arange(1, 64))


@both
def test_the_same_seed_is_the_same_converter(converter: type[DAC | ADC]) -> None:
    first, same = (converter(8, 0.0, 1.0, dnl=0.2, seed=(3, 1)) for _ in range(2))
    other = converter(8, 0.0, 1.0, dnl=0.2, seed=(3, 2))
    assert first == same
    np.testing.assert_array_equal(first.inl, same.inl)
    np.testing.assert_array_equal(first.convert(ramp(first)), first.convert(ramp(first)))
    assert not np.array_equal(first.inl, other.inl)


@both
def test_little_nonlinearity_is_none(converter: type[DAC | ADC]) -> None:
    ideal = converter(8, 0.0, 1.0)
    off_threshold = np.linspace(0, 1, 999)[1:-1]
    nearly = replace(ideal, dnl=1e-9, seed=0)
    np.testing.assert_allclose(nearly.convert(off_threshold), ideal.convert(off_threshold),
                               atol=1e-9)


@both
def test_quantisation_noise_is_an_lsb_over_root_12(converter: type[DAC | ADC]) -> None:
    made = converter(8, -1.0, 1.0)
    x = np.random.default_rng(0).uniform(-1, 1, 200_000)
    noise = np.sqrt(np.mean((made.convert(x) - x) ** 2))
    assert noise == pytest.approx(made.lsb / np.sqrt(12), rel=0.01)


@both
@given(x=arrays(float, 9, elements=st.floats(-3, 3), unique=True))
def test_a_calibrated_converter_clips_nothing(converter: type[DAC | ADC], x: Floats) -> None:
    if x.min() + 1e-9 >= x.max():
        return
    made = converter.calibrated(x, 8)
    assert (made.low, made.high) == (x.min(), x.max())
    assert np.all(np.abs(made.convert(x) - x) <= made.lsb * 0.501)


@both
def test_percentiles_cut_both_ends(converter: type[DAC | ADC]) -> None:
    made = converter.calibrated(np.arange(101.0), 4, percentile=95)
    assert (made.low, made.high) == (5.0, 95.0)


@given(x=arrays(float, (3, 4), elements=st.floats(0, 3)), bits=resolutions,
       high=st.floats(0.1, 4))
def test_planes_of_bits_add_up_to_the_direct_conversion(
    x: Floats, bits: int, high: float
) -> None:
    stream = BitSerial(bits, high)
    planes = stream.planes(x)
    assert planes.shape == (bits, 3, 4)
    assert set(np.unique(planes)) <= {0, 1}
    np.testing.assert_array_equal(stream.shift_and_add(planes), quantise(x, bits, 0.0, high))
    np.testing.assert_array_equal(stream.planes(-x), -planes)


@pytest.mark.parametrize("bits", [1, 4, 8])
def test_a_linear_circuit_answers_planes_as_it_answers_the_input(bits: int) -> None:
    rng = np.random.default_rng(bits)
    circuit = CrossbarCircuit(rng.uniform(1e-5, 1e-4, (5, 3)), Wires(row=2.0, column=3.0))
    x = rng.uniform(-0.1, 0.1, 5)
    stream = BitSerial(bits, high=0.1)
    answers = circuit.solve(stream.planes(x)).column_currents
    direct = circuit.solve(stream.shift_and_add(stream.planes(x))).column_currents
    np.testing.assert_allclose(stream.shift_and_add(answers), direct, rtol=1e-12, atol=1e-20)


SPREAD = {"offset": 0.03, "gain_error": -0.02, "dnl": 0.4, "offset_spread": 0.05,
          "gain_spread": 0.04}


@both
@given(low=st.floats(-5, 5), span=st.floats(0.1, 10), seed=st.integers(0, 2**32))
def test_a_converter_over_another_range_is_the_same_scaled(
    converter: type[DAC | ADC], low: float, span: float, seed: int
) -> None:
    made = converter(6, -0.3, 0.9, **SPREAD, seed=seed)
    other, ratio = made.over(low, low + span), span / 1.2
    x = np.random.default_rng(seed).uniform(-0.5, 1.1, 300)
    np.testing.assert_array_equal(other.codes(low + (x + 0.3) * ratio), made.codes(x))
    expected = low + (made.convert(x) + 0.3) * ratio
    np.testing.assert_allclose(other.convert(low + (x + 0.3) * ratio), expected, rtol=1e-12,
                               atol=1e-12)
    again = other.over(made.low, made.high)
    np.testing.assert_allclose(again.points, made.points, rtol=1e-12, atol=1e-12)


def test_a_table_of_adcs_is_where_their_codes_change() -> None:
    kind = ADC(5, -1.0, 1.0, **SPREAD, seed=0)
    table, x = kind.table(7, seed=3), np.linspace(-1.5, 1.5, 20_001)
    assert table.shape == (7, 31)
    for made, thresholds in zip(kind.each(7, seed=3), table, strict=True):
        np.testing.assert_array_equal(made.codes(x), np.searchsorted(thresholds, x))
        assert set(made.codes(np.nextafter(thresholds, 9) + 1e-12)) == set(made.codes(x)) - {0}


def test_a_table_of_dacs_is_what_they_give_for_each_code() -> None:
    kind = DAC(5, -1.0, 1.0, **SPREAD, seed=0)
    table, ideal = kind.table(7, seed=(3, 1)), DAC(5, -1.0, 1.0).points
    assert table.shape == (7, 32)
    for made, levels in zip(kind.each(7, seed=(3, 1)), table, strict=True):
        np.testing.assert_array_equal(made.convert(ideal), levels)


@both
def test_each_is_a_converter_of_its_own_and_the_same_again(converter: type[DAC | ADC]) -> None:
    kind = converter(4, 0.0, 1.0, **SPREAD, seed=0)
    made = kind.each(5, seed=8)
    assert made == kind.each(9, seed=8)[:5]
    assert made[3] == replace(kind, seed=(8, 3))
    for errors in ([(one.whole_offset, one.whole_gain_error) for one in made],
                   [one.inl[1] for one in made]):
        assert len(set(errors)) == 5


@both
def test_spreads_are_standard_deviations_about_what_all_share(
    converter: type[DAC | ADC]
) -> None:
    count, kind = 4000, converter(2, 0.0, 1.0, **SPREAD, seed=0)
    made = kind.each(count, seed=1)
    found = np.array([(one.whole_offset, one.whole_gain_error) for one in made])
    deviations = np.array([0.05, 0.04])
    off = (found.mean(axis=0) - [0.03, -0.02]) / deviations
    assert np.all(np.abs(off) < 5 / np.sqrt(count))
    assert np.all(np.abs(found.std(axis=0) / deviations - 1) < 5 / np.sqrt(2 * count))
    assert abs(np.corrcoef(found.T)[0, 1]) < 5 / np.sqrt(count)


@both
def test_spreads_of_zero_change_no_bit_and_no_spread_changes_the_steps(
    converter: type[DAC | ADC]
) -> None:
    made = converter(6, -1.0, 1.0, 0.03, -0.02, 0.4, 7)
    zero = replace(made, offset_spread=0.0, gain_spread=0.0)
    np.testing.assert_array_equal(zero.convert(ramp(made)), made.convert(ramp(made)))
    np.testing.assert_array_equal(replace(made, **SPREAD).inl, made.inl)
    assert (zero.whole_offset, zero.whole_gain_error) == (0.03, -0.02)


@given(offset=st.floats(-0.5, 0.5), seed=st.integers(0, 2**32))
def test_an_offset_alone_is_a_shift(offset: float, seed: int) -> None:
    made = ADC(6, -0.3, 0.9, offset=offset, offset_spread=0.1, seed=seed)
    expected = ADC(6, -0.3, 0.9).points - made.whole_offset
    np.testing.assert_allclose(made.points, expected, rtol=1e-12, atol=1e-14)


WRONG: list[tuple[Callable[[], object], str]] = [
    (lambda: DAC(0, 0.0, 1.0), "bits"), (lambda: ADC(8, 1.0, 1.0), "low < high"),
    (lambda: ADC(8, 0.0, np.nan), "high"), (lambda: DAC(8, 0.0, 1.0, dnl=0.1), "seed"),
    (lambda: DAC(8, 0.0, 1.0, dnl=-0.1, seed=0), "dnl"),
    (lambda: DAC(8, 0.0, 1.0, gain_error=-1.0), "gain"),
    (lambda: DAC(8, 0.0, 1.0, offset_spread=0.1), "offset_spread is 0.1 without a seed"),
    (lambda: ADC(8, 0.0, 1.0, gain_spread=0.1), "gain_spread is 0.1 without a seed"),
    (lambda: ADC(8, 0.0, 1.0, offset_spread=-0.1, seed=0), "offset_spread"),
    (lambda: ADC(8, 0.0, 1.0, gain_spread=2.0, seed=0), "per cent"),
    (lambda: [DAC(8, 0.0, 1.0, gain_spread=0.9, seed=seed) for seed in range(99)],
     "drawn with gain_spread"),
    (lambda: ADC(8, 0.0, 1.0).each(0, seed=0), "count"),
    (lambda: ADC(8, 0.0, 1.0).over(1.0, 0.0), "low < high"),
    (lambda: DAC(30, 0.0, 1.0, dnl=0.1, seed=0), "bits"),
    (lambda: ADC(8, 0.0, 1.0).codes([np.nan]), "values"),
    (lambda: ADC.calibrated([1.0, 1.0], 8), "low < high"),
    (lambda: ADC.calibrated([], 8), "at least one value"),
    (lambda: ADC.calibrated([1.0, 2.0], 8, 50.0), "50 %"),
    (lambda: BitSerial(0), "bits"), (lambda: BitSerial(4, 0.0), "high"),
    (lambda: BitSerial(4).shift_and_add(np.zeros((3, 2))), "responses"),
]


@pytest.mark.parametrize(("make", "names"), WRONG)
def test_what_does_not_fit_is_refused(make: Callable[[], object], names: str) -> None:
    with pytest.raises(ValueError, match=names):
        make()
