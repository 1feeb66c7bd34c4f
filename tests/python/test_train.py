"""Nets, optimizers and training runs."""

import collections.abc
import dataclasses
import math
import os
import signal
import threading
import time

import lade
import numpy as np
import pytest
from lade import _lade, _optimizers

FLOW = {"target_size": (8, 8), "batch_size": 10, "class_mode": "sparse", "seed": 1}


def separable(n=60, seed=0):
    """Return samples of two classes that a linear net can separate."""
    generator = np.random.default_rng(seed)
    y = np.arange(n) % 2
    x = generator.normal(0, 0.3, (n, 4)).astype(np.float32)
    x[:, 0] += np.where(y, 1, -1)
    return x, y


def batches(n=60, size=10, seed=0):
    x, y = separable(n, seed)
    return [(x[i : i + size], y[i : i + size]) for i in range(0, n, size)]


def test_training_on_a_flow(tree):
    flow = lade.flow_from_directory(tree, **FLOW)
    net = lade.Net("dense 16, relu, dense 3", flow, threads=1)
    assert net.class_names == ["ant", "bee", "cat"] and net.sample_shape == (8, 8, 3) and net.outputs == 3
    run = net.fit(flow, optimizer=lade.Adam(lr=1e-2), epochs=3, validation=flow)
    assert isinstance(run, collections.abc.Generator)
    seen = [m.epoch for m in run]
    assert seen == [0, 1, 2] and [m.epoch for m in run.history] == seen
    assert run.history[-1].loss < run.history[0].loss and not math.isnan(run.history[-1].val_loss)
    assert "svg" in run._repr_html_() and "epoch 3/3" in str(run.history[-1])
    assert '"target_size"' in net.preprocessing
    x, _ = next(flow)
    p = net.predict(x)
    assert p.shape == (10, 3) and np.allclose(p.numpy().sum(1), 1, atol=1e-5)
    score = net.evaluate(flow)
    assert score.samples == 30 and 0 <= score.accuracy <= 1


def test_training_on_arrays_of_python():
    net = lade.Net("dense 2", (4,), threads=1, seed=3)
    (m,) = net.fit(batches(), optimizer=lade.SGD(lr=0.5, momentum=0.9), epochs=1)
    assert m.step == 6 and m.samples == 60
    for m in net.fit(batches(), optimizer="adam", epochs=20):
        pass
    x, y = separable(40, 1)
    assert net.evaluate([(x, y)]).accuracy > 0.95
    assert (net.predict(x).numpy().argmax(1) == y).mean() > 0.95
    assert net.predict(x.astype(float)).shape == (40, 2)


def test_an_iterator_needs_steps_and_enough_batches():
    net = lade.Net("dense 2", (4,), threads=1)
    with pytest.raises(ValueError, match="steps_per_epoch"):
        net.fit(iter(batches()))
    assert len(list(net.fit(iter(batches()), steps_per_epoch=3, epochs=2))) == 2
    with pytest.raises(ValueError, match="has ended"):
        list(net.fit(iter(batches()), steps_per_epoch=4, epochs=2))
    assert len(list(net.fit((b for b in batches()), steps_per_epoch=6, epochs=1))) == 1


def test_weights_one_hot_labels_and_single_outputs():
    x, y = separable()
    net = lade.Net("dense 2", (4,), threads=1, seed=5)
    other = lade.Net("dense 2", (4,), threads=1, seed=5)
    list(net.fit([(x, y, np.ones(60))], epochs=3))
    list(other.fit([(x, np.eye(2)[y])], epochs=3))
    assert np.allclose(net.get_parameter("0.weight"), other.get_parameter("0.weight"))
    single = lade.Net("dense 1", (4,), threads=1)
    list(single.fit([(x, y)], epochs=30, optimizer="adam", class_weight=[1, 2]))
    assert single.loss == "binary_cross_entropy" and single.predict(x).shape == (60, 1)


