#!/usr/bin/env python3
"""What flatpak/tree.py keeps of a tree of packages, and what flatpak/variant.py makes of the manifest. Speaks TAP."""
import json
import pathlib
import stat
import subprocess
import sys
import tempfile
import traceback

sys.dont_write_bytecode = True
ROOT = pathlib.Path(sys.argv[1])
TREE = ROOT / "flatpak/tree.py"
VARIANT = ROOT / "flatpak/variant.py"
MANIFEST = ROOT / "flatpak/no.kommune.kristiansund.Pakobla.yml"
ID = "no.example.Runtime"

# Name, what it depends on and provides, its files.
PACKAGES = {
    "window": ("toolkit (>= 4), debconf", "", ["/usr/lib/libwindow.so.1", "/usr/share/doc/window/README"]),
    "toolkit": ("wanted-nowhere | drawing-library", "", ["/usr/lib/libtoolkit.so.4", "/usr/share/locale/nb/x.mo", "/usr/share/locale/fr/x.mo"]),
    "cairo": ("", "drawing-library (= 1)", ["/usr/lib/libcairo.so.2", "/usr/include/cairo.h"]),
    "debconf": ("perl-base", "", ["/usr/bin/debconf"]),
    "perl-base": ("", "", ["/usr/bin/perl"]),
    "login": ("", "", ["/bin/login", "/etc/shadow", "/usr/share/shared/login"]),
    "shared": ("", "", ["/usr/share/shared/kept"]),
}


def make_tree(folder):
    """A tree as dpkg would leave it."""
    tree = folder / "tree"
    information = tree / "var/lib/dpkg/info"
    information.mkdir(parents=True)
    status = []
    for name, (depends, provides, files) in PACKAGES.items():
        fields = {"Package": name, "Status": "install ok installed", "Version": "1", "Architecture": "amd64"}
        fields |= {key: value for key, value in (("Depends", depends), ("Provides", provides)) if value}
        status.append("".join(f"{key}: {value}\n" for key, value in fields.items()))
        (information / f"{name}.list").write_text("".join(f"{line}\n" for line in ["/.", "/usr", *files]))
        for file in files:
            path = tree / ("usr" + file if file.startswith("/bin/") else file[1:])
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(name)
    (tree / "var/lib/dpkg/status").write_text("\n".join(status))
    (tree / "usr/lib/libwindow.so.1").chmod(0o4755)
    (tree / "etc/ssl").mkdir()
    (tree / "etc/cron.d").mkdir()
    return tree


def export(folder, kind, *keep):
    out = folder / "out"
    out.mkdir()
    command = [sys.executable, TREE, kind, make_tree(folder), out, "--id", ID, "--suite", "trixie", "--arch", "x86_64", "--keep", *keep]
    return out, subprocess.run(command, capture_output=True, text=True, check=False)


def derive(folder, name="one"):
    source, out = folder / f"{name}.tar", folder / f"{name}.json"
    subprocess.run([sys.executable, VARIANT, MANIFEST, "--id", ID, "--suite", "trixie", "--source", source, "--out", out], check=True)
    return source, json.loads(out.read_text())


def a_platform_has_what_the_kept_depend_on_and_nothing_else(folder):
    out, result = export(folder, "Platform", "window", "shared")
    assert result.returncode == 0, result.stderr
    there = {str(path.relative_to(out / "files")) for path in (out / "files").rglob("*") if path.is_file()}
    assert {"lib/libwindow.so.1", "lib/libtoolkit.so.4", "lib/libcairo.so.2", "share/shared/kept"} <= there, there
    assert not there & {"bin/login", "bin/perl", "bin/debconf", "share/shared/login", "include/cairo.h"}, there
    assert (out / "files/share/debian-packages").read_text() == "cairo 1\nshared 1\ntoolkit 1\nwindow 1\n"


def a_platform_has_no_secrets_other_languages_or_power(folder):
    out, _ = export(folder, "Platform", "window")
    files = out / "files"
    assert not stat.S_IMODE((files / "lib/libwindow.so.1").stat().st_mode) & 0o6000
    assert (files / "share/locale/nb").exists() and not (files / "share/locale/fr").exists()
    assert not (files / "etc/shadow").exists() and not (files / "etc/cron.d").exists() and (files / "etc/ssl").exists()
    assert f"runtime={ID}.Platform/x86_64/trixie\nsdk={ID}.Sdk/x86_64/trixie\n" in (out / "metadata").read_text()
    assert (files / "etc/ld.so.conf").read_text().startswith("/app/lib\n")


def an_sdk_has_every_package(folder):
    out, result = export(folder, "Sdk", "window")
    assert result.returncode == 0, result.stderr
    assert (out / "files/include/cairo.h").exists() and (out / "files/bin/perl").exists()
    assert not (out / "files/etc/shadow").exists()


def a_package_that_is_not_installed_is_an_error(folder):
    _, result = export(folder, "Platform", "window", "nowhere")
    assert result.returncode != 0 and "nowhere is not installed in the tree" in result.stderr, result.stderr


def the_manifest_for_debian_differs_in_the_runtime_and_the_modules_alone(folder):
    import yaml

    original, (source, made) = yaml.safe_load(MANIFEST.read_text()), derive(folder)
    assert (made["runtime"], made["sdk"], made["runtime-version"]) == (f"{ID}.Platform", f"{ID}.Sdk", "trixie")
    assert [module["name"] for module in made["modules"]] == ["pakobla"]
    assert made["modules"][0]["config-opts"] == original["modules"][-1]["config-opts"]
    assert made["modules"][0]["sources"][0]["path"] == str(source)
    for name in original.keys() - {"runtime", "sdk", "runtime-version", "modules"}:
        assert made[name] == original[name], name


def the_same_sources_are_the_same_archive(folder):
    (one, first), (other, second) = derive(folder), derive(folder, "other")
    assert one.read_bytes() == other.read_bytes()
    assert first["modules"][0]["sources"][0]["sha256"] == second["modules"][0]["sources"][0]["sha256"]


TESTS = [
    a_platform_has_what_the_kept_depend_on_and_nothing_else,
    a_platform_has_no_secrets_other_languages_or_power,
    an_sdk_has_every_package,
    a_package_that_is_not_installed_is_an_error,
    the_manifest_for_debian_differs_in_the_runtime_and_the_modules_alone,
    the_same_sources_are_the_same_archive,
]


def main():
    print(f"1..{len(TESTS)}")
    failed = False
    for number, test in enumerate(TESTS, 1):
        with tempfile.TemporaryDirectory() as folder:
            words = ""
            try:
                test(pathlib.Path(folder).resolve())
            except Exception:  # Whatever it is, the other tests are told of too.
                words = traceback.format_exc()
            failed = failed or bool(words)
            print(f"{'not ok' if words else 'ok'} {number} {test.__name__.replace('_', '-')}", flush=True)
            print(words, end="", file=sys.stderr, flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
