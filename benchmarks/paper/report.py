"""The study as text and CSV."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields

import numpy as np

from benchmarks.output.statistics import student_interval
from benchmarks.paper.claims import WIDE
from benchmarks.paper.plan import WAYS
from benchmarks.paper.result import ReadingRow, StudyResult, TradeOff, Verdict


def report(result: StudyResult) -> Iterator[str]:
    """What is printed of a study."""
    software = ", ".join(f"{name} {np.mean(values):.2f} %"
                         for name, values in result.software.items())
    yield (f"stack {result.stack}, {len(result.seeds)} trainings, {result.images} test "
           f"images; in floats {software}")
    how = "found by the search" if result.readings else "not searched for"
    yield f"reading {result.reading}, {how}; distance {result.distance:.2f} points\n"
    yield from claims_text(result.claims)
    yield ""
    yield from unexplained(result.claims, result.readings)
    if result.readings:
        yield ""
        yield from readings_text(result)
    if result.circuit:
        yield ""
        yield from circuit_text(result)
    if result.trade_off is not None:
        yield ""
        yield from trade_text(result.trade_off)
    for part, reason in (result.left_out or {}).items():
        yield f"{part} left out: {reason}"
    yield f"\n{result.seconds:.0f} s"


def claims_text(rows: Sequence[Verdict]) -> Iterator[str]:
    """claim, paper, ours, agrees: a line for each."""
    yield (f"{'claim [points of accuracy]':34}{'images':15}{'paper':>7}{'ours':>9}{'95 %':>8}"
           "   agrees?")
    for row in rows:
        why = " and ".join(text for text, holds in (
            ("within the interval", row.within_interval),
            ("within 1 point", row.within_1_point)) if holds)
        verdict = f"yes, {why}" if row.agrees else f"no, {row.deviation:.1f} off"
        yield (f"{row.claim:34}{row.dataset:15}{row.paper:>7g}{row.ours:>9.2f}"
               f"{'+-':>4}{row.interval:<6.2f}{verdict}")
    agreed = sum(row.agrees for row in rows)
    wide = sum(row.agrees and not row.within_1_point and row.interval > WIDE
               for row in rows)
    yield f"{agreed} of {len(rows)} agree; 95 % interval of the mean over seeds by Student's t"
    if wide:
        yield (f"{wide} of them only by an interval wider than +-{WIDE:g}, which decides little: "
               "more trainings\n(--seeds, --weights) narrow it")


def readings_text(result: StudyResult, shown: int = 8) -> Iterator[str]:
    """The readings of least distance, and the best of each mapping."""
    found = result.readings
    yield f"{'reading: mapping,scale,gain,bias':52}{'wedge':>8}{'all claims':>12}"
    best: dict[str, ReadingRow] = {}
    for row in found:
        best.setdefault(row.reading.split(",")[0], row)
    rest = [row for row in best.values() if row not in found[:shown]]
    for row in [*found[:shown], *rest]:
        overall = "-" if row.overall is None else f"{row.overall:.2f}"
        yield f"{row.reading:52}{row.distance:>8.2f}{overall:>12}"
    yield (f"of {len(found)} readings, {len(result.search_seeds)} trainings, "
           f"{len(result.search_thickness_nm)} free layers; root mean square of the\ndeviations "
           "[points], from the claims on the wedge and from all; - where it cannot be\nthe least. "
           "Chosen by the claims it is then compared with: a fit, not a test;\n"
           "differences of a few hundredths are ties")


def unexplained(
    rows: Sequence[Verdict], found: Sequence[ReadingRow] = ()
) -> Iterator[str]:
    """The claims that the chosen reading does not give, and what comes nearest of all readings."""
    open_ = [row for row in rows if not row.agrees]
    if open_:
        yield "what this reading leaves unexplained"
    for row in open_:
        near = min((each.claims[row.name] for each in found if row.name in each.claims),
                   key=lambda value: abs(value - row.paper), default=None)
        yield (f"  {row.name}: the paper says {row.paper:g}, we find "
               f"{row.ours:.2f} +- {row.interval:.2f}"
               + (f"; nearest of all readings {near:.2f}" if near is not None else ""))


def circuit_text(result: StudyResult) -> Iterator[str]:
    """Accuracy and energy through the circuit at the thickness that is best there."""
    t = result.circuit_thickness_nm
    yield (f"through the circuit: {result.circuit_words}; {len(result.circuit_seeds)} "
           "trainings, energy of the first")
    for name, reading in result.circuit_readings.items():
        yield f"{name}: {reading}"
    yield (f"{'':20}{'images':15}{'cells':>6}{'best at':>10}{'accuracy':>10}"
           f"{'95 %':>8}{'pJ':>8}")
    for name, sets in result.circuit.items():
        for dataset, found in sets.items():
            mean, half = student_interval(found.accuracy)
            energy = found.energy_j * 1e12
            for n, curve in enumerate(mean):
                i = int(np.argmax(curve))
                yield (f"{name:20}{dataset:15}{n + 1:>6}{t[i]:>7.2f} nm{curve[i]:>10.2f}{'+-':>4}"
                       f"{half[n, i]:<6.2f}{energy[n, i]:>6.0f}")


def trade_text(trade: TradeOff) -> Iterator[str]:
    """How each free layer is written, and what is left of the accuracy then."""
    sets = trade.accuracy
    yield (f"written, {trade.cells} cells, at the voltage V that breaks a share of "
           f"{trade.broken:g} of compounds")
    yield f"{'':38}{'P(switch)':>20}{'':6}" + "".join(f"{name:>24}" for name in sets)
    yield (f"{'nm':>6}{'V_c':>8}{'V_b':>8}{'V':>8}{'mT':>7}{'field':>7}{'free':>7}{'alone':>7}"
           f"{'nJ':>6}" + f"{'read':>10}{'field':>7}{'free':>7}" * len(sets))
    means = [np.mean(ways[way], axis=0) for ways in sets.values() for way in WAYS]
    for i, w in enumerate(trade.writes):
        yield (f"{w.thickness * 1e9:>6.2f}{w.critical_voltage:>8.2f}"
               f"{w.breakdown_voltage:>8.2f}{w.voltage:>8.2f}{w.field * 1e3:>7.1f}"
               f"{w.with_field:>7.3f}{w.field_free:>7.3f}{w.field_alone:>7.3f}"
               f"{w.energy * 1e9:>6.2f}"
               + "".join(f"{mean[i]:>{7 + 3 * (n % len(WAYS) == 0)}.1f}"
                         for n, mean in enumerate(means)))
    for dataset, ways in sets.items():
        best = [trade.writes[int(np.argmax(np.mean(ways[way], axis=0)))].thickness * 1e9
                for way in WAYS]
        yield (f"{dataset}: best free layer {best[0]:.2f} nm if only read, {best[1]:.2f} nm "
               f"written with field, {best[2]:.2f} nm without")


def claims_csv(rows: Sequence[Verdict]) -> str:
    """The table of claims as CSV."""
    return _csv([field.name for field in fields(Verdict)], [vars(row) for row in rows])


def readings_csv(found: Sequence[ReadingRow]) -> str:
    """All readings as CSV: distances, and our number for each claim on the wedge [points]."""
    return _csv(("reading", "distance", "overall", *found[0].claims),
                [{**vars(row), **row.claims} for row in found])


def _csv(columns: Sequence[str], rows: Sequence[Mapping[str, object]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
