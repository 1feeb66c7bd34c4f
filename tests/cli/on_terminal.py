"""
Runs a command on a terminal of its own and tells what happened, as one JSON object:

    on_terminal.py [--columns N] [--interrupt WORDS] [--stdout FILE] COMMAND...

    code       its exit code; negative: the signal that ended it
    output     what it wrote to the terminal
    restored   the terminal's settings are as they were, and the last line is empty
    seconds    from Ctrl-C to the end, where --interrupt says after which words it is typed
"""
import argparse
import fcntl
import json
import os
import re
import select
import struct
import sys
import termios
import time

parser = argparse.ArgumentParser()
parser.add_argument("--columns", type=int, default=100)
parser.add_argument("--interrupt")
parser.add_argument("--stdout")
parser.add_argument("command", nargs=argparse.REMAINDER)
arguments = parser.parse_args()

master, slave = os.openpty()
fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, arguments.columns, 0, 0))
before = termios.tcgetattr(slave)
child = os.fork()
if child == 0:
    os.close(master)
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    for fd in (0, 1, 2):
        os.dup2(slave, fd)
    if arguments.stdout:
        os.dup2(os.open(arguments.stdout, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666), 1)
    os.execvp(arguments.command[0], arguments.command)

output, typed, ended, status = b"", None, None, None
deadline = time.monotonic() + 120
while time.monotonic() < deadline:
    if select.select([master], [], [], 0.05)[0]:
        output += os.read(master, 65536)
        if arguments.interrupt and typed is None and arguments.interrupt.encode() in output:
            typed = time.monotonic()
            os.write(master, b"\x03")
        continue
    if ended:
        break
    done, status = os.waitpid(child, os.WNOHANG)
    ended = time.monotonic() if done else None
if not ended:
    os.kill(child, 9)
    sys.exit("the command does not end")
last_line = re.split(rb"[\r\n]", output)[-1].replace(b"\x1b[K", b"")
print(json.dumps({
    "code": os.waitstatus_to_exitcode(status),
    "output": output.decode("utf-8", "replace"),
    "restored": termios.tcgetattr(slave) == before and last_line == b"",
    "seconds": ended - typed if typed else None,
}))
