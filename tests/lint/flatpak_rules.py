"""Rules for what the installed client may do outside its sandbox, and what is built into it."""
import re

# Everything else goes through portals: files, links, printing, secrets, notifications, the background.
ALLOWED = {
    "--device=dri": "draws with the graphics card",
    "--share=ipc": "shares pictures with an X server",
    "--share=network": "talks with the municipality's server",
    "--socket=fallback-x11": "shows windows where there is no Wayland",
    "--socket=wayland": "shows windows",
}


def manifests(tree):
    return tree.sources(".yml", ".yaml", ".json", under="flatpak/")


def arguments(source):
    """Each line under finish-args with its number; None for one that is not read: written in one line, quoted, or an alias."""
    inside = False
    for number, line in enumerate(source.lines, 1):
        words = line.split(" #")[0].rstrip()
        if "finish-args" in words:
            inside = words == "finish-args:"
            if not inside:
                yield number, None
        elif not words or words.lstrip().startswith("#"):
            continue
        elif inside and words.lstrip().startswith("- "):
            match = re.fullmatch(r" *- (--[\w.=:/*!-]+)", words)
            yield number, match.group(1) if match else None
        elif inside and words.startswith(" "):
            yield number, None
        else:
            inside = False


def permissions(tree):
    for source in manifests(tree):
        found = list(arguments(source))
        for number, argument in found:
            if argument is None:
                yield source.at(number, "permissions are written one on each line, plainly, below «finish-args:».")
            elif argument not in ALLOWED:
                yield source.at(number, f"{argument} is a permission that nobody agreed on. Use a portal, or give the reason in "
                                        "tests/lint/flatpak_rules.py.")
        for argument in sorted(set(ALLOWED) - {argument for _, argument in found}):
            yield source.at(1, f"{argument} is missing: the client {ALLOWED[argument]}.")


def module_sources(tree):
    """What is downloaded into the client is what was looked at."""
    for source in manifests(tree):
        blocks = re.split(r"\n(?= *- type:)", source.text)
        line = 1
        for block in blocks:
            address = re.search(r"^ *url: *(\S+)$", block, re.MULTILINE)
            if address and not address.group(1).startswith("https://"):
                yield source.at(line, f"{address.group(1)} must come over https.")
            if address and not re.search(r"^ *sha256: *[0-9a-f]{64}$", block, re.MULTILINE):
                yield source.at(line, f"{address.group(1)} has no sha256.")
            line += block.count("\n") + 1


RULES = [permissions, module_sources]
