"""Tests how flows are interrupted or end: Ctrl-C, close(), del, an exception, the end of the interpreter, fork()."""

import asyncio
import gc
import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
import weakref

import lade
import numpy as np
import pytest
from lade._flow import _open_flows

OPTIONS = {"target_size": 8, "batch_size": 4, "seed": 1}


def threads():
    """Return the number of threads of flows in this process."""
    names = []
    for task in os.listdir("/proc/self/task"):
        try:
            with open(f"/proc/self/task/{task}/comm") as f:
                names.append(f.read().strip())
        except OSError:
            pass
    return sum(name.startswith("lade-flow") for name in names)


def wait_for_threads(count=0):
    for _ in range(100):
        if threads() == count:
            return True
        time.sleep(0.02)
    return False


@pytest.fixture(autouse=True)
def no_thread_is_left():
    gc.collect()
    for flow in list(_open_flows):  # of other tests
        flow.close()
    assert wait_for_threads()
    yield
    gc.collect()
    assert wait_for_threads()


class Interrupt:
    """Sends SIGINT to this process after some time, and measures the time until KeyboardInterrupt.

    If the machine is busy, threads wake up late. So the measured delay of a short sleep is added to the limit.
    """

    limit = 0.5 if "LADE_SANITIZED" in os.environ else 0.1

    def __init__(self, after=0.15):
        self.after = after

    def __enter__(self):
        self.timer = threading.Timer(self.after, self.send)
        self.timer.start()
        return self

    def send(self):
        self.sent = time.monotonic()
        os.kill(os.getpid(), signal.SIGINT)
        start = time.monotonic()
        time.sleep(0.02)
        self.delay = time.monotonic() - start - 0.02

    def __exit__(self, kind, error, traceback):
        end = time.monotonic()
        self.timer.join()
        assert kind is KeyboardInterrupt, f"expected KeyboardInterrupt, got {error!r}"
        assert end - self.sent < self.limit + 2 * self.delay
        return True


def slow(seconds=0.6):
    def function(image):
        time.sleep(seconds)
        return image

    return function


def test_ctrl_c_in_next(tree):
    flow = lade.flow_from_directory(tree, preprocessing_function=slow(), **OPTIONS)
    with Interrupt():
        next(flow)
    assert threads() > 0
    flow.close()
    assert threads() == 0


def test_ctrl_c_loses_no_batch(tree):
    wait = threading.Event()

    def function(image):
        wait.wait()
        return image

    flow = lade.flow_from_directory(tree, preprocessing_function=function, **OPTIONS)
    with Interrupt():
        next(flow)
    wait.set()
    expected = lade.flow_from_directory(tree, **OPTIONS)
    for _ in range(10):
        a, b = next(flow), next(expected)
        assert (a.epoch, a.step) == (b.epoch, b.step) and (a.x.numpy() == b.x.numpy()).all()


def test_ctrl_c_in_fit_and_in_batch(tree):
    flow = lade.flow_from_sequence(SlowSequence(30, 0.2), class_mode=None, featurewise_center=True, **OPTIONS)
    with Interrupt():
        flow.fit()
    flow.sequence_is_fast = True
    other = lade.flow_from_sequence(SlowSequence(30, 0.2), class_mode=None, **OPTIONS)
    with Interrupt():
        other.batch(0, 0)
    assert next(other).step == 0


@pytest.fixture(scope="module")
def many_files(tmp_path_factory):
    """A directory of 4000 class folders. All are links to the same 1500 files, so a search takes seconds."""
    root = tmp_path_factory.mktemp("many")
    for i in range(1500):
        (root / "real" / f"{i}.ppm").parent.mkdir(exist_ok=True)
        (root / "real" / f"{i}.ppm").touch()
    (root / "classes").mkdir()
    for i in range(4000):
        (root / "classes" / f"{i}").symlink_to("../real")
    return root / "classes"


