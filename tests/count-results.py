#!/usr/bin/env python3
"""Prints how many tests passed and failed, test by test, from a log of `meson test` (one JSON object a line).

    count-results.py LOG

A program that speaks TAP counts as many tests as it reports; any other program, and one that broke off, counts as one.
"""
import json
import pathlib
import re
import sys

GOOD = ("OK", "EXPECTEDFAIL", "SKIP")


def count(entry):
    """Returns (passed, failed) of one program."""
    lines = re.findall(r"^(ok|not ok)\b(.*)$", entry.get("stdout", ""), re.MULTILINE)
    lines = [(word, rest) for word, rest in lines if not re.search(r"#\s*(SKIP|TODO)", rest, re.IGNORECASE)]
    passed = sum(word == "ok" for word, _ in lines)
    failed = len(lines) - passed
    is_good = entry["result"] in GOOD
    if not is_good and failed == 0:
        failed = 1
    if is_good and not lines and entry["result"] != "SKIP":
        passed = 1
    return passed, failed


def main(path):
    log = pathlib.Path(path)
    entries = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
    counts = [count(entry) for entry in entries]
    print(sum(passed for passed, _ in counts), sum(failed for _, failed in counts))


if __name__ == "__main__":
    main(*sys.argv[1:])
