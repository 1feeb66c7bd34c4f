"""Trains a net in JAX on CIFAR-10, or on any arrays of the same form.

    python cifar_jax.py cifar10.npz --epochs 10

The file has the arrays x_train (n, 32, 32, 3) of uint8, y_train (n,), x_test and y_test.
"""

from __future__ import annotations

import argparse
import functools
from typing import Any

import jax
import jax.numpy as jnp
import lade
import numpy

Parameters = dict[str, jax.Array]


def make_parameters(classes: int) -> Parameters:
    keys = jax.random.split(jax.random.key(1), 3)
    return {
        "conv1": jax.random.normal(keys[0], (3, 3, 3, 16)) * 0.2,
        "conv2": jax.random.normal(keys[1], (3, 3, 16, 32)) * 0.1,
        "dense": jax.random.normal(keys[2], (32, classes)) * 0.1,
        "bias": jnp.zeros(classes),
    }


def logits(parameters: Parameters, x: jax.Array) -> jax.Array:
    for name in ("conv1", "conv2"):
        x = jax.lax.conv_general_dilated(
            x, parameters[name], (2, 2), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC")
        )
        x = jnp.maximum(x, 0)
    return x.mean((1, 2)) @ parameters["dense"] + parameters["bias"]


def loss_of(parameters: Parameters, x: jax.Array, y: jax.Array) -> jax.Array:
    return -jnp.take_along_axis(jax.nn.log_softmax(logits(parameters, x)), y[:, None], 1).mean()


@jax.jit
def step(parameters: Parameters, velocity: Parameters, x: jax.Array, y: jax.Array) -> tuple[Parameters, Parameters]:
    gradient: Any = jax.grad(loss_of)(parameters, x, y)
    velocity = jax.tree.map(lambda v, g: 0.9 * v + g, velocity, gradient)
    return jax.tree.map(lambda p, v: p - 0.05 * v, parameters, velocity), velocity


def main(arguments: list[str] | None = None) -> float:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file")
    parser.add_argument("--epochs", type=int, default=10)
    options = parser.parse_args(arguments)

    data = numpy.load(options.file)
    make_flow = functools.partial(lade.flow_from_arrays, class_mode="sparse", batch_size=128, rescale=1 / 255)
    # jax compiles the step again for each new batch size, so the last batch of an epoch is left out if it is smaller.
    train = make_flow(data["x_train"], data["y_train"], horizontal_flip=True, crop_padding=4, seed=1, drop_last=True)
    test = make_flow(data["x_test"], data["y_test"], order="sorted")

    parameters = make_parameters(len(train.class_names))
    velocity = jax.tree.map(jnp.zeros_like, parameters)
    accuracy = 0.0
    for epoch in range(options.epochs):
        for x, y in lade.jax.loader(train):
            parameters, velocity = step(parameters, velocity, x, y)
        right = sum(int((logits(parameters, x).argmax(1) == y).sum()) for x, y in lade.jax.loader(test))
        accuracy = right / test.samples
        print(f"epoch {epoch}: test accuracy {accuracy:.3f}")
    return accuracy


if __name__ == "__main__":
    main()
