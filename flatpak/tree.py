#!/usr/bin/env python3
"""Makes what flatpak build-export takes from a tree of Debian's packages.

    tree.py KIND TREE OUT --id ID --suite SUITE --arch ARCH [--keep PACKAGE…]

The tree's usr becomes OUT/files, its etc OUT/files/etc. Taken out is what only an installed machine needs: documentation, other
languages, what runs as another user; and from the Platform every package that none of --keep depends on. Whatever a library of the
Platform still asks for must be there, or this fails.
"""
import argparse
import os
import pathlib
import re
import shutil
import stat
import subprocess
import sys

# Asked for by packages while they are installed, and by none when it runs.
ONLY_INSTALLING = {"adduser", "base-passwd", "debconf", "debianutils", "dpkg", "init-system-helpers", "libpam-runtime", "media-types",
                   "openssl", "perl-base", "sensible-utils", "tar", "ucf"}
# Services of the machine: inside the sandbox nobody starts them. Settings are kept in a file there, and PDFs' signatures are not checked.
SERVICES = {"dbus", "dbus-daemon", "dbus-user-session", "dconf-gsettings-backend", "dconf-service", "default-dbus-session-bus", "dirmngr",
            "gnupg", "gpg", "gpg-agent", "gpgconf", "gpgsm", "libpam-systemd", "mount", "systemd", "systemd-sysv"}
NOWHERE = ["share/bash-completion", "share/bug", "share/doc", "share/doc-base", "share/info", "share/lintian", "share/man", "share/zsh",
           "lib/systemd", "lib/udev", "lib/tmpfiles.d", "lib/sysusers.d", "games", "local", "src", "share/initramfs-tools"]
NOT_IN_PLATFORM = ["include", "share/aclocal", "share/gettext", "share/gir-1.0", "share/gtk-doc", "share/i18n", "share/pkgconfig",
                   "share/polkit-1", "share/vala", "share/locale/locale.alias"]
ETC_OF_PLATFORM = ["alternatives", "ca-certificates.conf", "fonts", "gai.conf", "glvnd", "host.conf", "nsswitch.conf", "os-release",
                   "ssl", "vulkan"]
SECRETS = ["gshadow", "gshadow-", "shadow", "shadow-", "ssl/private"]
LANGUAGES = re.compile(r"(en|nb|nn|no)([_@.].*)?$")
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>/app/share/fonts</dir>
  <include ignore_missing="yes">/run/host/font-dirs.xml</include>
  <dir>/run/host/fonts</dir>
  <dir>/run/host/local-fonts</dir>
  <dir>/run/host/user-fonts</dir>
  <cachedir>/run/host/fonts-cache</cachedir>
  <cachedir>/run/host/user-fonts-cache</cachedir>
</fontconfig>
"""


def read_packages(status):
    """The installed packages by name: what each depends on, as a list of alternatives, and what it provides."""
    packages = {}
    for paragraph in status.read_text(encoding="utf-8").split("\n\n"):
        fields = dict(re.findall(r"^([A-Za-z-]+): (.*)$", paragraph, re.MULTILINE))
        if not fields.get("Status", "").endswith(" installed"):
            continue
        depends = ", ".join(filter(None, (fields.get("Depends"), fields.get("Pre-Depends"))))
        packages[fields["Package"]] = {
            "file": fields["Package"] + (":" + fields["Architecture"] if fields.get("Multi-Arch") == "same" else ""),
            "version": fields["Version"],
            "depends": [names_in(group, "|") for group in depends.split(",") if group.strip()],
            "provides": names_in(fields.get("Provides", ""), ","),
        }
    return packages


def names_in(text, separator):
    return [re.split(r"[ (:]", word.strip())[0] for word in text.split(separator) if word.strip()]


def reach(packages, wanted):
    """Names of all that the wanted ones depend on, themselves included."""
    providers = {}
    for name, package in packages.items():
        for provided in [name, *package["provides"]]:
            providers.setdefault(provided, []).append(name)
    reached, rest = set(), list(wanted)
    while rest:
        name = rest.pop()
        if name in reached | ONLY_INSTALLING | SERVICES:
            continue
        reached.add(name)
        for group in packages[name]["depends"]:
            rest.extend(provider for word in group for provider in providers.get(word, []))
    return reached


def remove(path):
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def remove_packages(tree, packages, kept):
    """Removes the files of all packages but the kept; a folder goes when nothing is left in it."""
    information = tree / "var/lib/dpkg/info"
    folders = set()
    for name in sorted(packages.keys() - kept):
        listed = information / f"{packages[name]['file']}.list"
        if not listed.exists():
            listed = information / f"{name}.list"
        for line in listed.read_text(encoding="utf-8").splitlines():
            path = tree / re.sub(r"^/(bin|sbin|lib|lib64)/", r"usr/\1/", line).lstrip("/")
            if path.is_dir() and not path.is_symlink():
                folders.add(path)
            elif path.parent != tree:
                path.unlink(missing_ok=True)
    for folder in sorted(folders, reverse=True):
        if folder != tree and not any(folder.iterdir()):
            folder.rmdir()


def remove_languages(folder):
    for path in folder.iterdir() if folder.exists() else []:
        if not LANGUAGES.match(path.name):
            remove(path)


def remove_dangling(folder):
    """Links of Debian's alternatives to what is gone."""
    for path in folder.iterdir() if folder.exists() else []:
        if path.is_symlink() and not (folder.parents[1] / os.readlink(path).lstrip("/").removeprefix("usr/")).exists():
            path.unlink()


