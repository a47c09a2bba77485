"""What layers have in common whose outputs are images."""

from keras import ops

from crossbar.layers.base import AnalogLayer
from crossbar.layers.untyped import Tensor


class OnChannels(AnalogLayer):
    """Biases are added along the channels, wherever `data_format` has them."""

    def add_bias(self, y: Tensor, bias: Tensor) -> Tensor:
        """Outputs with a bias for each channel."""
        behind = 0 if self.data_format == "channels_last" else len(y.shape) - 2
        return y + ops.reshape(bias, (-1, *(1,) * behind))
