#!/usr/bin/python3
"""What is new is told by the desktop, and the notification's button does what it says.

    test_desktop.py BUILD PICTURES REPOSITORY NEXT-REPOSITORY NEXT-TREE

Runs in a place (see ./place).
"""
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "journeys"))

import steps  # noqa: E402
from demo import Demo  # noqa: E402
from laptop import APPLICATION  # noqa: E402
from world import Failed, wait  # noqa: E402

LOUD = "[no/kommune/kristiansund/Pakobla]\nhas-quiet-hours=false\n"
PORTAL = ["--dest", "org.freedesktop.impl.portal.desktop.proof", "--object-path", "/org/freedesktop/portal/desktop"]


class Desktop(Demo):
    """The caretaker's laptop, and a leader who hands out work."""

    def call(self, *words):
        return self.laptop.run("gdbus", "call", "--session", *words)

    def what_is_new_is_told(self):
        """A task that somebody hands over is told of by the desktop, and the notification's button accepts it"""
        settings = self.laptop.own / "config/glib-2.0/settings/keyfile"
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.write_text(LOUD)
        self.start()
        self.task, self.title = self.laptop.rows("SELECT id, title FROM task WHERE status = 'new' AND assignee_id IS NULL LIMIT 1")[0]
        # What was there at the first look is nothing new.
        memory = pathlib.Path(self.laptop.status["replica"]).parent / "notices.ini"
        wait("the program has looked once", memory.exists)
        leader = self.backend.sign_in("administrator")["access_token"]
        path = f"/api/tasks/{steps.as_text(self.task)}"
        status, answer = self.backend.ask("PATCH", path, {"assignee_id": self.me["person"]}, leader)
        if status != 200:
            raise Failed(f"the task cannot be handed over: {status} {answer}")
        _, notice, content = wait("the desktop is told", lambda: self.laptop.told("AddNotification"))[-1]
        if self.title not in content["body"] or content["buttons"][0]["label"] != "Ta imot":
            raise Failed(f"the notification says {content}")
        button = content["buttons"][0]
        self.call(*PORTAL, "--method", "no.kommune.kristiansund.Proof.Press", APPLICATION, notice, button["action"],
                  f"[<'{button['target']}'>]")
        wait("the server knows", lambda: self.backend.ask("GET", path, token=leader)[1]["status"] == "accepted")


def main(*words):
    journey = Desktop(*words)
    try:
        return steps.run(journey, ["the_program_has_a_replica", "what_is_new_is_told"])
    finally:
        journey.end()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
