"""A laptop with the installed program, where a caretaker of the demo is signed in."""
import pathlib
import shutil
import sys
import tempfile

from laptop import Laptop
from repository import Repository
from world import Backend


class Demo:
    """The demo municipality, its repository, and the caretaker's laptop."""

    def __init__(self, build, pictures, repository, *_next):
        self.build, self.pictures = pathlib.Path(build), pathlib.Path(pictures)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="pk-"))
        self.repository = Repository(repository)
        self.backend = Backend(str(self.build / "backend/pakoblad"), str(self.folder / "backend"), str(self.folder / "backend.log"))
        self.laptop = None

    def leave_traces(self):
        """Keeps a picture, and shows the logs of where it went wrong."""
        if self.laptop:
            self.laptop.picture(self.pictures / "flatpak-failed.png")
        for path in [*self.folder.glob("*.log"), *self.folder.glob("*/*.log"), *self.folder.glob("*/desk/told")]:
            print(f"--- {path.name}\n" + "\n".join(path.read_text(errors="replace").splitlines()[-20:]), file=sys.stderr)

    def end(self):
        for part in filter(None, (self.laptop, self.repository)):
            part.end()
        self.backend.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def the_program_has_a_replica(self):
        """The installed program has synced once"""
        self.backend.start()
        self.me = self.backend.sign_in("caretaker")
        self.laptop = Laptop("caretaker", self.backend, self.folder / "laptop")
        self.laptop.flatpak("install", "--assumeyes", "--noninteractive", "--from", self.repository.reference)
        self.start()
        self.laptop.quit()

    def start(self):
        """Starts the program and waits until it has synced."""
        self.laptop.start("--demo-person", "caretaker", "--status-file", str(self.laptop.report()))
        self.laptop.await_sync()
        self.laptop.see("^Oppdatert")