def test_send_sets_the_learning_rate():
    net = lade.Net("dense 2", (4,), threads=1)
    run = net.fit(batches(), epochs=5, optimizer=lade.SGD(lr=0.1), yield_every=3)
    first = next(run)
    assert not first.epoch_end and first.lr == pytest.approx(0.1)
    assert run.send(0.02).last_lr == pytest.approx(0.02)
    with pytest.raises(ValueError, match="lr"):
        run.send(-1)
    run.close()
    assert list(run) == []
    with pytest.raises(KeyError):
        net.fit(batches()).throw(KeyError("x"))


def test_break_and_close_end_a_run(tree):
    flow = lade.flow_from_directory(tree, **FLOW)
    net = lade.Net("dense 3", flow, threads=1)
    for _ in net.fit(flow, epochs=100):
        break
    run = net.fit(flow, epochs=2)
    with pytest.raises(lade.StateError) as caught:
        net.fit(flow)
    assert caught.value.subject == "net"
    next(run)
    del run
    list(net.fit(flow))


def test_a_flow_can_be_closed_before_its_run(tree, tmp_path):
    flow = lade.flow_from_directory(tree, **FLOW)
    net = lade.Net("dense 3", flow, threads=1)
    run = net.fit(flow, epochs=2, yield_every=1, checkpoint=tmp_path / "net")
    next(run)
    flow.close()
    with pytest.raises(lade.StateError, match="closed"):
        next(run)
    run.close()


def test_checkpoints_resume_with_the_same_bytes(tree, tmp_path):
    path = tmp_path / "net.safetensors"

    def make():
        flow = lade.flow_from_directory(tree, **FLOW)
        return lade.Net("dense 8, relu, dense 3", flow, threads=1, seed=2), flow

    net, flow = make()
    list(net.fit(flow, epochs=4, optimizer="adam"))
    part, flow = make()
    for m in part.fit(flow, epochs=4, optimizer="adam", checkpoint=path):
        if m.epoch == 1:
            break
    rest, flow = make()
    metrics = list(rest.fit(flow, epochs=4, optimizer="adam", resume=path, checkpoint=path, replay=True))
    assert [m.epoch for m in metrics] == [0, 1, 2, 3] and [m.replayed for m in metrics] == [True, True, False, False]
    for name in net.parameter_names():
        assert (net.get_parameter(name).numpy() == rest.get_parameter(name).numpy()).all()
    loaded = lade.Net.load(os.fsencode(path), threads=1)
    assert loaded.spec == rest.spec and loaded.class_names == rest.class_names
    with pytest.raises(ValueError) as caught:
        list(make()[0].fit(flow, epochs=4, optimizer="sgd", resume=path))
    assert caught.value.status == "LADE_EMISMATCH"


def test_a_source_with_a_state_can_be_resumed(tmp_path):
    class Stateful:
        def __init__(self):
            self.at = 0

        def __len__(self):
            return 6

        def __iter__(self):
            while self.at < 6:
                self.at += 1
                yield batches()[self.at - 1]
            self.at = 0

        def state_dict(self):
            return {"at": self.at}

        def load_state_dict(self, state):
            self.at = state["at"] % 6

    path = tmp_path / "run"
    whole, part, rest = (lade.Net("dense 2", (4,), threads=1, seed=7) for _ in range(3))
    list(whole.fit(Stateful(), epochs=3))
    for m in part.fit(Stateful(), epochs=3, checkpoint=path, yield_every=4):
        if (m.epoch, m.step) == (1, 4):
            break
    list(rest.fit(Stateful(), epochs=3, resume=path))
    assert (whole.get_parameter("0.weight").numpy() == rest.get_parameter("0.weight").numpy()).all()


