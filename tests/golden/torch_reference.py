#!/usr/bin/env python3
"""Computes small nets and optimizers with PyTorch, for test_train_torch.c and test_train_torch_steps.c.

    tests/golden/torch_reference.py write FILE     writes the golden file
    tests/golden/torch_reference.py check FILE     compares the golden file with PyTorch

Each input, label, parameter and gradient is a simple function of its index. The C tests compute the same functions. The
exit code is 77 if PyTorch is not installed.
"""
import sys

try:
    import torch
    from torch import nn
except ImportError:
    print("skipped: PyTorch is not installed")
    sys.exit(77)

OPTIMIZERS = [  # kind, lr, momentum, nesterov, weight_decay, rho, beta_1, beta_2, epsilon
    ("sgd", 0.05, 0, 0, 0, 0, 0, 0, 0),
    ("sgd", 0.05, 0.9, 0, 0, 0, 0, 0, 0),
    ("sgd", 0.05, 0.9, 1, 0.01, 0, 0, 0, 0),
    ("adagrad", 0.1, 0, 0, 0, 0, 0, 0, 1e-10),
    ("adagrad", 0.1, 0, 0, 0.01, 0, 0, 0, 1e-10),
    ("rmsprop", 0.01, 0, 0, 0, 0.99, 0, 0, 1e-8),
    ("rmsprop", 0.01, 0.9, 0, 0.01, 0.9, 0, 0, 1e-8),
    ("adam", 0.001, 0, 0, 0, 0, 0.9, 0.999, 1e-8),
    ("adam", 0.05, 0, 0, 0.1, 0, 0.8, 0.99, 1e-4),
    ("adamw", 0.001, 0, 0, 0.01, 0, 0.9, 0.999, 1e-8),
    ("adamw", 0.05, 0, 0, 0.1, 0, 0.9, 0.999, 1e-8),
]

NETS = [  # loss, label smoothing, weighted (1: classes, 2: samples, 3: both), sparse, (C, H, W), specification
    ("softmax_cross_entropy", 0, 0, 1, (2, 5, 4), "dense 5, relu, dense 3"),
    ("softmax_cross_entropy", 0, 0, 0, (2, 5, 4), "dense 5, tanh, dense 3"),
    ("softmax_cross_entropy", 0.1, 0, 1, (1, 2, 3), "dense 4"),
    ("softmax_cross_entropy", 0.2, 1, 1, (1, 2, 3), "dense 4"),
    ("softmax_cross_entropy", 0, 1, 1, (1, 2, 3), "dense 5, sigmoid, dense 4"),
    ("binary_cross_entropy", 0, 0, 0, (1, 2, 3), "dense 4"),
    ("binary_cross_entropy", 0, 1, 0, (1, 2, 3), "dense 3"),
    ("mean_squared_error", 0, 0, 0, (1, 2, 3), "dense 4, relu, dense 3"),
    ("softmax_cross_entropy", 0, 2, 0, (1, 2, 3), "dense 5, tanh, dense 4"),
    ("softmax_cross_entropy", 0.2, 3, 1, (1, 2, 3), "dense 4"),
    ("binary_cross_entropy", 0, 3, 0, (1, 2, 3), "dense 3"),
    ("mean_squared_error", 0, 2, 0, (1, 2, 3), "dense 4, batchnorm, dense 3"),
    ("softmax_cross_entropy", 0, 0, 1, (3, 6, 5), "conv 4 3, relu, dense 3"),
    ("softmax_cross_entropy", 0, 0, 1, (3, 6, 5), "conv 4 3 same, relu, maxpool 2, conv 5 2, tanh, dense 3"),
    ("softmax_cross_entropy", 0, 0, 1, (4, 7, 7), "conv 6 3 stride 2 groups 2, sigmoid, avgpool 2 stride 1, dense 3"),
    ("softmax_cross_entropy", 0, 0, 1, (2, 6, 6), "conv 17 2, batchnorm, relu, conv 3 3, globalavgpool"),
    ("softmax_cross_entropy", 0, 0, 1, (2, 4, 4), "batchnorm, maxpool 2, dense 6, batchnorm, relu, dense 3"),
    ("softmax_cross_entropy", 0, 0, 1, (2, 2, 3), "dense 5, residual(dense 4, tanh, dense 5), dense 3"),
    ("softmax_cross_entropy", 0, 0, 1, (2, 4, 5), "conv 8 3 same, residual(conv 8 3 same, relu, conv 8 3 same | ), "
     "relu, globalavgpool, dense 3"),
    ("softmax_cross_entropy", 0, 0, 1, (3, 4, 6), "conv 8 3 same, residual(maxpool 2, conv 6 1 | conv 6 2 stride 2, "
     "batchnorm), relu, concat(conv 4 1, relu | | tanh), dense 3"),
    ("mean_squared_error", 0, 0, 0, (4, 3, 3), "conv 8 1, concat(conv 16 1, relu | conv 8 1 | ), "
     "concat(globalavgpool | flatten, tanh), residual( | | ), dense 3"),
    ("softmax_cross_entropy", 0, 0, 1, (2, 3, 4), "conv 4 1, residual(concat(conv 2 3 same | residual(conv 4 1, tanh | "
     "conv 4 3 same, batchnorm), conv 2 1), relu | residual(batchnorm, relu, concat(conv 3 1 | conv 1 1, "
     "concat( | )), conv 4 1)), dense 3"),
]
WEIGHTS = [0.5, 2.0, 1.0, 3.0]
STEPS = [  # loss, (C, H, W), specification
    ("softmax_cross_entropy", (2, 5, 4), "flatten, dense 5, relu, dense 3"),
    ("softmax_cross_entropy", (3, 6, 5), "conv 4 3 same, batchnorm, relu, maxpool 2, conv 5 2, tanh, flatten, dense 3"),
    ("binary_cross_entropy", (1, 2, 3), "flatten, dense 4, batchnorm, sigmoid, dense 2"),
    ("mean_squared_error", (4, 7, 7), "conv 6 3 stride 2 groups 2, relu, avgpool 2, flatten, dense 4"),
    ("softmax_cross_entropy", (3, 6, 5), "conv 4 3, residual(conv 4 3 same, batchnorm, relu, conv 4 1 | ), dense 3"),
]
BATCHES = [6, 21]  # the number of rows of each of the two batches of a step
SAMPLES = [6, 27]  # 6 samples use one thread; 27 samples can use three threads


