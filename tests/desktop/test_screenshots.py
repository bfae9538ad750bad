#!/usr/bin/env python3
"""Each picture that the metainfo names is in data/screenshots, as large as it says; and each that is there is named or in the README."""
import pathlib
import struct
import sys
import xml.etree.ElementTree

DATA = pathlib.Path(sys.argv[1])


def size_of(path):
    head = path.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n", f"{path} is no PNG"
    return struct.unpack(">II", head[16:24])


def main():
    metainfo = xml.etree.ElementTree.parse(next(DATA.glob("*.metainfo.xml.in")))
    named = set()
    for image in metainfo.iter("image"):
        path = DATA / "screenshots" / image.text.rsplit("/", 1)[-1]
        named.add(path.name)
        assert path.exists(), f"{path} does not exist. Run: meson compile -C build screenshots"
        wanted = int(image.get("width")), int(image.get("height"))
        assert size_of(path) == wanted, f"{path} is {size_of(path)}, the metainfo says {wanted}"
    assert len(named) >= 4, "too few screenshots"
    readme = (DATA.parent / "README.md").read_text(encoding="utf-8")
    for path in (DATA / "screenshots").iterdir():
        assert path.name in named or path.name in readme, f"nobody shows {path}"


if __name__ == "__main__":
    main()
