#!/usr/bin/env python3
"""Completes the metainfo: metainfo.py INPUT OUTPUT VERSION SCREENSHOTS

VERSION takes the place of @version@. SCREENSHOTS is the address of a folder with the pictures of data/screenshots; where there is none,
nobody could fetch them, and the metainfo says nothing of them.
"""
import pathlib
import re
import sys


def main():
    source, target, version, address = sys.argv[1:]
    text = pathlib.Path(source).read_text(encoding="utf-8").replace("@version@", version)
    if address:
        text = text.replace("@screenshots@", address.rstrip("/"))
    else:
        text = re.sub(r"\s*<screenshots>.*?</screenshots>", "", text, flags=re.DOTALL)
    pathlib.Path(target).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
