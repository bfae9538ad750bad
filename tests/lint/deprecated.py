#!/usr/bin/env python3
"""Prints what the headers of GTK and libadwaita have deprecated, for the rule `versions`:

    deprecated.py /usr/include/gtk-4.0/gtk /usr/include/gtk-4.0/gdk /usr/include/libadwaita-1 > deprecated.txt

to be run on the newest ones there are: what an older list lacks is found when the client is built there (./check --newer).
"""
import pathlib
import re
import sys

MARK = r"\b(?:GDK|GTK|ADW)_DEPRECATED(?:_IN_\d+_\d+)?(?:_FOR ?\([^)]*\)|_TYPE\w*)?\s+"


ENUMERATOR = r"\b([A-Z][A-Z0-9_]+)\s+(?:GDK|GTK|ADW)_DEPRECATED_ENUMERATOR_IN_"


def names_of(text):
    yield from re.findall(ENUMERATOR, text)
    for match in re.finditer(MARK + r"[^;{#]*?\b([a-z][a-z0-9]*_\w+)\s*\(", text):
        yield match.group(1)
        # What cannot be made any more is no class of a .ui file either.
        if match.group(1).endswith("_new"):
            words = match.group(1).removesuffix("_new").split("_")
            yield "".join(word.capitalize() for word in words)
            yield "_".join([words[0], "TYPE", *words[1:]]).upper()


def main():
    found = set()
    for folder in sys.argv[1:]:
        for header in pathlib.Path(folder).rglob("*.h"):
            found.update(names_of(header.read_text(encoding="utf-8")))
    print("\n".join(sorted(found)))


if __name__ == "__main__":
    main()
