"""Plans: a program chooses the samples and the changes of a batch."""

import threading

import lade
import numpy as np
import pytest

OPTIONS = {"target_size": 12, "batch_size": 4, "class_mode": "sparse", "dtype": "uint8", "seed": 3}


@pytest.fixture
def flow(tree):
    with lade.flow_from_directory(tree, **OPTIONS) as flow:
        yield flow


@pytest.fixture(scope="module")
def images(tree):
    """Return all images, without changes, in the order of their numbers."""
    flow = lade.flow_from_directory(tree, **{**OPTIONS, "batch_size": 30, "order": "sorted"})
    return np.array(next(flow).x)


def test_a_plan_chooses_samples(flow, images):
    flow.submit([5, 29, 5], epoch=7, step=8)
    batch = next(flow)
    assert (batch.epoch, batch.step, batch.indices.numpy().tolist()) == (7, 8, [5, 29, 5])
    assert (batch.x.numpy() == images[[5, 29, 5]]).all()
    assert batch.y.numpy().ravel().tolist() == [0, 2, 0]
    assert (next(flow).epoch, flow.state_dict()["position"]) == (0, 4)


def test_plans_come_in_order_and_before_the_epoch(flow, images):
    first = next(flow)
    for k in range(10):
        flow.submit(np.array([k, 2 * k], np.int32))
    for k in range(10):
        assert (next(flow).x.numpy() == images[[k, 2 * k]]).all()
    assert (first.step, next(flow).step) == (0, 1)


def test_the_arguments_can_be_arrays_of_any_integer_type(flow, images):
    for samples in ((1, 2), np.array([1, 2], ">i2"), np.array([1, 9, 2, 9], np.uint64)[::2], range(1, 3)):
        flow.submit(samples)
        assert (next(flow).x.numpy() == images[1:3]).all()
    flow.submit([])
    assert next(flow).n == 0
    first = next(flow)
    flow.submit(first.indices)
    assert (next(flow).x.numpy() == first.x.numpy()).all()


def test_transforms_as_dicts_and_as_an_array(flow, images):
    flow.submit([0, 1, 2, 3], transforms=[{"flip_horizontal": True}, {"ty": 2, "fill_mode": "constant", "cval": 7}, {}, {"theta": 180}])
    x = next(flow).x.numpy()
    assert (x[0] == images[0][:, ::-1]).all() and (x[2] == images[2]).all() and (x[3] == images[3][::-1, ::-1]).all()
    assert (x[1][:-2] == images[1][2:]).all() and (x[1][-2:] == 7).all()
    array = flow.transforms(4)
    array["flip_horizontal"] = [1, 0, 0, 0]
    array["theta"][3] = 180
    array[1]["ty"], array[1]["fill_mode"], array[1]["cval"] = 2, 1, 7
    before = array.copy()
    flow.submit([0, 1, 2, 3], transforms=array)
    assert (next(flow).x.numpy() == x).all() and (array == before).all()


def test_a_dict_of_keras_is_a_transform(flow, images):
    keras = {"theta": 0, "tx": 0, "ty": 0, "shear": 0, "zx": 1, "zy": 1, "flip_horizontal": False, "flip_vertical": True,
             "channel_shift_intensity": None, "brightness": None}  # fmt: skip
    flow.submit([4, 4], transforms=[keras, {**keras, "channel_shift_intensity": 10.0}])
    x = next(flow).x.numpy()
    assert (x[0] == images[4][::-1]).all() and (x[1] == np.minimum(images[4][::-1].astype(int) + 10, 255)).all()


def test_zero_means_zero(flow, images):
    flow.submit([4, 4, 4], transforms=[{"brightness": 0}, {"saturation": 0.0}, {"erasing": (1, 2, 3, 4, 9)}])
    x = next(flow).x.numpy()
    assert (x[0] == 0).all() and (x[1][..., 0] == x[1][..., 2]).all() and (x[2][2:6, 1:4] == 9).all()
    assert (np.delete(x[2], slice(1, 4), 1) == np.delete(images[4], slice(1, 4), 1)).all()
    array = flow.transforms(1)
    array["brightness"] = 0
    flow.submit([4], transforms=array)
    assert (next(flow).x.numpy() == 0).all()


def test_transforms_have_the_defaults_of_the_options(tree):
    flow = lade.flow_from_directory(tree, fill_mode="wrap", cval=3, interpolation_order=0, quirks="keras3", **OPTIONS)
    array = flow.transforms(2)
    assert array["fill_mode"].tolist() == [3, 3] and array["cval"][0] == 3
    assert array["interpolation_order"][0] == 0 and array["quirks"][0] == 1
    flow.submit([0], transforms=[{"tx": 0.5}])
    moved = next(flow).x.numpy()[0]
    plain = lade.flow_from_directory(tree, **OPTIONS)
    plain.submit([0])
    assert set(np.unique(moved)) <= set(np.unique(next(plain).x.numpy()))  # no mean of two pixels