def numbers(count, a, b):
    """Returns torch_number(i, a, b) of torch_lines.h for i = 0, 1, ..., count - 1. The numbers are exact in float32."""
    return torch.tensor([((i * a + b) % 97 - 48) / 64 for i in range(count)], dtype=torch.float32)


# ---- Optimisers ------------------------------------------------------------------------------------------------------


def run_optimizer(kind, lr, momentum, nesterov, decay, rho, beta_1, beta_2, epsilon):
    p = nn.Parameter(numbers(16, 37, 5))
    if kind == "sgd":
        o = torch.optim.SGD([p], lr=lr, momentum=momentum, nesterov=bool(nesterov), weight_decay=decay)
    elif kind == "adagrad":
        o = torch.optim.Adagrad([p], lr=lr, weight_decay=decay, eps=epsilon)
    elif kind == "rmsprop":
        o = torch.optim.RMSprop([p], lr=lr, alpha=rho, eps=epsilon, weight_decay=decay, momentum=momentum)
    else:
        make = torch.optim.Adam if kind == "adam" else torch.optim.AdamW
        o = make([p], lr=lr, betas=(beta_1, beta_2), eps=epsilon, weight_decay=decay)
    for step in range(100):
        p.grad = numbers(16, 53, 29 * step)
        o.step()
    return p.detach()


# ---- Nets ------------------------------------------------------------------------------------------------------------


class Dense(nn.Linear):
    """A dense layer that flattens its input, as in lade. A separate flatten layer would change the layer numbers."""

    def forward(self, x):
        return super().forward(x.flatten(1))


class Residual(nn.ModuleList):
    def forward(self, x):
        return sum(branch(x) for branch in self)


class Concat(nn.ModuleList):
    def forward(self, x):
        return torch.cat([branch(x) for branch in self], 1)