def test_parameters():
    net = lade.Net("dense 3", (4,), threads=1)
    assert net.parameter_names() == ["0.weight", "0.bias"] and net.parameters == 15
    values = np.arange(12, dtype=np.float32).reshape(3, 4)
    net.set_parameter("0.weight", values)
    net.set_parameter("0.bias", np.zeros(3, np.float32))
    assert (net.get_parameter("0.weight").numpy() == values).all()
    with pytest.raises(KeyError):
        net.get_parameter("1.weight")
    with pytest.raises(ValueError, match="0.weight"):
        net.set_parameter("0.weight", values.T.copy())
    assert "dense" in net.describe() and "dense 3" in repr(net)


# ---- Errors ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spec", "shape", "options", "subject"),
    [
        ("dens 3", (4,), {}, "dens 3"), ("dense 0", (4,), {}, "dense 0"), ("", (4,), {}, ""),
        ("dense 2", (4,), {"threads": 10**6}, "threads"),
        ("dense 2", (4,), {"loss": "x"}, "loss"), ("dense 2", (4,), {"class_names": ["a"]}, "class_names"),
        ("dense 2", (4,), {"class_names": ["a", "b", "c"]}, "class_names"),
    ],
)  # fmt: skip
def test_bad_nets(spec, shape, options, subject):
    with pytest.raises(ValueError) as caught:
        lade.Net(spec, shape, **options)
    assert caught.value.subject == subject


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"epochs": 0}, "epochs"), ({"epochs": -1}, "epochs"), ({"label_smoothing": 1}, "label_smoothing"),
        ({"class_weight": [1]}, "class_weight"), ({"class_weight": 3}, "class_weight"), ({"accumulate": 0}, "accumulate"),
        ({"optimizer": "adamx"}, "adamx"), ({"optimizer": 3}, "optimizer"), ({"schedule": "x"}, "'x'"),
        ({"optimizer": lade.SGD(nesterov=True)}, "nesterov"), ({"optimizer": lade.SGD(momentum=1)}, "momentum"),
        ({"schedule": lade.StepLR(factor=2)}, "factor"), ({"clipvalue": -1}, "clipvalue"),
    ],
)  # fmt: skip
def test_bad_options_of_a_run(options, name):
    net = lade.Net("dense 2", (4,), threads=1)
    with pytest.raises((ValueError, TypeError), match=name):
        net.fit(batches(), **options)
    list(net.fit(batches()))


@pytest.mark.parametrize(
    "items",
    [[], [1], [(1, 2, 3, 4)], [(np.zeros((3, 4)), np.zeros(2))], [(np.zeros((3, 5)), np.zeros(3))], [(np.zeros(3), 0)],
     [(np.zeros((3, 4)), np.array(["a"] * 3))], [(np.zeros((3, 4)), np.full(3, 7))]],
)  # fmt: skip
def test_bad_batches(items):
    net = lade.Net("dense 2", (4,), threads=1)
    with pytest.raises((ValueError, TypeError)):
        list(net.fit(items, epochs=1))
    list(net.fit(batches()))


def test_an_exception_of_the_source_keeps_its_traceback():
    def source():
        yield batches()[0]
        raise ZeroDivisionError("in the source")

    net = lade.Net("dense 2", (4,), threads=1)
    with pytest.raises(ZeroDivisionError, match="in the source") as caught:
        list(net.fit(source(), steps_per_epoch=5))
    assert any(entry.name == "source" for entry in caught.traceback)


def test_an_exception_of_a_preprocessing_function(tree):
    flow = lade.flow_from_directory(tree, preprocessing_function=lambda image: 1 / 0, **FLOW)
    net = lade.Net("dense 3", flow, threads=1)
    with pytest.raises(ZeroDivisionError):
        list(net.fit(flow))


def test_numbers_that_are_not_finite():
    net = lade.Net("dense 2", (4,), threads=1)
    with pytest.raises(ArithmeticError) as caught:
        list(net.fit([(np.full((2, 4), np.nan), np.array([0, 1]))]))
    assert caught.value.status == "LADE_ENUMERIC"