@pytest.mark.parametrize("make", [
    lade.flow_from_directory, lade.scan, lambda path, **options: lade.flow_from_paths([path], **options)
])  # fmt: skip
def test_ctrl_c_in_a_search(many_files, make):
    descriptors = len(os.listdir("/proc/self/fd"))
    with Interrupt():
        make(many_files, follow_links=True)
    assert threads() == 0 and len(os.listdir("/proc/self/fd")) == descriptors


class SlowSequence:
    def __init__(self, n, seconds):
        self.n, self.seconds = n, seconds

    def __len__(self):
        return self.n

    def __getitem__(self, i):
        if threading.current_thread() is not threading.main_thread():
            time.sleep(self.seconds)
        return np.full((8, 8, 3), i, np.uint8)


def test_ctrl_c_in_close(tree):
    flow = lade.flow_from_directory(tree, preprocessing_function=slow(1.0), **OPTIONS)
    with Interrupt():
        next(flow)
    with Interrupt():
        flow.close()
    with pytest.raises(lade.StateError):
        next(flow)
    flow.close()
    assert flow.closed and threads() == 0


def test_del_in_every_state(tree):
    for state in range(4):
        flow = lade.flow_from_directory(tree, preprocessing_function=slow(0.01), **OPTIONS)
        held = [next(flow) for _ in range(state)]
        loop = flow.epoch()
        if state == 2:
            held.append(next(loop))
        del flow
        del loop
        assert threads() == 0
        del held


def test_a_cycle_is_collected(tree):
    flow = None

    def function(image):
        assert flow is not None or True
        return image

    flow = lade.flow_from_directory(tree, preprocessing_function=function, **OPTIONS)
    next(flow)
    holder = {"flow": flow, "function": function}
    holder["self"] = holder
    del flow, holder, function
    gc.collect()
    assert threads() == 0


class Owner(SlowSequence):
    """A sequence that has a reference to the flow that reads the sequence."""

    def __init__(self, **options):
        super().__init__(30, 0.001)
        self.flow = lade.flow_from_sequence(self, class_mode=None, **{**OPTIONS, **options})


def test_a_cycle_of_a_sequence_and_its_flow_is_collected():
    for used in (False, True):
        owner = Owner()
        if used:
            batch = next(owner.flow)
        gone = weakref.ref(owner)
        del owner
        for _ in range(20):  # a worker that is in a call of the sequence has a reference
            gc.collect()
            if gone() is None:
                break
            time.sleep(0.01)
        assert gone() is None and threads() == 0
    assert batch.x.shape == (4, 8, 8, 3)


def test_statistics_stay_valid_after_the_flow():
    flow = lade.flow_from_sequence(SlowSequence(30, 0), class_mode=None, featurewise_center=True, **OPTIONS)
    stats = [flow.fit(), flow.fit(), flow.stats]
    flow.close()
    assert all(s.mean == (14.5, 14.5, 14.5) for s in stats)


def test_a_cycle_of_a_run_and_its_source_is_collected():
    class Batches:
        def __len__(self):
            return 2

        def __iter__(self):
            for _ in range(2):
                yield np.zeros((2, 4), np.float32), np.zeros(2, np.float32)

    source = Batches()
    source.run = lade.Net("dense 2", (4,)).fit(source, epochs=2)
    next(source.run)
    gone = weakref.ref(source)
    del source
    gc.collect()
    assert gone() is None


def test_an_exception_in_the_loop_body(tree):
    def run():
        with lade.flow_from_directory(tree, preprocessing_function=slow(0.01), **OPTIONS) as flow:
            for x, _ in flow.epoch():
                raise OSError("in the body")

    with pytest.raises(OSError, match="in the body"):
        run()
    assert threads() == 0


def test_an_exception_of_the_function_has_its_traceback(tree):
    def broken(image):
        raise RuntimeError("broken function: \x1b % é")

    flow = lade.flow_from_directory(tree, preprocessing_function=broken, **OPTIONS)
    for _ in range(3):
        with pytest.raises(RuntimeError, match="broken function") as caught:
            next(flow)
        assert any(entry.name == "broken" for entry in caught.traceback)
        assert ".ppm" in caught.value.__notes__[0]
    wrong = lade.flow_from_directory(tree, preprocessing_function=lambda image: image[:2], **OPTIONS)
    with pytest.raises(ValueError, match=r"\(2, 8, 3\)"):
        next(wrong)


