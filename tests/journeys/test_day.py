#!/usr/bin/python3
"""A caretaker's day: sign in, work in a cellar without network, lose power, come back, and everyone sees the work.

    test_day.py PAKOBLAD PAKOBLA PICTURES

Real programs, real screens, real databases. What a person does goes through the window; what must hold is asked of the
window, of the replica and of the server.
"""
import pathlib
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True

import steps  # noqa: E402
from world import Backend, Client, Failed, wait, write_photo  # noqa: E402

OWN_TASK = """
    SELECT task.id, task.title FROM task JOIN checklist_item AS item ON item.task_id = task.id
    WHERE task.assignee_id = ?1 AND task.is_open = 1 AND task.building_id IS NOT NULL AND item.state = 'open'
    GROUP BY task.id HAVING count (*) BETWEEN 1 AND 6 ORDER BY task.due_on, task.id LIMIT 1"""
SHARED_TASK = """
    SELECT id, title FROM task
    WHERE is_open = 1 AND building_id = ?1 AND confidentiality <> 'confidential' AND id <> ?2 AND description IS NOT NULL ORDER BY id LIMIT 1"""

# A task that the caretaker sees for no other reason than the building it is in (12 is the number of task in the model).
ONLY_BY_BUILDING = """
    SELECT task.building_id, task.id FROM task JOIN membership ON membership.building_id = task.building_id
    JOIN building ON building.id = task.building_id
    WHERE membership.person_id = ?1 AND task.is_open = 1 AND building.caretaker_id IS NOT ?1
    AND (SELECT count (*) FROM member WHERE entity = 12 AND id = task.id) = 1 ORDER BY task.id LIMIT 1"""