# ---- Ctrl-C ------------------------------------------------------------------------------------------------------------


def interrupt(call, after=0.2):
    """Run `call` and return the time from SIGINT to KeyboardInterrupt."""
    sent = []

    def send():
        sent.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    timer = threading.Timer(after, send)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        call()
    timer.join()
    return time.monotonic() - sent[0]


def test_ctrl_c_in_fit(tmp_path):
    x, y = separable(1000)
    net = lade.Net("dense 64, relu, dense 2", (4,), threads=1)
    path = tmp_path / "checkpoint"
    run = net.fit([(x, y)] * 10, epochs=100000, yield_every=10**9, checkpoint=path)
    # The last step is completed, and the checkpoint is written.
    assert interrupt(lambda: list(run)) < 0.1
    assert path.exists() and list(run) == []
    list(net.fit([(x, y)]))


def test_ctrl_c_in_a_slow_source(tree):
    net = lade.Net("dense 3", (8, 8, 3), threads=1)

    def slow(image):
        time.sleep(0.3)
        return image

    flow = lade.flow_from_directory(tree, preprocessing_function=slow, **FLOW)
    assert interrupt(lambda: list(net.fit(flow))) < 0.1
    assert interrupt(lambda: net.evaluate(flow)) < 0.1
    flow.close()

    def generator():
        time.sleep(5)
        yield 1

    assert interrupt(lambda: list(net.fit(generator(), steps_per_epoch=1))) < 0.1


def test_another_thread_cannot_use_a_busy_net():
    x, y = separable()
    net = lade.Net("dense 2", (4,), threads=1)
    started, finish = threading.Event(), threading.Event()

    def source():
        yield x, y
        started.set()
        finish.wait(5)
        yield x, y

    thread = threading.Thread(target=lambda: list(net.fit(source(), steps_per_epoch=2)))
    thread.start()
    started.wait(5)
    for use in (lambda: net.predict(x), lambda: net.get_parameter("0.bias"), lambda: net.save("/nowhere"),
                lambda: net.set_parameter("0.bias", np.zeros(2, np.float32)), lambda: net.evaluate([(x, y)])):
        with pytest.raises(lade.StateError):
            use()
    finish.set()
    thread.join()
    net.predict(x)


# ---- The tables of the library -----------------------------------------------------------------------------------------


def test_the_classes_are_those_of_the_tables():
    for base, table in ((lade.Optimizer, "optimizer"), (lade.Schedule, "schedule")):
        rows = {row["name"]: row for row in _lade.option_table(table)}
        kinds = [word for word, _ in rows["kind"]["words"]]
        classes = {}
        for name, value in vars(_optimizers).items():
            if isinstance(value, type) and issubclass(value, base) and value is not base:
                assert getattr(lade, name) is value and name in lade.__all__
                classes[value.kind] = value
        assert sorted(classes) == sorted(kinds)
        for kind, (fields, _) in _lade.settings_of(table).items():
            expected = set(fields) | ({"warmup"} if table == "schedule" else set())
            assert {f.name for f in dataclasses.fields(classes[kind])} == expected, kind


def test_reduce_changes_the_gradients():
    def train(reduce, lr):
        net = lade.Net("dense 3, relu, dense 2", (4,), threads=1, seed=1)
        list(net.fit(batches(), optimizer=lade.SGD(lr=lr), reduce=reduce))
        return [net.get_parameter(name).numpy() for name in net.parameter_names()]

    def double(gradients):
        assert len(gradients) == 4 and list(gradients) == ["0.weight", "0.bias", "2.weight", "2.bias"]
        for name in gradients:
            gradients[name] = 2 * gradients[name].numpy()
        kept.append(gradients)

    kept = []
    for doubled, expected in zip(train(double, 0.05), train(None, 0.1), strict=True):
        assert np.allclose(doubled, expected, atol=1e-6)
    with pytest.raises(lade.StateError, match="reduce"):
        kept[0]["0.weight"]


