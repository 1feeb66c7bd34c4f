#!/bin/sh
# The man pages and the help texts describe the same options.
# shellcheck source=tests/cli/lib.sh
. "$LADE_SOURCE_DIR/tests/cli/lib.sh"
python3 -SE - "$LADE" "$LADE_SOURCE_DIR/man" <<'END'
import re, subprocess, sys
lade, man = sys.argv[1:]
def help_options(command):
    text = subprocess.run([lade, command, "--help"], capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"^  (?:-\w, )?--([a-z0-9-]+)", text, re.M)) - {"help"}
def man_options(command):
    options = set()
    for line in open(f"{man}/lade-{command}.1"):
        if line.startswith(".It Fl"):
            options |= set(re.findall(r"(?<![a-z0-9])-([a-z]+(?:-[a-z0-9]+)*)", line))
    return options
flow = man_options("flow")
wrong = []
for command in ("synth", "scan", "flow", "preview", "train", "eval", "predict", "bench"):
    documented, accepted = man_options(command), help_options(command)
    shared = flow if command in ("scan", "preview", "train", "eval", "predict", "bench") else set()
    wrong += [f"lade-{command}.1 has --{o}, which lade {command} does not accept" for o in documented - accepted]
    wrong += [f"lade {command} has --{o}, which is not in its man page" for o in accepted - documented - shared]
sys.exit("\n".join(wrong) or None)
END