def test_seeds_and_draws_choose_the_changes(tree):
    options = {**OPTIONS, "rotation_range": 90}
    flow = lade.flow_from_directory(tree, **options)
    expected = flow.batch(2, 1)
    flow.submit(expected.indices, epoch=2)
    assert (next(flow).x.numpy() == expected.x.numpy()).all()
    other = lade.flow_from_directory(tree, **{**options, "seed": 99})
    other.submit(expected.indices, seeds=[3] * 4, epoch=2)
    assert (next(other).x.numpy() == expected.x.numpy()).all()
    flow.submit([1, 1], draws=[2**64 - 1, 5])
    a, b = next(flow).x.numpy()
    assert (a != b).any()


def test_crops(tree, images):
    flow = lade.flow_from_directory(tree, **{**OPTIONS, "target_size": 6}, crop="random", interpolation="nearest")
    flow.submit([0, 1], crops=[(0, 0, 6, 6), (6, 5, 6, 6)])
    x = next(flow).x.numpy()
    assert (x[0] == images[0][:6, :6]).all() and (x[1] == images[1][5:11, 6:]).all()
    flow.submit([0], crops=[(9, 0, 6, 6)])
    with pytest.raises(lade.OptionError) as caught:
        next(flow)
    assert caught.value.subject.endswith("000.ppm")


@pytest.mark.parametrize(
    ("subject", "arguments"),
    [
        ("samples", {"samples": [30]}), ("samples", {"samples": [-1]}), ("samples", {"samples": [0.5]}),
        ("samples", {"samples": [[1]]}), ("samples", {"samples": [2**64 - 1]}), ("samples", {"samples": "ab"}),
        ("n", {"samples": [1] * 5}), ("epoch", {"epoch": -1}), ("step", {"step": -1}), ("position", {"position": -1}),
        ("transforms", {"transforms": [{}]}), ("transforms", {"transforms": np.zeros(2)}),
        ("theta", {"transforms": [{"theta": float("nan")}, {}]}), ("theta", {"transforms": [{"theta": "x"}, {}]}),
        ("angle", {"transforms": [{"angle": 1}, {}]}), ("zx", {"transforms": [{}, {"zx": 0}]}),
        ("fill_mode", {"transforms": [{}, {"fill_mode": "blue"}]}), ("fill_mode", {"transforms": [{"fill_mode": 9}, {}]}),
        ("erasing", {"transforms": [{}, {"erasing": (1, 2)}]}), ("posterize", {"transforms": [{}, {"posterize": 300}]}),
        ("crops", {"crops": [(0, 0, 1, 1)] * 2}), ("crops", {"crops": [(0, 0, 1)] * 2}), ("crops", {"crops": [0.5, 2]}),
        ("seeds", {"seeds": [1]}), ("seeds", {"seeds": [1, -1]}), ("draws", {"draws": ["a", "b"]}),
    ],
)  # fmt: skip
def test_invalid_plans(flow, subject, arguments):
    with pytest.raises(lade.OptionError) as caught:
        flow.submit(**{"samples": [0, 1], **arguments})
    assert caught.value.subject == subject and str(caught.value)
    assert next(flow).step == 0


def test_wrong_types(flow):
    for arguments in ({"samples": 5}, {"samples": [1], "transforms": [3]}, {"samples": [1], "transforms": 3}, {"samples": [1], "epoch": "a"}):
        with pytest.raises((TypeError, lade.OptionError)):
            flow.submit(**arguments)


def test_too_many_plans_wait(flow):
    for _ in range(flow.max_plans):
        flow.submit([0])
    with pytest.raises(lade.StateError) as caught:
        flow.submit([0])
    assert caught.value.status == "LADE_EBUSY"
    next(flow)
    flow.submit([1])


def test_a_state_discards_plans(flow):
    flow.submit([3])
    flow.load_state_dict(flow.state_dict())
    assert next(flow).step == 0 and flow.state_dict()["position"] == 4


def test_an_exception_of_the_function_removes_the_plan(tree):
    def function(image):
        if image[0, 0, 0] == bad:
            raise RuntimeError("no")
        return image

    flow = lade.flow_from_directory(tree, preprocessing_function=function, **OPTIONS)
    bad = -1
    flow.submit([2])
    bad = int(next(flow).x.numpy()[0, 0, 0, 0])
    flow.submit([2])
    flow.submit([3])
    with pytest.raises(RuntimeError, match="no"):
        next(flow)
    bad = -1
    assert next(flow).indices.numpy().tolist() == [3]


def test_plans_of_several_threads(flow, images):
    lock, wrong = threading.Lock(), []

    def run(k):
        for _ in range(20):
            with lock:  # next() returns the batches in the order of the plans, so one thread at a time takes a batch
                flow.submit([k, k + 8])
                batch = next(flow)
            if (batch.x.numpy() != images[[k, k + 8]]).any():
                wrong.append(k)

    threads = [threading.Thread(target=run, args=(k,)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_a_closed_flow_refuses_plans(flow):
    flow.close()
    with pytest.raises(lade.StateError):
        flow.submit([0])
