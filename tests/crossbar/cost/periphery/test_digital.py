"""Laws of the digital parts: published figures, bits, nodes."""

import pytest

from crossbar.cost.periphery import Digital, energy_scale

PUBLISHED = Digital(node=45e-9, supply=0.9)  # as Horowitz's table
FIGURES = ("add", "register", "shift_and_add", "compare", "buffer", "add_area", "register_area",
           "shift_and_add_area", "compare_area", "buffer_area")


def test_figures_of_the_tables() -> None:
    assert PUBLISHED.add(8) == pytest.approx(0.03e-12, rel=1e-12)
    assert PUBLISHED.multiply(8, 8) == pytest.approx(0.2e-12, rel=1e-12)
    assert PUBLISHED.multiply(32, 32) == pytest.approx(3.1e-12, rel=0.04)
    assert PUBLISHED.add(32) == pytest.approx(0.1e-12, rel=0.21)
    assert PUBLISHED.buffer(64) == pytest.approx(10e-12, rel=1e-12)
    assert Digital(node=45e-9, supply=0.9, buffer_capacity=4 * 65536.0).buffer(64) == (
        pytest.approx(20e-12, rel=1e-12))
    assert Digital(node=40e-9).register(1) == pytest.approx(9e-15, rel=1e-12)
    assert PUBLISHED.multiply_area(8, 8) == pytest.approx(282e-12, rel=1e-12)


@pytest.mark.parametrize("name", FIGURES)
def test_words_go_with_their_bits(name: str) -> None:
    figure = getattr(Digital(), name)
    assert figure(16) == pytest.approx(2 * figure(8), rel=1e-12)


def test_products_go_with_both_factors() -> None:
    assert Digital().multiply(4, 6) == pytest.approx(24 * Digital().multiply(1, 1), rel=1e-12)
    assert Digital().multiply_area(4, 6) == Digital().multiply_area(6, 4)


def test_sums_are_of_their_parts() -> None:
    logic = Digital()
    assert logic.shift_and_add(20) == logic.add(20) + logic.register(20)
    assert logic.multiply_accumulate(8, 24) == logic.multiply(8, 8) + logic.add(24)


def test_tables_take_more_than_comparisons_and_less_than_large_buffers() -> None:
    logic = Digital()
    assert logic.activation(8, simple=True) == logic.compare(8)
    assert logic.compare(8) < logic.activation(8, simple=False) < logic.buffer(8)
    assert logic.activation_area(8, simple=False) == logic.buffer_area(8, 256)
    assert logic.activation(9, False) / logic.activation(8, False) > 2**0.5


@pytest.mark.parametrize("name", FIGURES)
def test_smaller_nodes_take_less(name: str) -> None:
    figures = [getattr(Digital(node=node), name)(8) for node in (130e-9, 65e-9, 28e-9, 14e-9, 7e-9)]
    assert figures == sorted(figures, reverse=True)


def test_energies_scale_with_node_and_supply() -> None:
    small = Digital(node=14e-9, supply=0.8)
    ratio = energy_scale(45e-9, 14e-9, 0.9, 0.8)
    assert small.add(8) / PUBLISHED.add(8) == pytest.approx(ratio, rel=1e-12)
    assert Digital(supply=0.5).register(8) == pytest.approx(Digital().register(8) / 4, rel=1e-12)


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("bits", [0, -3, 65, 8.0])
def test_nonsense_is_refused(name: str, bits: int) -> None:
    with pytest.raises(ValueError, match="bits"):
        getattr(Digital(), name)(bits)


def test_parameters_are_checked() -> None:
    with pytest.raises(ValueError, match=r"add_energy \[J\]"):
        Digital(add_energy=0.0)
    with pytest.raises(ValueError, match="words"):
        Digital().buffer_area(8, 0)