def make_harmless(files):
    """No device, nothing that runs as another user, and nothing that cannot be read."""
    for folder, names, others in os.walk(files):
        for name in [*names, *others]:
            path = os.path.join(folder, name)
            mode = os.lstat(path).st_mode
            if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
                os.chmod(path, (mode & 0o777) | (0o755 if stat.S_ISDIR(mode) else 0o644))
            elif not stat.S_ISLNK(mode):
                os.unlink(path)


def missing_libraries(files):
    """Libraries that are asked for and not there."""
    paths = [str(path) for path in files.rglob("*") if path.is_file() and not path.is_symlink() and path.open("rb").read(4) == b"\x7fELF"]
    words = subprocess.run(["readelf", "-d", *paths], capture_output=True, text=True, check=False).stdout
    there = {path.name for path in files.rglob("*.so*")}
    return sorted(set(re.findall(r"\(NEEDED\).*\[(.*)\]", words)) - there)


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    remove(path)
    path.write_text(text, encoding="utf-8")


def fill_platform(options, packages, files):
    absent = set(options.keep) - packages.keys()
    if absent:
        sys.exit(f"tree.py: {', '.join(sorted(absent))} is not installed in the tree")
    kept = reach(packages, options.keep)
    remove_packages(options.tree, packages, kept)
    for name in NOT_IN_PLATFORM:
        remove(files / name)
    for path in (files / "etc").iterdir():
        if path.name not in ETC_OF_PLATFORM:
            remove(path)
    remove_dangling(files / "etc/alternatives")
    for path in [*files.rglob("*.a"), *files.rglob("*.h")]:
        path.unlink()
    write(files / "share/debian-packages", "".join(f"{name} {packages[name]['version']}\n" for name in sorted(kept)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["Platform", "Sdk"])
    parser.add_argument("tree", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--id", required=True)
    parser.add_argument("--suite", required=True)
    parser.add_argument("--arch", required=True)
    parser.add_argument("--keep", nargs="*", default=[])
    options = parser.parse_args()

    files = options.out / "files"
    packages = read_packages(options.tree / "var/lib/dpkg/status")
    (options.tree / "usr").rename(files)
    (options.tree / "etc").rename(files / "etc")
    # Lists of files name usr/… and etc/…: they find them here.
    (options.tree / "usr").symlink_to(files.resolve())
    (options.tree / "etc").symlink_to((files / "etc").resolve())
    for name in [*NOWHERE, *(f"etc/{secret}" for secret in SECRETS)]:
        remove(files / name)
    remove_languages(files / "share/locale")
    if options.kind == "Platform":
        fill_platform(options, packages, files)
    make_harmless(files)
    libraries = f"/usr/lib/{options.arch}-linux-gnu"
    write(files / "etc/ld.so.conf", f"/app/lib\n{libraries}\n/usr/lib\n")
    remove(files / "etc/ld.so.cache")
    write(files / "etc/fonts/conf.d/50-flatpak.conf", FONTS)
    runtime = f"{options.id}.Platform/{options.arch}/{options.suite}"
    sdk = f"{options.id}.Sdk/{options.arch}/{options.suite}"
    write(options.out / "metadata", f"[Runtime]\nname={options.id}.{options.kind}\nruntime={runtime}\nsdk={sdk}\n")
    missing = missing_libraries(files)
    if missing:
        sys.exit(f"tree.py: the {options.kind} lacks {', '.join(missing)}: keep the package that has it")


if __name__ == "__main__":
    main()
