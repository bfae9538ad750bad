"""Rules that ask a program: the compiler, clang-format, gettext, bash."""
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import tempfile

TRANSLATED = re.compile(r"\b(_|N_|C_|NC_|ngettext|g_dngettext|g_dpgettext2) ?\(\s*\"")
LANGUAGES = ("nb", "nn")


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


def commands_by_room(tree):
    """The compiler's arguments of one file of each room, without what it compiles."""
    found = {}
    database = tree.build / "compile_commands.json" if tree.build else None
    if database is None or not database.exists():
        return {None: ["cc", "-std=gnu11", f"-I{tree.root}"]}
    for entry in json.loads(database.read_text()):
        path = os.path.relpath(os.path.join(entry["directory"], entry["file"]), tree.root)
        words = [w for w in shlex.split(entry["command"]) if w != "ccache"]
        kept = [words[0]] + [w for w in words[1:] if w.startswith(("-I", "-D", "-std", "-pthread", "-W"))]
        # The top of app/ and backend/ wires everything together, and may include every room below it.
        for room in {os.path.dirname(path), path.split("/")[0]}:
            known = found.setdefault(room, [])
            known.extend(word for word in kept if word not in known)
    return found


def headers_alone(tree):
    commands = commands_by_room(tree)
    build = tree.build or tree.root

    def compile_alone(source):
        command = commands.get(str(source.path.parent)) or commands.get(None)
        if command is None:
            return None
        result = run(*command, "-fsyntax-only", "-x", "c", "-include", str(source.file), os.devnull, cwd=build)
        error = re.search(r"error: .*", result.stderr)
        return None if result.returncode == 0 else error.group(0) if error else result.stderr[:200]

    headers = tree.sources(".h")
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for source, error in zip(headers, pool.map(compile_alone, headers)):
            if error:
                yield source.at(1, f"the header does not compile alone ({error}). Include what it needs.")


def formatting(tree):
    sources = {str(source.file): source for source in tree.sources(".c", ".h")}
    names = list(sources)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        results = pool.map(lambda part: run("clang-format", "--dry-run", "-Werror", "--style=file", *part) if part else None,
                           (names[0::2], names[1::2]))
    found = {}
    for result in filter(None, results):
        for path, line in re.findall(r"^(/[^:\n]+):(\d+):\d+: error", result.stderr, re.MULTILINE):
            found.setdefault(path, line)
    for path, line in sorted(found.items()):
        yield sources[path].at(line, f"the shape is not that of .clang-format. Run: clang-format -i {sources[path].path}")


def scripts(tree):
    for path in tree.files:
        if path.suffix not in ("", ".sh"):
            continue
        text = path.read_bytes()[:200]
        if text.startswith((b"#!/usr/bin/env bash", b"#!/bin/bash", b"#!/bin/sh", b"# shellcheck shell=bash")):
            result = run("bash", "-n", str(path))
            if result.returncode:
                yield f"{path.relative_to(tree.root)}: the shell cannot read it: {result.stderr.strip()}"
            if text.startswith(b"#!") and b"set -euo pipefail" not in path.read_bytes():
                yield f"{path.relative_to(tree.root)}:1: a script begins with set -euo pipefail, so that no failure passes unseen."


def has_strings(source):
    if source.path.suffix in (".c", ".h"):
        code = re.sub(r"^\s*#define.*$", "", source.code, flags=re.MULTILINE)
        return bool(TRANSLATED.search(code))
    if source.path.suffix == ".ui":
        return 'translatable="yes"' in source.text
    if source.path.name.endswith(".gschema.xml"):
        return "gettext-domain" in source.text
    return source.path.name.endswith((".desktop.in", ".metainfo.xml.in"))


def potfiles(tree):
    path = tree.root / "po" / "POTFILES"
    listed = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    if listed != sorted(listed):
        yield "po/POTFILES: the lines must be in alphabetical order (LC_ALL=C sort -o po/POTFILES po/POTFILES)."
    for name in listed:
        if not (tree.root / name).exists():
            yield f"po/POTFILES: {name} does not exist. Take the line out."
    for source in tree.sources(".c", ".h", ".ui", ".in", ".gschema.xml"):
        name = str(source.path)
        if name.startswith("tests/") or name in listed:
            continue
        if has_strings(source):
            yield f"{name}: has strings for people, but is not in po/POTFILES. Add it there."


def model_strings(tree):
    result = run("python3", str(tree.root / "data/model/generate.py"), "strings", str(tree.root / "data/model"))
    kept = tree.root / "po" / "model-strings.h"
    if result.returncode:
        yield f"data/model: {result.stderr.strip()}"
    elif not kept.exists() or kept.read_text() != result.stdout:
        yield ("po/model-strings.h: is older than data/model. "
               "Run: python3 data/model/generate.py strings data/model > po/model-strings.h")


def translations(tree):
    with tempfile.TemporaryDirectory() as folder:
        template = os.path.join(folder, "pakobla.pot")
        words = ["--keyword=_", "--keyword=N_", "--keyword=C_:1c,2", "--keyword=NC_:1c,2", "--keyword=ngettext:1,2",
                 "--keyword=g_dngettext:2,3", "--keyword=g_dpgettext2:2c,3", "--keyword=g_dcgettext:2"]
        result = run("xgettext", *words, "--from-code=UTF-8", "--files-from=po/POTFILES", "-o", template, cwd=tree.root)
        if result.returncode:
            yield f"po/POTFILES: xgettext says {result.stderr.strip()}"
            return
        for language in LANGUAGES:
            path = tree.root / "po" / f"{language}.po"
            formats = run("msgfmt", "-c", "-o", os.devnull, str(path))
            if formats.returncode:
                yield f"po/{language}.po: {formats.stderr.strip()}"
            result = run("msgcmp", str(path), template)
            lines = [int(line) for line in re.findall(r":(\d+): (?:warning: )?this message is used but not defined", result.stderr)]
            empty = len(re.findall(r":\d+: (?:warning: )?this message is untranslated", result.stderr))
            fuzzy = path.read_text().count("\n#, fuzzy")
            if result.returncode or fuzzy:
                first = f" The first: {words_at(template, lines[0])}" if lines else ""
                yield (f"po/{language}.po: {len(lines)} strings are new, {empty} are not translated, {fuzzy} are uncertain. Run: "
                       f"meson compile -C build pakobla-update-po, then complete po/{language}.po.{first}")


def words_at(template, line):
    """The message that msgcmp names by the line of its empty translation in the template."""
    above = pathlib.Path(template).read_text().splitlines()[:line]
    return next(words for words in reversed(above) if words.startswith("msgid "))


RULES = [headers_alone, formatting, scripts, potfiles, model_strings, translations]
