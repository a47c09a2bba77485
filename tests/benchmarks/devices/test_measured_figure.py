"""Measurements of one's own stand beside the model, the paper's numbers do not."""

import json

import pytest

from benchmarks.__main__ import main


@pytest.fixture
def folder(tmp_path):
    lines = ["field_mt,resistance_ohm"]
    for h, way in [*((h, -1) for h in range(30, -31, -1)), *((h, 1) for h in range(-30, 31))]:
        lines.append(f"{h},{10300 if h > 10 * way else 9800}")
    text = "\n".join(lines).replace("10300", "20600")
    (tmp_path / "h.csv").write_text(text)
    (tmp_path / "measurements.toml").write_text('[[devices]]\nfield_loops = ["h.csv"]\n')
    (tmp_path / "mine.toml").write_text(
        '[resistance]\nlaw = "constant"\nr_p_kohm = { value = 10.0, tag = "here" }\n'
        'r_ap_kohm = { value = 20.0, tag = "here" }\n')
    return tmp_path


def test_misfits_are_printed_drawn_and_saved(folder, capsys):
    out = folder / "out"
    assert main(["devices", "--stack", str(folder / "mine.toml"), "--data", str(folder),
                 "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "R_P of a cell" in said
    assert "+2.0%" in said
    assert "Kumar" not in said
    assert (out / "devices_measured.png").stat().st_size > 1000
    saved = json.loads((out / "devices.json").read_text())
    first = saved["measured"][0]
    assert first["quantity"] == "r_p"
    assert first["relative_misfit"] == pytest.approx(10000 / 9800 - 1)
    assert saved["numbers"] == []


def test_without_data_the_table_is_the_papers(folder, capsys):
    main(["devices", "--stack", str(folder / "mine.toml"), "--out", str(folder / "out")])
    assert "stated by Kumar et al. 2024" in capsys.readouterr().out
    assert not (folder / "out" / "devices_measured.png").exists()
