#!/usr/bin/python3
"""The program in the background: no window, and yet the person knows what is new, and acts on it.

    test_notices.py PAKOBLAD PAKOBLA PICTURES

Real programs and a real backend; the desktop that shows notifications is played. What a button does is asked of the server.
"""
import pathlib
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True

import steps  # noqa: E402
from notices import Notices  # noqa: E402
from world import Backend, Client, Failed, wait  # noqa: E402

# Nobody's night: the journey may be made at any hour.
SETTINGS = "[no/kommune/kristiansund/Pakobla]\nhas-quiet-hours=false\n"
TASK = {"title": "Lyset blinker i trappa", "kind": "task", "priority": "normal", "status": "new", "channel": "phone",
        "confidentiality": "internal", "created_at": "2026-11-23T08:00:00Z"}


class Background:
    """A caretaker at work in another program, and a colleague at the office."""

    def __init__(self, pakoblad, pakobla, pictures):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="pk-notices-"))
        self.pictures = pathlib.Path(pictures)
        self.backend = Backend(pakoblad, str(self.folder / "backend"), str(self.folder / "backend.log"))
        self.pakobla = pakobla
        self.client = self.desktop = None

    def leave_traces(self):
        """Keeps what was told, and the logs of where it went wrong."""
        if self.desktop:
            print(self.desktop.shown, self.desktop.told, file=sys.stderr)
        for path in [*self.folder.glob("*.log"), *self.folder.glob("*/*.log")]:
            print(f"--- {path.name}\n" + "\n".join(path.read_text(errors="replace").splitlines()[-20:]), file=sys.stderr)

    def end(self):
        for part in filter(None, (self.client, self.desktop)):
            part.end()
        self.backend.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def told(self, name, words):
        """Waits until something is told that has these words in it."""
        notice = wait(f"{name} is told", lambda: self.desktop.shown.get(name))
        if words not in str(notice):
            raise Failed(f"{name} says {notice}, not {words}")
        return notice

    def task(self):
        return self.backend.ask("GET", f"/api/tasks/{self.id}", token=self.office)[1]

    # The steps

    def the_caretaker_signs_in(self):
        """A caretaker signs in once, in a window, and closes it"""
        self.backend.start()
        self.office = self.backend.sign_in("administrator")["access_token"]
        self.me = self.backend.sign_in("caretaker")["person"]
        self.client = Client(self.pakobla, "caretaker", self.backend, self.folder / "caretaker")
        settings = self.folder / "caretaker" / "config" / "glib-2.0" / "settings" / "keyfile"
        settings.parent.mkdir(parents=True)
        settings.write_text(SETTINGS)
        self.client.environment["GSETTINGS_BACKEND"] = "keyfile"
        self.desktop = Notices(self.client.environment["DBUS_SESSION_BUS_ADDRESS"])
        self.client.sign_in()
        self.client.quit()

    def the_program_runs_in_the_background(self):
        """The next morning the program runs without a window"""
        self.client.start("--demo-person", "caretaker", "--background", "--status-file", str(self.client.folder / "status.json"))
        self.client.await_sync()
        self.told("summary", "open task")

    def a_task_is_given(self):
        """The office gives the caretaker a task, and the desktop says so"""
        status, task = self.backend.ask("POST", "/api/tasks", {**TASK, "assignee_id": self.me}, token=self.office)
        if status != 201:
            raise Failed(f"the task cannot be made: {status} {task}")
        self.id = task["id"]
        notice = self.told(f"assigned/{self.id}", "gave you a task")
        if "app.accept-task" not in str(notice):
            raise Failed(f"the task cannot be accepted: {notice}")

    def it_is_accepted_from_the_notification(self):
        """The caretaker accepts it without a window; the server knows, and the notification is gone"""
        self.client.act("app.accept-task", f"pakobla:task/{self.id}")
        wait("the task is accepted at the server", lambda: self.task()["status"] == "accepted")
        wait("the notification is taken back", lambda: f"assigned/{self.id}" not in self.desktop.shown)
        self.told("done", "app.undo")

    def it_is_undone(self):
        """The caretaker takes it back from the notification"""
        self.client.act("app.undo")
        wait("the task is new again at the server", lambda: self.task()["status"] == "new")
        wait("it is not offered again", lambda: "done" not in self.desktop.shown)

    def a_message_comes(self):
        """The office writes, and the desktop says what"""
        status, answer = self.backend.ask("POST", "/api/messages", {
            "task_id": self.id, "audience": "internal", "body": "Ta med stige.", "sent_at": "2026-11-23T09:00:00Z"}, token=self.office)
        if status != 201:
            raise Failed(f"nothing can be written: {status} {answer}")
        self.told(f"message/{self.id}", "Ta med stige.")

    def the_notification_opens_the_task(self):
        """A click opens the task in a window, and the notification is gone"""
        self.client.act("app.open-link", f"pakobla:task/{self.id}")
        self.client.see("Ta med stige", timeout=30)
        self.client.picture(self.pictures / "journey-notice-opened.png")

    def a_start_tells_nothing_twice(self):
        """The program is started anew, and tells nothing that it has told"""
        before = dict(self.desktop.told)
        self.client.quit()
        self.client.start("--demo-person", "caretaker", "--background", "--status-file", str(self.client.folder / "status.json"))
        self.client.await_sync()
        self.backend.ask("POST", "/api/messages", {
            "task_id": self.id, "audience": "internal", "body": "Og en lykt.", "sent_at": "2026-11-23T09:30:00Z"}, token=self.office)
        name = f"message/{self.id}"
        wait("the new message is told", lambda: self.desktop.told[name] == before[name] + 1)
        if {**self.desktop.told, name: before[name]} != before:
            raise Failed(f"told before: {before}, and now {self.desktop.told}")


def main(pakoblad, pakobla, pictures):
    for program in ("Xvfb", "dbus-daemon", "gnome-keyring-daemon", "gdbus"):
        if not steps.is_there(program):
            steps.skip(f"{program} is not installed")
    journey = Background(pakoblad, pakobla, pictures)
    try:
        return steps.run(journey, [
            "the_caretaker_signs_in", "the_program_runs_in_the_background", "a_task_is_given", "it_is_accepted_from_the_notification",
            "it_is_undone", "a_message_comes", "the_notification_opens_the_task", "a_start_tells_nothing_twice"])
    finally:
        journey.end()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