def layer(words, shape):
    """Returns a PyTorch module for a layer, and the shape of its output."""
    c = shape[0]
    options = {words[i]: int(words[i + 1]) for i in range(len(words) - 1) if words[i] in ("stride", "groups")}
    if words[0] == "dense":
        return Dense(torch.Size(shape).numel(), int(words[1]))
    if words[0] == "conv":
        return nn.Conv2d(c, int(words[1]), int(words[2]), padding="same" if "same" in words else 0, **options)
    if words[0] == "maxpool":
        return nn.MaxPool2d(int(words[1]), **options)
    if words[0] == "avgpool":
        return nn.AvgPool2d(int(words[1]), count_include_pad=False, **options)
    if words[0] == "globalavgpool":
        return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
    if words[0] == "batchnorm":
        return nn.BatchNorm2d(c) if len(shape) == 3 else nn.BatchNorm1d(c)
    return {"relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid, "flatten": nn.Flatten}[words[0]]()


def parts(text, separator):
    """Splits a text at the separators that are not in parentheses."""
    depth, begin = 0, 0
    for i, c in enumerate(text):
        depth += (c == "(") - (c == ")")
        if c == separator and depth == 0:
            yield text[begin:i].strip()
            begin = i + 1
    yield text[begin:].strip()


def chain(spec, shape, samples):
    """Returns the modules of layers separated by commas, and the shape of the output."""
    layers = []
    for text in parts(spec, ","):
        word, _, inside = text.partition("(")
        if inside:
            branches = list(parts(inside[:-1], "|"))
            branches += [""] if len(branches) == 1 else []
            modules = [nn.Sequential(*chain(b, shape, samples)[0]) if b else nn.Identity() for b in branches]
            layers.append({"residual": Residual, "concat": Concat}[word](modules))
        else:
            layers.append(layer(text.split(), shape))
        shape = layers[-1].train()(torch.rand(samples, *shape)).shape[1:]
    return layers, shape


def make_net(spec, shape, samples):
    layers, shape = chain(spec, shape, samples)
    net = nn.Sequential(*layers)
    for module in net.modules():
        if hasattr(module, "reset_running_stats"):
            module.reset_running_stats()
    for i, p in enumerate(net.parameters()):
        p.data = numbers(p.numel(), 7, 13 * i).view(p.shape)
    return net, shape[0]


def run_net(loss, smoothing, weighted, sparse, shape, spec, samples):
    net, outputs = make_net(spec, shape, samples)
    x = numbers(samples * torch.Size(shape).numel(), 31, 3).view(samples, *shape)
    classes = torch.tensor(WEIGHTS[:outputs]) if weighted & 1 else None
    weights = torch.tensor([(3 * i + 1) % 10 / 4 if weighted & 2 else 1 for i in range(samples)])
    total = weights
    y = labels(loss, outputs, samples)
    if loss == "softmax_cross_entropy":
        if classes is not None:
            total = weights * classes[y]
        y = y if sparse else nn.functional.one_hot(y, outputs).float()
        each = nn.CrossEntropyLoss(weight=classes, label_smoothing=smoothing, reduction="none")(net(x), y)
    elif loss == "binary_cross_entropy":
        each = nn.BCEWithLogitsLoss(pos_weight=classes, reduction="none")(net(x), y).mean(1)
    else:
        each = nn.MSELoss(reduction="none")(net(x), y).mean(1)
    value = (weights * each).sum() / total.sum()
    value.backward()
    arrays = [(name, p.grad) for name, p in net.named_parameters()]
    arrays += [(name, b) for name, b in net.named_buffers() if name.endswith(("running_mean", "running_var"))]
    return [value.item()], arrays


def labels(loss, outputs, samples):
    if loss == "softmax_cross_entropy":
        return torch.tensor([i * 5 % outputs for i in range(samples)])
    if loss == "binary_cross_entropy":
        return torch.tensor([float(i % 3 == 0) for i in range(samples * outputs)]).view(samples, outputs)
    return numbers(samples * outputs, 41, 11).view(samples, outputs)


def run_step(loss, shape, spec):
    """Makes a step of two batches. Yields the gradients by name, and all parameters and buffers after the update."""
    samples = sum(BATCHES)
    net, outputs = make_net(spec, shape, samples)
    criterion = {
        "softmax_cross_entropy": nn.CrossEntropyLoss(),
        "binary_cross_entropy": nn.BCEWithLogitsLoss(),
        "mean_squared_error": nn.MSELoss(),
    }[loss]
    x = numbers(samples * torch.Size(shape).numel(), 31, 3).view(samples, *shape)
    y = labels(loss, outputs, samples)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.5, momentum=0.9, nesterov=True, weight_decay=0.01)
    for rows in torch.arange(samples).split(BATCHES):
        (criterion(net(x[rows]), y[rows]) * len(rows) / samples).backward()
    yield from ((f"gradient {name}", p.grad.clone()) for name, p in net.named_parameters())
    nn.utils.clip_grad_norm_(net.parameters(), 0.25)
    optimizer.step()
    yield from ((f"parameter {name}", v) for name, v in net.state_dict().items() if "num_batches" not in name)


# ---- The file --------------------------------------------------------------------------------------------------------


def lines():
    def row(values):
        return " ".join(f"{v:.9g}" for v in values)

    for o in OPTIMIZERS:
        yield "optimizer " + " ".join(map(str, o)), [row(run_optimizer(*o).tolist())]
    for samples in SAMPLES:
        for loss, smoothing, weighted, sparse, shape, spec in NETS:
            value, arrays = run_net(loss, smoothing, weighted, sparse, shape, spec, samples)
            head = f"net {samples} {loss} {smoothing} {weighted} {sparse} {' '.join(map(str, shape))} {spec}"
            names = "names " + " ".join(name for name, _ in arrays)
            yield head, [names, row(value)] + [row(a.flatten().tolist()) for _, a in arrays]
    for loss, shape, spec in STEPS:
        made = list(run_step(loss, shape, spec))
        yield f"step {loss} {' '.join(map(str, shape))} {spec}", [
            line for name, values in made for line in (name, row(values.flatten().tolist()))
        ]


def main(what, path):
    made = [line for head, rows in lines() for line in [head, *rows]]
    if what == "write":
        with open(path, "w", encoding="ascii") as f:
            f.write(f"# Results of PyTorch {torch.__version__}. Written by torch_reference.py.\n")
            f.write("\n".join(made) + "\n")
        return 0
    kept = [line for line in open(path, encoding="ascii").read().splitlines() if not line.startswith("#")]
    assert len(kept) == len(made), "the golden file has another number of lines"
    for a, b in zip(kept, made):
        if not a[0].isalpha():
            off = max(abs(float(u) - float(v)) / max(1, abs(float(v))) for u, v in zip(a.split(), b.split()))
            assert off < 2e-6, f"off by {off}:\n{a}\n{b}"
        else:
            assert a == b, f"{a}\n{b}"
    print(f"{len(made)} lines agree with PyTorch {torch.__version__}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
