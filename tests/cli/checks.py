"""
This program makes the checks that a shell script cannot make. lib.sh starts it once for each script, because starting
Python takes longer than most commands under test. For each line on standard input, the program makes one check. It reads
the arguments of the check from the file .request, in which each argument ends with a NUL byte. It prints one line:
"ok RESULT" or "failed REASON".
"""
import fcntl
import json
import os
import re
import select
import signal
import struct
import sys
import termios
import time
import xml.dom.minidom


def output():
    """
    Returns the JSON object in the last line of the file "out". Each line must be a JSON object. Only the output of
    `lade train` has several lines, one for each epoch.
    """
    with open("out", encoding="utf-8") as f:
        text = f.read()
    lines = [json.loads(line) for line in text.splitlines()]
    d = lines[-1]
    assert all(isinstance(line, dict) for line in lines) and text.endswith("\n"), "a line is not a JSON object"
    assert lines[:-1] == d.get("epochs", []), "the lines before the last line are not the epochs of the last line"
    return d


def evaluate(expression, d):
    return eval(expression, {"d": d, "json": json, "re": re, "output": output})  # pylint: disable=eval-used


def check_json(*conditions):
    """Checks conditions. A condition is a Python expression. In the expression, d is the JSON object in the file
    "out"."""
    d = output()
    for condition in conditions:
        assert evaluate(condition, d), f"{condition} is not true of {d}"


def value(expression):
    return evaluate(expression, output())


def is_svg(*paths):
    for path in paths:
        assert xml.dom.minidom.parse(path).documentElement.tagName == "svg", f"{path} is not an SVG"


def is_png(*paths):
    for path in paths:
        with open(path, "rb") as f:
            assert f.read(8) == b"\x89PNG\r\n\x1a\n", f"{path} is not a PNG"


def start_on_terminal(command, columns, stdout, environment):
    """Starts a command on a new terminal. Returns its process id, and both ends of the terminal."""
    master, slave = os.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell starts background processes with SIGINT ignored
        os.setsid()
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
        for fd in (0, 1, 2):
            os.dup2(slave, fd)
        if stdout:
            os.dup2(os.open(stdout, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666), 1)
        os.execvpe(command[0], command, {**os.environ, **environment})
    return child, master, slave


def on_terminal(*arguments):
    """
    on_terminal [--columns N] [--interrupt TEXT] [--stdout FILE] [NAME=VALUE...] COMMAND...

    Runs the command on a new terminal, and types Ctrl-C when the command has printed TEXT. Writes a JSON object to the
    file "out":
        code: the exit code, or the negative number of the signal that ended the command
        output: the text that the command wrote to the terminal
        restored: true if the command has restored the settings of the terminal and the last line is empty
        seconds: the time from Ctrl-C to the end of the command
    """
    options = {"--columns": "100", "--interrupt": "", "--stdout": ""}
    arguments, environment = list(arguments), {}
    while arguments[0] in options:
        options[arguments[0]] = arguments[1]
        del arguments[:2]
    while re.match(r"\w+=", arguments[0]):
        name, environment[name] = arguments.pop(0).split("=", 1)
    interrupt = options["--interrupt"].encode()
    child, master, slave = start_on_terminal(arguments, int(options["--columns"]), options["--stdout"], environment)
    before = termios.tcgetattr(slave)
    text, typed, ended, status = b"", None, None, None
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if select.select([master], [], [], 0 if ended else 0.01)[0]:
            text += os.read(master, 65536)
            if interrupt and typed is None and interrupt in text:
                typed = time.monotonic()
                os.write(master, b"\x03")
            continue
        if ended:
            break
        done, status = os.waitpid(child, os.WNOHANG)
        ended = time.monotonic() if done else None
    if not ended:
        os.kill(child, 9)
        os.waitpid(child, 0)
        raise AssertionError(f"the command does not end; it printed {text[-500:]}")
    last_line = re.split(rb"[\r\n]", text)[-1].replace(b"\x1b[K", b"")
    with open("out", "w", encoding="utf-8") as f:
        print(json.dumps({
            "code": os.waitstatus_to_exitcode(status),
            "output": text.decode("utf-8", "replace"),
            "restored": termios.tcgetattr(slave) == before and last_line == b"",
            "seconds": ended - typed if typed else None,
        }), file=f)
    os.close(master)
    os.close(slave)


def main():
    checks = {"json": check_json, "value": value, "is_svg": is_svg, "is_png": is_png, "on_terminal": on_terminal}
    for _ in sys.stdin:
        with open(".request", encoding="utf-8") as f:
            name, *arguments = f.read().split("\0")[:-1]
        try:
            answer = f"ok {checks[name](*arguments)}"
        except Exception as problem:  # pylint: disable=broad-except
            answer = f"failed {problem!r}"
        print(answer.replace("\n", " "), flush=True)


main()
