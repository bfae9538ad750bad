#!/usr/bin/python3
"""How fast the installed program is there, beside the same program outside the sandbox, and an empty window beside both.

    test_first_frame.py BUILD PICTURES REPOSITORY NEXT-REPOSITORY NEXT-TREE

Runs in a place (see ./place). Offline, with the replica of a caretaker of the demo; all four start in turn, some times. The empty window is the
same file inside and outside; the libraries inside are newer ones. The figures also lie in PICTURES.
"""
import json
import pathlib
import statistics
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "journeys"))

import steps  # noqa: E402
from demo import Demo  # noqa: E402
from laptop import APPLICATION  # noqa: E402
from world import Failed, wait  # noqa: E402

PAIRS = 9
EMPTY = "no.kommune.kristiansund.PakoblaEmpty"


class FirstFrame(Demo):
    """The program inside a sandbox and outside, with the same replica."""

    def the_network_is_gone(self):
        """What is measured needs no network"""
        laptop = self.laptop
        self.mark = laptop.own / "data" / "frame"
        self.options = ["--server", f"http://127.0.0.1:{laptop.network.port}", "--demo-person", "caretaker",
                        "--data", str(laptop.own / "data" / "pakobla")]
        laptop.network.cut()

    def commands(self):
        """What starts each of the four."""
        inside = ["flatpak", "run", f"--env=PAKOBLA_FIRST_FRAME={self.mark}", "--env=GSK_RENDERER=cairo", "--env=GDK_BACKEND=x11"]
        empty = str(self.build / "tests/bench/empty-window")
        return {
            "the program outside": [str(self.build / "app/pakobla"), *self.options],
            "the program inside": [*inside, APPLICATION, *self.options],
            "an empty window outside": [empty],
            "an empty window inside": [*inside, f"--own-name={EMPTY}", f"--filesystem={self.build}:ro", f"--command={empty}", APPLICATION],
        }

    def measure(self, command):
        """Milliseconds from the order to the first frame that shows rows, or to the empty window's first."""
        self.mark.unlink(missing_ok=True)
        environment = {**self.laptop.environment, "PAKOBLA_FIRST_FRAME": str(self.mark), "GTK_A11Y": "none",
                       "GSETTINGS_SCHEMA_DIR": str(self.build / "data")}
        with open(self.folder / "frames.log", "ab") as log:
            start = time.monotonic_ns()
            process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
            wait(f"{command[0]} shows a frame", lambda: self.mark.exists() and self.mark.read_text().endswith("\n"), 30)
        told = int(self.mark.read_text().split()[0])
        if command[0] == "flatpak":
            subprocess.run(["flatpak", "kill", APPLICATION], env=environment, check=False, stderr=subprocess.DEVNULL)
        else:
            process.terminate()
        process.wait(20)
        wait("nothing runs on", lambda: APPLICATION not in self.laptop.run("flatpak", "ps", "--columns=application"))
        return told / 1000 - start / 1e6

    def the_first_frame_is_there(self):
        """The first usable frame, inside beside outside"""
        figures = {name: [] for name in self.commands()}
        for _ in range(PAIRS):
            for name, command in self.commands().items():
                figures[name].append(self.measure(command))
        medians = {name: statistics.median(times) for name, times in figures.items()}
        for name, median in medians.items():
            print(f"# {name}: {median:.0f} ms ({min(figures[name]):.0f}–{max(figures[name]):.0f})")
        for what in ("the program", "an empty window"):
            pairs = [inside / outside for inside, outside in zip(figures[f"{what} inside"], figures[f"{what} outside"])]
            print(f"# {what}, inside ÷ outside: {statistics.median(pairs):.2f}")
        for where in ("inside", "outside"):
            pairs = [ours / empty for ours, empty in zip(figures[f"the program {where}"], figures[f"an empty window {where}"])]
            print(f"# {where}, the program ÷ an empty window: {statistics.median(pairs):.2f}")
        (self.pictures / "flatpak-first-frame.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")
        if medians["the program inside"] > LIMIT * medians["an empty window inside"]:
            raise Failed(f"inside, the program takes more than {LIMIT} times an empty window")


# As for the program outside (tests/bench), with room for what else runs.
LIMIT = 2.0


def main(*words):
    journey = FirstFrame(*words)
    try:
        return steps.run(journey, ["the_program_has_a_replica", "the_network_is_gone", "the_first_frame_is_there"])
    finally:
        journey.end()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