def test_close_from_another_thread(tree):
    wait = threading.Event()

    def function(image):
        wait.wait()
        return image

    flow = lade.flow_from_directory(tree, preprocessing_function=function, **OPTIONS)
    errors = []

    def consume():
        try:
            next(flow)
        except lade.StateError as error:
            errors.append(error)

    consumer = threading.Thread(target=consume)
    consumer.start()
    time.sleep(0.1)
    closer = threading.Thread(target=flow.close)
    closer.start()
    consumer.join(1)
    assert len(errors) == 1 and not consumer.is_alive()
    wait.set()
    closer.join(1)
    assert flow.closed and threads() == 0
    for use in (lambda: next(flow), lambda: flow.samples, lambda: flow.state_dict(), lambda: len(flow), flow.fit):
        with pytest.raises(lade.StateError):
            use()
    assert repr(flow) == "<lade.Flow (closed)>"


def test_del_from_another_thread(tree):
    flows = [lade.flow_from_directory(tree, preprocessing_function=slow(0.02), **OPTIONS)]
    next(flows[0])
    thread = threading.Thread(target=flows.clear)
    thread.start()
    thread.join(2)
    assert not thread.is_alive() and threads() == 0


def test_two_flows_in_two_threads(tree):
    results = {}

    def run(seed):
        flow = lade.flow_from_directory(tree, preprocessing_function=lambda image: image + 1, **{**OPTIONS, "seed": seed})
        results[seed] = [np.array(x) for x, _ in flow.epoch()]

    workers = [threading.Thread(target=run, args=(seed,)) for seed in (1, 2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for seed, batches in results.items():
        for (x, _), values in zip(lade.flow_from_directory(tree, **{**OPTIONS, "seed": seed}).epoch(), batches, strict=True):
            assert (x.numpy() + 1 == values).all()


def test_one_flow_in_two_threads(tree):
    wait, started = threading.Event(), threading.Event()

    def function(image):
        started.set()
        wait.wait()
        return image

    flow = lade.flow_from_directory(tree, preprocessing_function=function, **OPTIONS)
    state = flow.state_dict()
    batches = []
    thread = threading.Thread(target=lambda: batches.append(next(flow)))
    thread.start()
    started.wait()
    for use in (lambda: next(flow), flow.state_dict, lambda: flow.load_state_dict(state), flow.fit):
        with pytest.raises(lade.StateError, match="another thread"):
            use()
    assert flow.samples == 30
    wait.set()
    thread.join()
    assert batches[0].step == 0 and next(flow).step == 1


def test_a_flow_that_computes_statistics_cannot_be_used(tree):
    flow = lade.flow_from_sequence(SlowSequence(30, 0.05), class_mode=None, featurewise_center=True, **OPTIONS)
    thread = threading.Thread(target=flow.fit)
    thread.start()
    time.sleep(0.1)
    for use in (lambda: next(flow), lambda: flow.samples, lambda: flow.stats, flow.fit):
        with pytest.raises(lade.StateError, match="another thread"):
            use()
    thread.join()
    assert flow.stats.images == 30


def test_asyncio(tree):
    async def consume(flow):
        loop, steps = asyncio.get_running_loop(), []
        for _ in range(len(flow)):
            batch = await loop.run_in_executor(None, next, flow)
            steps.append(batch.step)
        return steps

    async def main():
        flows = [lade.flow_from_directory(tree, **OPTIONS) for _ in range(2)]
        return await asyncio.gather(*(consume(flow) for flow in flows))

    assert asyncio.run(main()) == [list(range(8))] * 2


# ---- Processes ---------------------------------------------------------------------------------------------------------


def run_script(text, *arguments, status=0):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    result = subprocess.run([sys.executable, "-X", "faulthandler", "-c", textwrap.dedent(text), *map(str, arguments)],
                            env=environment, capture_output=True, text=True, timeout=60)
    assert result.returncode == status, result.stderr
    return result.stdout


@pytest.mark.parametrize("end", ["", "sys.exit(0)", "raise SystemExit(0)", "del flow", "flow = [flow]; flow.append(flow)"])
def test_the_interpreter_ends_with_a_live_flow(tree, end):
    run_script(
        f"""
        import lade, sys, time
        def function(image):
            time.sleep(0.005)
            return image
        flow = lade.flow_from_directory(sys.argv[1], preprocessing_function=function, target_size=8, batch_size=4)
        batch = next(flow)
        view = memoryview(batch.x)
        {end}
        """,
        tree,
    )


def test_an_uncaught_exception_ends_the_process(tree):
    run_script(
        """
        import lade, sys
        for x, y in lade.flow_from_directory(sys.argv[1], preprocessing_function=lambda i: 1 / 0).epoch(): pass
        """,
        tree, status=1,
    )  # fmt: skip


def test_ctrl_c_ends_a_program(tree):
    script = """
        import lade, sys, time
        def function(image):
            print("ready", flush=True)
            time.sleep(0.3)
            return image
        for x, y in lade.flow_from_directory(sys.argv[1], preprocessing_function=function): pass
        """
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(script), str(tree)], env=environment,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == -signal.SIGINT and b"KeyboardInterrupt" in errors


def digest(flow):
    d = lade.Digest()
    for batch in flow.epoch():
        d.add(batch)
    return str(d)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("function", [None, lambda image: image + 1])
def test_a_flow_continues_in_a_child_of_fork(tree, function):
    flow = lade.flow_from_directory(tree, preprocessing_function=function, **OPTIONS)
    held = next(flow)
    expected = [next(lade.flow_from_directory(tree, preprocessing_function=function, **OPTIONS)).x.numpy().sum()]
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            ok = held.x.numpy().sum() == expected[0]
            rest = [b.step for b in flow.epoch()]
            flow.close()
            os.write(writer, b"ok" if ok and rest == list(range(1, 8)) else repr(rest).encode())
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert status == 0 and os.read(reader, 1000) == b"ok"
    os.close(reader)
    os.close(writer)
    assert [b.step for b in flow.epoch()] == list(range(1, 8))


@pytest.mark.parametrize("end", ["sys.exit(0)", "pass", "next(flow); next(run)"])
def test_a_child_of_fork_ends_normally(tree, end):
    run_script(
        f"""
        import lade, os, sys, time, warnings
        warnings.simplefilter("ignore")
        def function(image):
            time.sleep(0.002)
            return image
        flow = lade.flow_from_directory(sys.argv[1], preprocessing_function=function, target_size=8, batch_size=4)
        next(flow)
        train = lade.flow_from_directory(sys.argv[1], target_size=8, batch_size=4)
        net = lade.Net("dense 3", train, threads=2)
        run = net.fit(train, epochs=4)
        next(run)
        child = os.fork()
        if child == 0:
            {end}
        else:
            assert os.waitpid(child, 0)[1] == 0
            next(flow), next(run)
        """,
        tree,
    )


def child_of_multiprocessing(tree, queue):
    queue.put(digest(lade.flow_from_directory(tree, **OPTIONS)))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_multiprocessing_with_a_live_flow(tree, method):
    flow = lade.flow_from_directory(tree, **OPTIONS)
    next(flow)
    context = multiprocessing.get_context(method)
    queue = context.Queue()
    process = context.Process(target=child_of_multiprocessing, args=(tree, queue))
    process.start()
    assert queue.get(timeout=30) == digest(lade.flow_from_directory(tree, **OPTIONS))
    process.join(30)
    assert process.exitcode == 0
    queue.close()
    queue.join_thread()


def test_a_flow_cannot_be_pickled(tree):
    import pickle

    with pytest.raises(TypeError, match="pickled"):
        pickle.dumps(lade.flow_from_directory(tree, **OPTIONS))