class Day:
    """The day and what it leaves behind."""

    def __init__(self, pakoblad, pakobla, pictures):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="pk-day-"))
        self.pictures = pathlib.Path(pictures)
        self.backend = Backend(pakoblad, str(self.folder / "backend"), str(self.folder / "backend.log"))
        self.pakobla = pakobla
        self.caretaker = self.colleague = None
        self.token = self.operator = None

    def leave_traces(self):
        """Keeps pictures, the accessibility trees and the logs of where it went wrong."""
        for client in filter(None, (self.caretaker, self.colleague)):
            client.picture(self.pictures / f"journey-failed-{client.person[:9]}.png")
            (self.pictures / f"journey-failed-{client.person[:9]}.txt").write_text(client.tree())
            self._print_log(client.folder / "client.log")
        self._print_log(self.folder / "backend.log")

    def _print_log(self, path):
        if path.exists():
            print(f"--- {path.name}\n" + "\n".join(path.read_text(errors="replace").splitlines()[-20:]), file=sys.stderr)

    def end(self):
        for client in filter(None, (self.caretaker, self.colleague)):
            client.end()
        self.backend.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def get(self, path):
        """Asks the API as the operator, who may see everything that is looked at here."""
        status, answer = self.backend.ask("GET", path, token=self.operator)
        return answer if status == 200 else None

    def take_picture(self, client, name):
        client.picture(self.pictures / f"journey-{name}.png")

    # The steps, in the order of the day

    def the_caretaker_signs_in(self):
        """A caretaker signs in and gets own tasks and buildings into the replica"""
        self.backend.start()
        self.operator = self.backend.sign_in("administrator")["access_token"]
        me = self.backend.sign_in("caretaker")
        self.token, self.me = me["access_token"], steps.as_blob(me["person"])
        self.caretaker = Client(self.pakobla, "caretaker", self.backend, self.folder / "caretaker")
        self.caretaker.sign_in()
        if self.caretaker.status["rows"] < 100:
            raise Failed(f"only {self.caretaker.status['rows']} rows came")
        self.caretaker.see("^Up to date")
        self.task, self.title = self.caretaker.rows(OWN_TASK, self.me)[0]
        self.take_picture(self.caretaker, "1-my-day")

    def a_colleague_signs_in(self):
        """A colleague in the same building signs in on another machine"""
        self.building, = self.caretaker.rows("SELECT building_id FROM task WHERE id = ?1", self.task)[0]
        others = self.caretaker.rows(
            "SELECT person_id FROM membership WHERE building_id = ?1 AND person_id <> ?2 ORDER BY id", self.building, self.me)
        self.other = others[0][0]
        self.shared, self.shared_title = self.caretaker.rows(SHARED_TASK, self.building, self.task)[0]
        self.colleague = Client(self.pakobla, steps.as_text(self.other), self.backend, self.folder / "colleague")
        self.colleague.sign_in()
        if not self.colleague.rows("SELECT 1 FROM task WHERE id = ?1", self.shared):
            raise Failed("the colleague does not have the shared task")

    def the_network_goes(self):
        """In the cellar the network is gone, and the window says so"""
        self.caretaker.network.cut()
        self.caretaker.see("^Offline", timeout=70)

    def the_task_is_done_offline(self):
        """Offline, the checklist is done, a photo is taken, the reporter gets a message, and the task is completed"""
        client = self.caretaker
        client.act("win.open-task", steps.as_text(self.task))
        client.see(self.title)
        points = client.rows("SELECT id, text FROM checklist_item WHERE task_id = ?1 AND state = 'open'", self.task)
        for _, words in points:
            client.press("^" + escape(words), role="check box")
        wait("all points are checked", lambda: not client.rows(
            "SELECT 1 FROM checklist_item WHERE task_id = ?1 AND state = 'open'", self.task))
        photo = self.folder / "cellar.png"
        write_photo(photo)
        client.act("win.attach-file", photo.as_uri())
        wait("the photo is in the replica", lambda: client.rows("SELECT 1 FROM photo WHERE task_id = ?1", self.task))
        client.press("The reporter and colleagues$", role="push button")
        client.write("^Message$", "Pumpen går igjen.")
        client.press("Send$", role="push button")
        wait("the message is in the replica", lambda: client.rows(
            "SELECT 1 FROM message WHERE task_id = ?1 AND body = 'Pumpen går igjen.'", self.task))
        self.take_picture(client, "2-task-offline")
        client.press("Start$", role="push button")
        client.press("Report back$", role="push button")
        client.press("Solved$", role="push button")
        client.press("Complete and send$", role="push button")
        wait("the task is done", lambda: client.rows("SELECT 1 FROM task WHERE id = ?1 AND status = 'done'", self.task))

    def a_deviation_is_made(self):
        """Offline, a deviation is made on a room"""
        client = self.caretaker
        room, = client.rows("SELECT id FROM location WHERE building_id = ?1 AND kind = 'room' ORDER BY id LIMIT 1", self.building)[0]
        client.act("win.open-location", steps.as_text(room))
        client.press("New deviation$", role="push button")
        client.write("^What is wrong here", "Løs list ved døra")
        client.strike("Enter")
        wait("the deviation is in the replica", lambda: client.rows(
            "SELECT 1 FROM task WHERE title = 'Løs list ved døra' AND kind = 'deviation' AND location_id = ?1", room))

    def both_edit_the_same_field(self):
        """Offline, a title is edited that the colleague edits too"""
        for client, words in ((self.caretaker, "Tittel fra kjelleren"), (self.colleague, "Tittel fra kontoret")):
            self._edit_title(client, self.shared, words)
        wait("the server has the colleague's title",
             lambda: self.get(f"/api/tasks/{steps.as_text(self.shared)}")["title"] == "Tittel fra kontoret")

    def _edit_title(self, client, task, words):
        title, = client.rows("SELECT title FROM task WHERE id = ?1", task)[0]
        client.act("win.open-task", steps.as_text(task))
        client.see(escape(title), role="text")
        client.strike("F2")
        client.write("^Title$", words)
        client.strike("Enter")
        wait("the title is in the replica", lambda: client.rows("SELECT 1 FROM task WHERE id = ?1 AND title = ?2", task, words))

    def the_power_goes(self):
        """Power is lost; after the next start, still offline, nothing is lost"""
        client = self.caretaker
        before, self.device = self._outbox(client), self._device(client)
        client.kill()
        client.start("--demo-person", client.person)
        client.see("^Offline", timeout=70)
        if self._outbox(client) != before:
            raise Failed("the outbox is another one after the power cut")
        client.act("win.open-task", steps.as_text(self.task))
        client.see("Pumpen går igjen")
        self.take_picture(client, "3-after-power-cut")

    def _outbox(self, client):
        return client.rows("SELECT id FROM mutation ORDER BY place", outbox=True)

    def _device(self, client):
        return client.rows("SELECT value FROM meta WHERE name = 'device'", outbox=True)

    def everything_arrives_once(self):
        """The network is back: everything arrives once"""
        client = self.caretaker
        client.network.mend()
        client.see("^Up to date|need", timeout=70)
        wait("nothing waits any more", lambda: client.rows(
            "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM mutation WHERE state IN (0, 1, 2))", outbox=True))
        if self._device(client) != self.device:
            raise Failed("the start after the power cut made another device")
        task = self.get(f"/api/tasks/{steps.as_text(self.task)}")
        if task["status"] != "done" or task["outcome"] != "solved":
            raise Failed(f"the server has the task as {task['status']}")
        for client in (self.caretaker, self.colleague):
            wait("exactly one message and one deviation are everywhere", lambda c=client: c.rows(
                "SELECT 1 WHERE (SELECT count (*) FROM message WHERE body = 'Pumpen går igjen.') = 1"
                " AND (SELECT count (*) FROM task WHERE title = 'Løs list ved døra') = 1"
                " AND (SELECT count (*) FROM photo WHERE task_id = ?1) = 1", self.task))
        photo, = self.get(f"/api/photos?task_id={steps.as_text(self.task)}")["items"]
        wait("the photo's content is with the server",
             lambda: self.get(f"/api/documents/{photo['document_id']}")["is_stored"])

    def the_merge_is_shown_to_both(self):
        """The merge is shown to both, with both values"""
        for client, name in ((self.caretaker, "4-merge-caretaker"), (self.colleague, "5-merge-colleague")):
            client.act("win.open-task", steps.as_text(self.shared))
            client.see("^Tittel fra kjelleren$", role="text", timeout=30)
            client.see("gave way", timeout=30)
            client.see("^Tittel fra kontoret$", timeout=30)
            self.take_picture(client, name)

    def the_colleague_sees_within_a_second(self):
        """What the caretaker does is with the colleague within a second"""
        self.caretaker.act("win.open-task", steps.as_text(self.shared))
        self.colleague.act("win.open-task", steps.as_text(self.shared))
        self.caretaker.write("^Message$", "Ser på det nå.")
        self.caretaker.press("(Send|Save note)$", role="push button")
        wait("it is in the caretaker's replica", lambda: self.caretaker.rows("SELECT 1 FROM message WHERE body = 'Ser på det nå.'"))
        wait("it is in the colleague's replica", lambda: self.colleague.rows("SELECT 1 FROM message WHERE body = 'Ser på det nå.'"), 1)
        self.colleague.see("Ser på det nå", timeout=1)

    def access_is_taken_away(self):
        """Access to a building is taken away: it disappears, and the one unsent edit on it needs attention"""
        client = self.caretaker
        client.network.cut()
        client.see("^Offline", timeout=70)
        building, task = client.rows(ONLY_BY_BUILDING, self.me)[0]
        self._edit_title(client, task, "Skrevet i siste liten")
        held = client.rows("SELECT id FROM membership WHERE building_id = ?1 AND person_id = ?2", building, self.me)
        for membership, in held:
            status, answer = self.backend.ask("DELETE", f"/api/memberships/{steps.as_text(membership)}", token=self.operator)
            if status not in (200, 204):
                raise Failed(f"the membership cannot be taken away: {status} {answer}")
        client.network.mend()
        wait("the building is gone from the replica", lambda: not client.rows("SELECT 1 FROM building WHERE id = ?1", building), 70)
        client.press("^1 needs you", role="push button", timeout=30)
        client.see("Skrevet i siste liten", timeout=30)
        self.take_picture(client, "6-needs-attention")


def escape(words):
    """Words as a pattern, cut before they may be shortened on the screen."""
    return "".join(char if char.isalnum() or char == " " else "." for char in words[:30])


def main(pakoblad, pakobla, pictures):
    for program in ("Xvfb", "dbus-daemon", "gnome-keyring-daemon", "gdbus"):
        if not steps.is_there(program):
            steps.skip(f"{program} is not installed")
    day = Day(pakoblad, pakobla, pictures)
    try:
        return steps.run(day, [
            "the_caretaker_signs_in", "a_colleague_signs_in", "the_network_goes", "the_task_is_done_offline", "a_deviation_is_made",
            "both_edit_the_same_field", "the_power_goes", "everything_arrives_once", "the_merge_is_shown_to_both",
            "the_colleague_sees_within_a_second", "access_is_taken_away"])
    finally:
        day.end()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
