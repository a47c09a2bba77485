"""A Keras model in, an analog model out, and what became of each layer.
Needs Keras."""

from crossbar.conversion.convert import count_tiles, to_analog
from crossbar.conversion.report import ConversionReport, LayerReport, conversion_report

__all__ = ["ConversionReport", "LayerReport", "conversion_report", "count_tiles", "to_analog"]
