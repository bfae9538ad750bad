"""An ordinary user's laptop with a desktop: portals, keyring and browser around the program, which is installed as a Flatpak."""
import json
import os
import pathlib
import shutil
import subprocess
import sys

from world import PATIENCE, Client, Failed, wait

HERE = pathlib.Path(__file__).resolve().parent
APPLICATION = "no.kommune.kristiansund.Pakobla"
HANDLER = "#!/bin/sh\nprintf '%s\\n' \"$1\" >>'{}'\n"
DESKTOP_FILE = "[Desktop Entry]\nType=Application\nName={}\nExec={} %u\nMimeType={}\n"
KEYRING_PORTAL = "/usr/share/xdg-desktop-portal/portals/gnome-keyring.portal"


class Laptop(Client):
    """The user's session. What the program stores lies in `own`, as Flatpak has it."""

    def __init__(self, person, backend, folder):
        self.home = pathlib.Path(os.environ["HOME"])
        self.own = self.home / ".var" / "app" / APPLICATION
        self.desk = pathlib.Path(folder) / "desk"
        super().__init__("flatpak", person, backend, folder)
        self._start([sys.executable, str(HERE / "portal.py"), str(self.desk)])
        wait("the desktop's portals are there", (self.desk / "ready").exists)

    def _stop_animations(self):
        super()._stop_animations()
        config = self.own / "config" / "gtk-4.0"
        config.mkdir(parents=True)
        shutil.copy(self.folder / "config" / "gtk-4.0" / "settings.ini", config)

    def _make_runtime(self):
        # The portals take it that it is where every system has it.
        return pathlib.Path("/run/user") / str(os.getuid())

    def _variables(self):
        self._choose_portals()
        data = self.home / ".local" / "share"
        return {"XDG_DATA_DIRS": f"{data}/flatpak/exports/share:/usr/local/share:/usr/share", "XDG_CURRENT_DESKTOP": "proof",
                "XDG_DESKTOP_PORTAL_DIR": str(self.desk / "portals"), "XDG_SESSION_TYPE": "x11"}

    def _choose_portals(self):
        """Which desktop the portals' own service finds: newer ones are told by portals.conf, older ones by UseIn."""
        portals, config = self.desk / "portals", self.home / ".config" / "xdg-desktop-portal"
        for folder in (portals, config):
            folder.mkdir(parents=True)
        shutil.copy(HERE / "proof.portal", portals)
        shutil.copy(KEYRING_PORTAL, portals)
        for folder in (portals, config):
            shutil.copy(HERE / "proof-portals.conf", folder / "portals.conf")

    def _command(self):
        return ["flatpak", "run", *self._passed(), APPLICATION]

    def _passed(self):
        return [f"--env={name}={self.environment[name]}" for name in ("GDK_BACKEND", "GSK_RENDERER", "GTK_A11Y")]

    def run(self, *command, **options):
        """Runs a command as the user would in a terminal; returns what it says."""
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False, timeout=300 * PATIENCE, **options)
        if done.returncode != 0:
            raise Failed(f"{' '.join(command)}: {done.stdout}{done.stderr}")
        return done.stdout

    def flatpak(self, verb, *words):
        return self.run("flatpak", verb, "--user", *words)

    def quit(self):
        """Closes the window, as its owner does; nothing of the program runs on."""
        self.act("app.quit")
        self.process.wait(20 * PATIENCE)
        wait("nothing of the program runs on", lambda: APPLICATION not in self.run("flatpak", "ps", "--columns=application"))
        self.report().unlink(missing_ok=True)

    def kill(self):
        """Ends the program as a power cut does."""
        self.run("flatpak", "kill", APPLICATION)
        self.process.wait(20 * PATIENCE)

    def report(self):
        return self.own / "data" / "status.json"

    def await_sync(self, timeout=120):
        """The program tells in its own folder when it is there."""
        found = wait("the program is signed in and synced", lambda: self.report().exists() or self.process.poll() is not None, timeout)
        if found and self.process.poll() is not None:
            raise Failed(f"the program ended with {self.process.returncode}; its words are in client.log")
        self.status = json.loads(self.report().read_text())
        if "error" in self.status:
            raise Failed(self.status["error"])

    def add_program(self, name, media_type):
        """A program of the user's for a kind of thing, which only notes what it was asked to open. Returns where."""
        folder = self.home / ".local" / "share" / "applications"
        folder.mkdir(parents=True, exist_ok=True)
        noted, program = self.desk / f"{name}-asked", self.desk / name
        program.write_text(HANDLER.format(noted))
        program.chmod(0o700)
        (folder / f"{name}.desktop").write_text(DESKTOP_FILE.format(name, program, media_type))
        with open(self.home / ".config" / "mimeapps.list", "a", encoding="utf-8") as defaults:
            if defaults.tell() == 0:
                defaults.write("[Default Applications]\n")
            defaults.write("".join(f"{kind}={name}.desktop\n" for kind in media_type.split(";") if kind))
        return noted

    def pick(self, path):
        """In the next file dialog, the person picks this."""
        (self.desk / "choice").write_text(pathlib.Path(path).as_uri())

    def told(self, method):
        """What the desktop was asked by the portals."""
        told = self.desk / "told"
        lines = told.read_text().splitlines() if told.exists() else []
        return [call["words"] for call in map(json.loads, lines) if call["method"] == method]

    def end(self):
        # The desktop may have started it, too.
        if self.process:
            subprocess.run(["flatpak", "kill", APPLICATION], env=self.environment, check=False, stderr=subprocess.DEVNULL)
        # What lies there are other folders' files, and not to be removed with the session.
        documents = self.runtime / "doc"
        if documents.is_mount():
            subprocess.run(["fusermount3", "-u", "-z", str(documents)], check=False)
        super().end()
