#!/usr/bin/env python3
"""Plants each bug of mutants/ in a copy of the tree, and asks the simulation to find it.

usage: mutants.py SOURCE BUILD [--count N] [--jobs N] [MUTANT…]

The copy is made in BUILD; the source stays as it is. Prints which schedule found which bug; ends with 1 where one was not found, or a
patch does not apply any more.
"""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys

SKIPPED = shutil.ignore_patterns("build*", ".git", "node_modules", "__pycache__")
TARGET = "tests/simulation/simulate"
TALLY = re.compile(r"(\d+) schedules, (\d+) failed, first (\d+)")


def run(*command, folder, **more):
    return subprocess.run(command, cwd=folder, text=True, capture_output=True, stdin=subprocess.DEVNULL, **more)


def make_copy(source, build):
    """The tree, as it is now, configured once. Its files are new ones, so that what was built of older ones is built again."""
    tree = build / "tree"
    if tree.exists():
        shutil.rmtree(tree)
    shutil.copytree(source, tree, ignore=SKIPPED, symlinks=True, copy_function=shutil.copy)
    if not (build / "out" / "build.ninja").exists():
        done = run("meson", "setup", str(build / "out"), str(tree), folder=tree)
        if done.returncode:
            sys.exit(done.stdout + done.stderr)
    return tree


def compile_copy(build):
    done = run("ninja", "-C", str(build / "out"), TARGET, folder=build)
    return "" if done.returncode == 0 else done.stdout[-3000:]


def simulate(build, options, most_failed):
    """How many schedules ran, how many failed, and the first that did; the last line that tells why."""
    command = [str(build / "out" / TARGET), "--count", str(options.count), "--jobs", str(options.jobs), "--most-failed", str(most_failed)]
    try:
        done = run(*command, folder=build, timeout=options.patience)
    except subprocess.TimeoutExpired:
        return 0, 1, 0, "it does not end"
    found = TALLY.search(done.stdout)
    if not found:
        return 0, 1, 0, "it cannot even begin"
    why = done.stdout.splitlines()[0].partition(": ")[2] if int(found[2]) else ""
    return int(found[1]), int(found[2]), int(found[3]), why


def patch(tree, mutant, *more):
    return run("patch", "-p1", "--forward", "--no-backup-if-mismatch", *more, "-i", str(mutant), folder=tree).returncode == 0


def try_mutant(tree, build, mutant, options):
    """The words of a line of the table, and whether the bug was found."""
    if not patch(tree, mutant):
        return "does not apply any more", False
    fault = compile_copy(build)
    if fault:
        result = "does not compile: " + fault, False
    else:
        n, failed, first, why = simulate(build, options, 1)
        result = (f"seed {first:<6} {n:>6} schedules   {why}", True) if failed else (f"NOT FOUND in {n} schedules", False)
    run("patch", "-p1", "-R", "--no-backup-if-mismatch", "-i", str(mutant), folder=tree)
    return result


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("source", type=pathlib.Path)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("mutants", nargs="*", help="only those whose names contain one of these")
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--patience", type=int, default=1800)
    options = parser.parse_args()
    build = options.build.resolve()
    build.mkdir(parents=True, exist_ok=True)
    chosen = [mutant for mutant in sorted((options.source / "tests/simulation/mutants").resolve().glob("*.patch"))
              if not options.mutants or any(name in mutant.name for name in options.mutants)]
    tree = make_copy(options.source.resolve(), build)
    fault = compile_copy(build)
    if fault:
        sys.exit(fault)
    missed = 0
    for mutant in chosen:
        words, is_found = try_mutant(tree, build, mutant, options)
        missed += not is_found
        print(f"{mutant.stem:<34} {words}", flush=True)
    print(f"{len(chosen) - missed} of {len(chosen)} planted bugs were found")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
