#!/usr/bin/env python3
"""Plants each bug of mutants/ in a copy of the tree, and asks the simulation to find it.

usage: mutants.py SOURCE BUILD [--count N] [--jobs N] [--refresh] [MUTANT…]

The copy is made in BUILD and brought up to date the next time; only what a patch touches is built. The source stays as it is.
Prints which schedule found which bug, after how many; ends with 1 where one was not found, was found for a poor reason (the town that all
schedules begin with cannot be made, the program dies), or a patch does not apply as it is any more. With --refresh those patches
of SOURCE that apply elsewhere than they say, or only roughly, are written anew and looked at by whoever does it.
"""
import argparse
import difflib
import filecmp
import os
import pathlib
import re
import shutil
import subprocess
import sys

SKIPPED = {".git", "node_modules", "__pycache__"}
TARGET = "tests/simulation/simulate"
TALLY = re.compile(r"(\d+) schedules, (\d+) failed, first (\d+)")
TOUCHED = re.compile(r"^\+\+\+ b/(.*)$", re.MULTILINE)


def run(*command, folder, **more):
    return subprocess.run(command, cwd=folder, text=True, capture_output=True, stdin=subprocess.DEVNULL, **more)


def list_files(folder):
    found = set()
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in SKIPPED and not name.startswith("build")]
        found.update((pathlib.Path(place) / name).relative_to(folder) for name in names)
    return found


def make_copy(source, build):
    """The tree as it is now, configured once. What has not changed keeps its time, so that it is not built again."""
    tree = build / "tree"
    tree.mkdir(exist_ok=True)
    wanted = list_files(source)
    for surplus in list_files(tree) - wanted:
        (tree / surplus).unlink()
    for name in sorted(wanted):
        if (tree / name).exists() and filecmp.cmp(source / name, tree / name, shallow=False):
            continue
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source / name, tree / name, follow_symlinks=True)
    if not (build / "out" / "build.ninja").exists():
        done = run("meson", "setup", str(build / "out"), str(tree), folder=tree)
        if done.returncode:
            sys.exit(done.stdout + done.stderr)
    return tree


def compile_copy(build):
    done = run("ninja", "-C", str(build / "out"), TARGET, folder=build)
    return "" if done.returncode == 0 else done.stdout[-3000:]


def simulate(build, options):
    """What the schedules say: words for the table, and whether the bug was found for a good reason."""
    command = [str(build / "out" / TARGET), "--count", str(options.count), "--jobs", str(options.jobs), "--most-failed", "1"]
    try:
        done = run(*command, folder=build, timeout=options.patience)
    except subprocess.TimeoutExpired:
        return "NOT FOUND: it does not end", False
    found = TALLY.search(done.stdout)
    if not found:
        return "NOT FOUND: no schedule can begin: " + done.stderr.strip()[-300:], False
    if int(found[2]) == 0:
        return f"NOT FOUND in {found[1]} schedules", False
    # Two processes may end at once: each tells its own.
    why = dict(line.split(": ", 1) for line in done.stdout.splitlines() if re.match(r"seed \d+: ", line))
    reasons = [f"seed {seed.split()[1]:<6} {words}" for seed, words in why.items() if words != "the program dies"]
    if not reasons:
        return f"NOT FOUND: the program dies in seed {found[3]}", False
    return f"{found[1]:>5} schedules   {reasons[0]}", True


def patch(tree, mutant, *more):
    """As it is: the lines around must be the same ones."""
    return run("patch", "-p1", "--forward", "--fuzz=0", "--no-backup-if-mismatch", *more, "-i", str(mutant), folder=tree)


def apply_exactly(tree, mutant):
    """An empty text, or why the patch does not fit."""
    tried = patch(tree, mutant, "--dry-run")
    if tried.returncode:
        return "does not apply any more; plant it anew (--refresh where its place is still clear)"
    done = patch(tree, mutant)
    return "" if done.returncode == 0 else done.stdout


def try_mutant(tree, build, mutant, options):
    """The words of a line of the table, and whether the bug was found."""
    fault = apply_exactly(tree, mutant)
    if fault:
        return fault, False
    try:
        fault = compile_copy(build)
        return ("does not compile: " + fault, False) if fault else simulate(build, options)
    finally:
        patch(tree, mutant, "-R")


def refresh(tree, mutant):
    """Writes a patch anew with the lines that are around its place now. What it says above its first line stays."""
    text = mutant.read_text()
    names = TOUCHED.findall(text)
    before = {name: (tree / name).read_text() for name in names}
    done = run("patch", "-p1", "--forward", "--no-backup-if-mismatch", "-i", str(mutant), folder=tree)
    after = {name: (tree / name).read_text() for name in names}
    for name in names:
        (tree / name).write_text(before[name])
        (tree / (name + ".rej")).unlink(missing_ok=True)
    if done.returncode:
        return "cannot be placed; plant it anew"
    fresh = text[:text.index("--- a/")]
    for name in names:
        fresh += "".join(difflib.unified_diff(before[name].splitlines(True), after[name].splitlines(True), "a/" + name, "b/" + name))
    if fresh == text:
        return "is as it was"
    mutant.write_text(fresh)
    return "is written anew"


def read_options():
    parser = argparse.ArgumentParser()
    parser.add_argument("source", type=pathlib.Path)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("mutants", nargs="*", help="only those whose names contain one of these")
    parser.add_argument("--count", type=int, default=20000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--patience", type=int, default=1800)
    parser.add_argument("--refresh", action="store_true")
    return parser.parse_args()


def main():
    options = read_options()
    build = options.build.resolve()
    build.mkdir(parents=True, exist_ok=True)
    chosen = [mutant for mutant in sorted((options.source / "tests/simulation/mutants").resolve().glob("*.patch"))
              if not options.mutants or any(name in mutant.name for name in options.mutants)]
    tree = make_copy(options.source.resolve(), build)
    if options.refresh:
        for mutant in chosen:
            print(f"{mutant.stem:<36} {refresh(tree, mutant)}", flush=True)
        return 0
    missed = 0
    for mutant in chosen:
        words, is_found = try_mutant(tree, build, mutant, options)
        missed += not is_found
        print(f"{mutant.stem:<36} {words}", flush=True)
    print(f"{len(chosen) - missed} of {len(chosen)} planted bugs were found")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
