"""Circuits that are solved again while a network trains."""

import keras

from crossbar.layers.aware import AwareProduct
from crossbar.layers.model import products_of, settle
from device_models.checks import whole


class RenewCircuit(keras.callbacks.Callback):
    """Solves the circuits of a `hardware_aware` model again, now and then while it trains.

    How much wires take from a device depends on the states of all others in its array; between
    renewals it counts as what it was. Where chips are drawn, each renewal draws others, and batches
    meet them one after another.

    Parameters
    ----------
    batches : int
        From one renewal to the next. 1 draws fresh chips for each batch.
    """

    def __init__(self, batches: int = 100) -> None:
        super().__init__()
        self.batches = whole("batches", batches, 1)
        self._done = self._before = 0

    def on_train_begin(self, logs: object = None) -> None:
        """Count on from the batches that the optimiser has seen: a training that was interrupted
        goes on as if it had not been."""
        if not self._products:
            raise ValueError("RenewCircuit is for a model that crossbar.hardware_aware made, and "
                             f"{self.model.name!r} has no product that trains")
        self._done = int(keras.ops.convert_to_numpy(self.model.optimizer.iterations))

    def on_epoch_begin(self, epoch: int, logs: object = None) -> None:
        """Count from the epoch's first batch."""
        self._before = self._done

    def on_train_batch_end(self, batch: int, logs: object = None) -> None:
        """Renew, if it is time to, or go on to the next chip. Keras tells of the last of several
        batches where `steps_per_execution` has it run them together."""
        turns = self._done // self.batches
        self._done = self._before + batch + 1
        renewing = self._done // self.batches > turns
        if renewing or any(product.chips > 1 for product in self._products):
            if hasattr(self.model, "jax_state_sync"):  # JAX keeps the state of a training elsewhere
                self.model.jax_state_sync()
            for product in self._products:
                product.renew() if renewing else product.next_chip()

    def on_test_begin(self, logs: object = None) -> None:
        """Have present states solved, also where a model around the one that trains is tried."""
        settle(self.model)

    def on_train_end(self, logs: object = None) -> None:
        """Have them solved for whatever the model is in, or used for, next."""
        settle(self.model)

    @property
    def _products(self) -> list[AwareProduct]:
        return [each for each in products_of(self.model) if isinstance(each, AwareProduct)]
