#!/usr/bin/env python3
"""Makes the manifest for the runtime of Debian's packages out of the one for the GNOME runtime, and an archive of the client's sources.

    variant.py MANIFEST --id ID --suite SUITE --source ARCHIVE --out FILE

Only the runtime's name and where the sources are differ; modules before the client's are left out, since they are packages of Debian
in that runtime. The archive holds what the client is built from and has no times in it: the same sources give the same bytes.
"""
import argparse
import hashlib
import json
import pathlib
import subprocess
import sys
import tarfile

import yaml

CLIENT = "pakobla"
SOURCES = ["LICENSE", "app", "backend/base", "backend/contract", "backend/meson.build", "data", "meson.build", "meson_options.txt", "po"]


def files_of(root):
    """What git knows or would take; in a released archive everything."""
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *SOURCES], cwd=root,
                            capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        names = {name for name in listed.stdout.split("\0") if name}
    else:
        names = {str(path.relative_to(root)) for source in SOURCES for path in [root / source, *(root / source).rglob("*")]}
    return sorted(name for name in names if (root / name).is_file())


def without_traces(information):
    information.mtime = 0
    information.uid = information.gid = 0
    information.uname = information.gname = ""
    information.mode = 0o755 if information.mode & 0o100 else 0o644
    return information


def archive(root, out):
    with tarfile.open(out, "w", format=tarfile.PAX_FORMAT) as tar:
        for name in files_of(root):
            tar.add(root / name, f"{CLIENT}/{name}", filter=without_traces)


def variant(manifest, options):
    clients = [module for module in manifest["modules"] if module["name"] == CLIENT]
    if len(clients) != 1:
        sys.exit(f"variant.py: the manifest must have one module {CLIENT}")
    # flatpak-builder knows an archive of ours again by its checksum alone.
    checksum = hashlib.sha256(options.source.read_bytes()).hexdigest()
    clients[0]["sources"] = [{"type": "archive", "path": str(options.source.resolve()), "sha256": checksum, "strip-components": 1}]
    return manifest | {
        "runtime": f"{options.id}.Platform",
        "sdk": f"{options.id}.Sdk",
        "runtime-version": options.suite,
        "modules": clients,
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("manifest", type=pathlib.Path)
    parser.add_argument("--id", required=True)
    parser.add_argument("--suite", required=True)
    parser.add_argument("--source", required=True, type=pathlib.Path)
    parser.add_argument("--out", required=True, type=pathlib.Path)
    options = parser.parse_args()

    archive(options.manifest.resolve().parents[1], options.source)
    made = variant(yaml.safe_load(options.manifest.read_text(encoding="utf-8")), options)
    options.out.write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
