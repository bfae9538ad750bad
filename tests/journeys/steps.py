"""Runs the steps of a journey in order and tells how they went as TAP. A step that fails ends the journey."""
import os
import sys
import traceback
import uuid


def run(journey, names):
    """Runs the methods of `journey` named in `names`; a method's first line of documentation is what the step says."""
    print(f"1..{len(names)}", flush=True)
    for number, name in enumerate(names, 1):
        step = getattr(journey, name)
        words = step.__doc__.splitlines()[0].rstrip(".")
        try:
            step()
        except Exception:  # pylint: disable=broad-except
            print(f"not ok {number} {words}", flush=True)
            traceback.print_exc()
            journey.leave_traces()
            print(f"Bail out! {words}", flush=True)
            return 1
        print(f"ok {number} {words}", flush=True)
    return 0


def skip(words):
    print(f"1..0 # SKIP {words}")
    sys.exit(0)


def is_there(program):
    return any(os.access(os.path.join(folder, program), os.X_OK) for folder in os.environ["PATH"].split(":"))


def as_text(blob):
    """An id as people and JSON write it."""
    return str(uuid.UUID(bytes=blob))


def as_blob(text):
    """An id as databases hold it."""
    return uuid.UUID(text).bytes