def test_errors_in_reduce():
    def run(reduce):
        list(lade.Net("dense 2", (4,), threads=1).fit(batches(), reduce=reduce))

    with pytest.raises(ZeroDivisionError) as caught:
        run(lambda gradients: 1 / 0)
    assert any(entry.name == "<lambda>" for entry in caught.traceback)
    with pytest.raises(KeyError, match="nonsense"):
        run(lambda gradients: gradients["nonsense"])
    with pytest.raises(lade.OptionError) as wrong:
        run(lambda gradients: gradients.__setitem__("0.bias", np.zeros(3, np.float32)))
    assert wrong.value.subject == "0.bias"
    with pytest.raises(lade.OptionError):
        run(lambda gradients: gradients.__setitem__("0.bias", [1, 2]))
    with pytest.raises(TypeError):
        run(lambda gradients: gradients.__delitem__("0.bias"))
    with pytest.raises(TypeError, match="reduce"):
        run(3)


def test_fit_has_every_option_of_the_table():
    table = {row["name"] for row in _lade.option_table("fit")}
    assert set(lade.FitOptions.__annotations__) == table - {"reduce_ctx"}  # belongs to `reduce`
    assert set(lade.NetOptions.__annotations__) == {row["name"] for row in _lade.option_table("net")}
    net = lade.Net("dense 2", (4,), threads=1)
    with pytest.raises(TypeError, match="nonsense"):
        net.fit(batches(), nonsense=1)
    with pytest.raises(TypeError, match="nonsense"):
        lade.Net("dense 2", (4,), nonsense=1)


@pytest.mark.parametrize(
    "optimizer",
    [lade.SGD(lr=0.1, momentum=0.9, nesterov=True, weight_decay=0), lade.Adagrad(), lade.RMSprop(rho=0.9, momentum=0),
     lade.Adam(beta_1=0, epsilon=1e-7), lade.AdamW(weight_decay=0), "rmsprop"],
)  # fmt: skip
@pytest.mark.parametrize(
    "schedule", [lade.ConstantLR(warmup=3), lade.StepLR(epochs=1, factor=0.5), lade.ExponentialLR(), lade.CosineLR(),
                 lade.PlateauLR(epochs=1, min_lr=1e-3, eps=0)],
)  # fmt: skip
def test_optimizers_and_schedules(optimizer, schedule):
    net = lade.Net("dense 2", (4,), threads=1)
    *_, m = net.fit(batches(), optimizer=optimizer, schedule=schedule, epochs=2)
    assert math.isfinite(m.loss)


def test_progress_draws_one_bar(capfd):
    net = lade.Net("dense 2", (4,), threads=1)
    items = list(net.fit(batches(), epochs=2, progress=True))
    assert [m.epoch for m in items] == [0, 1] and all(m.epoch_end for m in items)
    text = capfd.readouterr().err
    assert text.count("\n") == 2 and "[########################]" in text


def test_pictures(tree, tmp_path):
    flow = lade.flow_from_directory(tree, **FLOW)
    batch = next(flow)
    for images in (batch, batch.x, batch.x.numpy() / 255, batch.x.numpy().transpose(0, 3, 1, 2), batch.x.numpy()[..., :1] - 100):
        assert lade.show(images)._repr_png_().startswith(b"\x89PNG")
    picture = lade.show(batch, columns=3, most=5)
    picture.save(tmp_path / "sheet.png")
    sheet = lade.flow_from_paths([tmp_path / "sheet.png"], target_size=(22, 32), interpolation="nearest")
    assert next(sheet).x.numpy()[0, 2:10, 2:10].tolist() == batch.x.numpy()[0].tolist()
    assert flow._repr_png_().startswith(b"\x89PNG")
    assert batch._repr_png_().startswith(b"\x89PNG")
