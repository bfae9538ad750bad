#!/usr/bin/python3
"""The installed program, as an ordinary user meets it: signed in through the portals, at work without network, updated with a full outbox.

    test_installed.py BUILD PICTURES REPOSITORY NEXT-REPOSITORY NEXT-TREE

Runs in a place (see ./place). BUILD has pakoblad and pakobla-admin. What flatpak/publish made lies in REPOSITORY, and with the next version in
NEXT-REPOSITORY; NEXT-TREE/build has its server.
"""
import configparser
import json
import pathlib
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "journeys"))

import steps  # noqa: E402
from browser import Browser  # noqa: E402
from laptop import APPLICATION, Laptop  # noqa: E402
from provider import CLIENT, SECRET, Provider  # noqa: E402
from repository import Repository  # noqa: E402
from world import Backend, Failed, wait, write_photo  # noqa: E402


BUSY = """
    SELECT assignee_id FROM task WHERE is_open = 1 AND assignee_id IS NOT NULL AND building_id IS NOT NULL GROUP BY 1 HAVING count (*) > 2"""
OWN_TASK = "SELECT id, title FROM task WHERE assignee_id = ?1 AND is_open = 1 AND building_id IS NOT NULL ORDER BY due_on, id LIMIT 1"
STORED = """
    SELECT count (*), sum (is_stored) FROM document WHERE id IN (SELECT document_id FROM photo WHERE task_id = ?1)"""
SHEET = """%PDF-1.4
1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj
2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj
3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 420 595] /Contents 4 0 R /Resources <</Font <</F 5 0 R>>>>>> endobj
4 0 obj <</Length 66>> stream
BT /F 24 Tf 60 500 Td (Befaring: taket er tett, renna full) Tj ET
endstream endobj
5 0 obj <</Type /Font /Subtype /Type1 /BaseFont /Helvetica>> endobj
trailer <</Root 1 0 R>>
"""


N_MESSAGES = 20
NEW_TITLE = "Tittel fra kjelleren"
NEXT_VERSION = "99.0.0"


def write_sheet(path):
    """Writes a PDF of one page."""
    path.write_text(SHEET)


def escape(words):
    """Words as a pattern, cut before they may be shortened on the screen."""
    return "".join(char if char.isalnum() or char == " " else "." for char in words[:30])


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class Installed:
    """A municipality, its repository, and one employee's laptop."""

    def __init__(self, build, pictures, repository, next_repository, next_tree):
        self.build, self.pictures = pathlib.Path(build), pathlib.Path(pictures)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="pk-"))
        self.repository = Repository(repository)
        self.next_repository, self.next = next_repository, pathlib.Path(next_tree)
        port = free_port()
        self.provider = Provider(f"http://127.0.0.1:{port}/oauth/callback", self.folder / "provider.log")
        secret = self.folder / "secret"
        secret.write_text(SECRET)
        self.backend = Backend(str(self.build / "backend/pakoblad"), str(self.folder / "backend"), str(self.folder / "backend.log"), port,
                               ("--issuer", self.provider.issuer, "--client-id", CLIENT, "--client-secret-file", str(secret)))
        self.laptop = self.browser = None
        self.outside = pathlib.Path.home() / "Dokumenter"
        self.outside.mkdir()

    def leave_traces(self):
        """Keeps a picture and the accessibility tree, and shows the logs of where it went wrong."""
        if self.laptop:
            self.laptop.picture(self.pictures / "flatpak-failed.png")
            print(self.laptop.tree(), file=sys.stderr)
        for path in [*self.folder.glob("*.log"), *self.folder.glob("*/*.log"), *self.folder.glob("*/desk/told")]:
            print(f"--- {path.name}\n" + "\n".join(path.read_text(errors="replace").splitlines()[-20:]), file=sys.stderr)

    def end(self):
        for part in filter(None, (self.laptop, self.browser, self.provider, self.repository)):
            part.end()
        self.backend.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def run_admin(self, *words):
        """Asks the server as its operator does; returns JSON, where there is any."""
        done = subprocess.run([self.build / "backend/pakobla-admin", "--data", self.backend.folder, "--json", *words],
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Failed(f"pakobla-admin {' '.join(words)}: {done.stderr}")
        return json.loads(done.stdout) if done.stdout.strip() else None

    def start(self):
        self.laptop.start("--status-file", str(self.laptop.report()))

    def take_picture(self, name):
        self.laptop.picture(self.pictures / f"flatpak-{name}.png")

    # The steps, in their order

    def the_town_is_there(self):
        """A server knows its people"""
        self.backend.start()
        self.run_admin("demo-data", "--tasks", "300")
        store = sqlite3.connect(f"file:{self.backend.folder}/pakobla.db?mode=ro", uri=True)
        busy = {steps.as_text(person) for person, in store.execute(BUSY)}
        store.close()
        users = self.run_admin("users", "list")["users"]
        self.person = next(user for user in users if user["id"] in busy and "caretaker" in user["roles"] and user["email"])

    def the_program_is_installed(self):
        """An ordinary user installs the program from the signed repository"""
        self.laptop = Laptop(self.person["name"], self.backend, self.folder / "laptop")
        self.laptop.flatpak("install", "--assumeyes", "--noninteractive", "--from", self.repository.reference)
        if APPLICATION not in self.laptop.flatpak("list", "--app", "--columns=application"):
            raise Failed("it is not in the list of what is installed")

    def the_browser_opens(self):
        """The program starts in Norwegian, and asks the desktop to open the browser"""
        self.asked = self.laptop.add_program("browser", "x-scheme-handler/http;x-scheme-handler/https;text/html;")
        self.start()
        self.laptop.see("^Velkommen til Påkobla$", timeout=60)
        self.take_picture("1-welcome")
        self.laptop.press("^Logg inn$", role="push button")
        page = wait("the browser is asked for a page", lambda: self.asked.exists() and self.asked.read_text().strip())
        self.laptop.see("^Fortsett i nettleseren$")
        self.browser = Browser(self.folder / "chromium")
        self.browser.open(page)

    def the_person_signs_in(self):
        """The person signs in at the provider, and the first sync begins"""
        self.browser.write("input[name=login]", self.person["email"])
        self.browser.write("input[name=password]", "any")
        self.browser.press("button[type=submit]")
        wait("the provider asks for consent", lambda: "email" in self.browser.read())
        self.browser.press("button[type=submit]")
        self.laptop.await_sync()
        self.laptop.see("^Oppdatert")
        self.take_picture("2-my-day")

    def the_secret_is_kept(self):
        """The token lies in a file that only the user's keyring can open, and nowhere in clear"""
        keyring = self.laptop.own / "data" / "keyrings" / "default.keyring"
        wait("the program's own keyring is there", keyring.exists)
        if keyring.stat().st_mode & 0o077:
            raise Failed(f"others may read the keyring: {keyring.stat().st_mode:o}")
        if not self.search_keyring():
            raise Failed("the user's keyring has no secret for the program")
        for path in self.laptop.own.rglob("*"):
            if path.is_file() and b"refresh_token" in path.read_bytes():
                raise Failed(f"{path} holds a token")

    def search_keyring(self):
        """What the user's keyring keeps for the program: the key to its own."""
        return re.findall(r"'(/[^']+)'", self.laptop.run(
            "gdbus", "call", "--session", "--dest", "org.freedesktop.secrets", "--object-path", "/org/freedesktop/secrets", "--method",
            "org.freedesktop.Secret.Service.SearchItems", f"{{'app_id': '{APPLICATION}'}}"))

    def a_new_start_asks_nobody(self):
        """At the next start the person is signed in still, and no browser opens"""
        self.laptop.quit()
        self.start()
        self.laptop.await_sync()
        self.laptop.see("^Oppdatert")
        if len(self.asked.read_text().splitlines()) != 1:
            raise Failed("the browser was asked again")

    def files_are_brought(self):
        """A picture and a PDF, chosen in the desktop's file dialog, are attached to a task"""
        self.task, self.title = self.laptop.rows(OWN_TASK, steps.as_blob(self.person["id"]))[0]
        self.laptop.act("win.open-task", steps.as_text(self.task))
        self.laptop.see(escape(self.title), role="text")
        self.sheet = self.outside / "Befaring på taket.pdf"
        write_sheet(self.sheet)
        write_photo(self.outside / "tak.png")
        for name, count in (("tak.png", "photo"), ("Befaring på taket.pdf", "document_link")):
            before = self.laptop.rows(f"SELECT count (*) FROM {count}")
            self.laptop.pick(self.outside / name)
            self.laptop.press("^Legg til$", role="push button")
            wait(f"{name} is in the replica", lambda: self.laptop.rows(f"SELECT count (*) FROM {count}") != before)
        if len(self.laptop.told("OpenFile")) != 2:
            raise Failed("the desktop was not asked for the files")
        self.take_picture("3-files")

    def a_file_is_saved(self):
        """The PDF is shown, and a copy is saved where the person says in the desktop's file dialog"""
        self.document, = self.laptop.rows("SELECT id FROM document ORDER BY rid DESC LIMIT 1")[0]
        self.laptop.act("win.open-document", steps.as_text(self.document))
        self.laptop.see("Befaring på taket")
        self.take_picture("4-document")
        copy = self.outside / "Kopi.pdf"
        self.laptop.pick(copy)
        self.laptop.press("^Lagre en kopi", role="push button")
        wait("the copy is the same file", lambda: copy.read_bytes() == self.sheet.read_bytes())

    def a_file_is_opened_outside(self):
        """Another program of the user's gets the PDF, under its own name"""
        asked = self.laptop.add_program("viewer", "application/pdf;")
        self.laptop.press("Åpne med et annet program", role="push button")
        path = pathlib.Path(wait("the viewer is asked", lambda: asked.exists() and asked.read_text().strip()))
        if path.name != self.sheet.name or path.read_bytes() != self.sheet.read_bytes():
            raise Failed(f"the viewer got {path}")

    def the_task_is_printed(self):
        """The task is printed through the desktop's print dialog"""
        self.laptop.act("win.open-task", steps.as_text(self.task))
        self.laptop.see(escape(self.title), role="text")
        self.laptop.act("win.print")
        sheets = self.laptop.desk / "printed.pdf"
        wait("the printer has the sheets", lambda: self.laptop.told("Print") and sheets.exists())
        if self.title not in self.laptop.run("pdftotext", str(sheets), "-"):
            raise Failed("the sheets do not name the task")

    def the_background_is_asked_for(self):
        """The desktop is asked to start the program with the session, and not to, as the preferences say"""
        laptop = self.laptop
        laptop.act("win.preferences")
        for wanted in (True, False):
            laptop.press("^Hold Påkobla oppdatert", role="check box")
            asked = wait("the desktop is asked", lambda w=wanted: [words for words in laptop.told("EnableAutostart") if words[1] == w])
            if wanted and asked[-1][2][:2] != ["flatpak", "run"] or wanted and "--background" not in asked[-1][2]:
                raise Failed(f"it would start {asked[-1][2]}")
        self.take_picture("5-preferences")
        laptop.strike("Escape")
        laptop.miss("^Hold Påkobla oppdatert", role="check box")

    def the_network_goes(self):
        """The network is gone: the window says so, and the work goes on until the outbox is full of it"""
        laptop = self.laptop
        laptop.network.cut()
        laptop.see("^Frakoblet", timeout=70)
        laptop.act("win.open-task", steps.as_text(self.task))
        laptop.see(escape(self.title), role="text")
        for number in range(N_MESSAGES):
            self.write_message(number)
        laptop.strike("F2")
        laptop.write("^Tittel$", NEW_TITLE)
        laptop.strike("Enter")
        wait("the title is in the replica", lambda: laptop.rows("SELECT 1 FROM task WHERE id = ?1 AND title = ?2", self.task, NEW_TITLE))
        laptop.pick(self.outside / "tak.png")
        n_photos = laptop.rows("SELECT count (*) FROM photo")
        laptop.press("^Legg til$", role="push button")
        wait("the photo is in the replica", lambda: laptop.rows("SELECT count (*) FROM photo") != n_photos)
        self.take_picture("6-offline")

    def write_message(self, number):
        words = f"Skrevet i kjelleren, {number}"
        self.laptop.write("^Melding$", words)
        self.laptop.press("^(Send|Lagre merknad)$", role="push button")
        wait("the message is in the replica", lambda: self.laptop.rows("SELECT 1 FROM message WHERE body = ?1", words))

    def outbox(self):
        return self.laptop.rows("SELECT id FROM mutation WHERE state < 3 ORDER BY place", outbox=True)

    def device(self):
        return self.laptop.rows("SELECT value FROM meta WHERE name = 'device'", outbox=True)

    def model(self):
        return int(self.laptop.rows("SELECT value FROM meta WHERE name = 'model'")[0][0])

    def the_next_version_comes(self):
        """The municipality updates server and repository to a newer model; the laptop updates while the program runs, and it runs on"""
        self.backend.stop()
        self.backend.program = self.next / "build/backend/pakoblad"
        self.backend.start()
        self.repository.publish(self.next_repository)
        self.laptop.flatpak("update", "--assumeyes", "--noninteractive", APPLICATION)
        if NEXT_VERSION not in self.laptop.run("flatpak", "run", APPLICATION, "--version"):
            raise Failed("the next version is not installed")
        self.write_message(N_MESSAGES)
        if len(self.outbox()) < N_MESSAGES + 3:
            raise Failed(f"the outbox has only {len(self.outbox())} mutations")

    def nothing_is_lost_by_the_update(self):
        """Still without network, the next version starts with the same replica and the same outbox, in its own model"""
        outbox, device, model = self.outbox(), self.device(), self.model()
        n_tasks = self.laptop.rows("SELECT count (*) FROM task")
        self.laptop.quit()
        self.start()
        self.laptop.see("^Frakoblet", timeout=70)
        if self.outbox() != outbox or self.device() != device:
            raise Failed(f"{len(outbox)} mutations waited before, now {len(self.outbox())}")
        if self.laptop.rows("SELECT count (*) FROM task") != n_tasks or self.model() != model + 1:
            raise Failed(f"the replica is another: model {self.model()} after {model}")
        self.laptop.act("win.open-task", steps.as_text(self.task))
        self.laptop.see(f"^{NEW_TITLE}$")
        self.laptop.see("Skrevet i kjelleren, 0")
        self.take_picture("7-updated-offline")

    def everything_arrives_once(self):
        """The network is back: the person is signed in still, and everything arrives once"""
        laptop = self.laptop
        laptop.network.mend()
        laptop.see("^Oppdatert", timeout=70)
        wait("nothing waits any more", lambda: not self.outbox())
        store = sqlite3.connect(f"file:{self.backend.folder}/pakobla.db?mode=ro", uri=True, timeout=5)
        arrived = store.execute("SELECT body, count (*) FROM message WHERE body LIKE 'Skrevet i kjelleren%' GROUP BY 1").fetchall()
        title, order = store.execute("SELECT title, purchase_order FROM task WHERE id = ?1", (self.task,)).fetchone()
        wait("the photos' contents are with the server", lambda: store.execute(STORED, (self.task,)).fetchone() == (2, 2))
        store.close()
        if len(arrived) != N_MESSAGES + 1 or any(count != 1 for _, count in arrived) or title != NEW_TITLE or order is not None:
            raise Failed(f"the server has {arrived} and the title {title}")
        if len(self.asked.read_text().splitlines()) != 1:
            raise Failed("the browser was asked again")
        self.take_picture("8-updated")

    def a_link_opens_the_task(self):
        """A link in an e-mail opens the task in the window"""
        other, title = self.laptop.rows("SELECT id, title FROM task WHERE id <> ?1 AND title <> '' ORDER BY id LIMIT 1", self.task)[0]
        self.laptop.run("gio", "open", f"pakobla:task/{steps.as_text(other)}")
        self.laptop.see(f"^{escape(title)}", role="text")
        self.take_picture("9-link")

    def the_search_finds_a_task(self):
        """While the program does not run, the desktop's search starts it, finds the task, and opens it"""
        self.laptop.quit()
        provider = configparser.ConfigParser()
        provider.read(self.laptop.home / ".local/share/flatpak/exports/share/gnome-shell/search-providers" /
                      f"{APPLICATION}.search-provider.ini")
        provider = provider["Shell Search Provider"]
        search = ["gdbus", "call", "--session", "--dest", provider["BusName"], "--object-path", provider["ObjectPath"], "--method"]
        words = str(NEW_TITLE.split())
        found = self.laptop.run(*search, "org.gnome.Shell.SearchProvider2.GetInitialResultSet", words)
        results = [result for result in re.findall(r"'([^']+)'", found) if steps.as_text(self.task) in result]
        if not results:
            raise Failed(f"the search finds {found}")
        self.laptop.run(*search, "org.gnome.Shell.SearchProvider2.ActivateResult", results[0], words, "0")
        self.laptop.see(f"^{NEW_TITLE}$", role="text", timeout=60)
        self.take_picture("10-search")

    def signing_out_leaves_no_secret(self):
        """Signing out takes the token out of the secrets, and the records off the laptop"""
        before = (self.laptop.own / "data" / "keyrings" / "default.keyring").read_bytes()
        self.laptop.act("app.sign-out")
        self.laptop.see("^Velkommen til Påkobla$")
        wait("the token is gone", lambda: (self.laptop.own / "data" / "keyrings" / "default.keyring").read_bytes() != before)
        wait("the records are gone", lambda: not self.laptop.rows("SELECT 1 FROM person LIMIT 1"))


STEPS = ["the_town_is_there", "the_program_is_installed", "the_browser_opens", "the_person_signs_in", "the_secret_is_kept",
         "a_new_start_asks_nobody", "files_are_brought", "a_file_is_saved", "a_file_is_opened_outside", "the_task_is_printed",
         "the_background_is_asked_for", "the_network_goes", "the_next_version_comes", "nothing_is_lost_by_the_update", "everything_arrives_once", "a_link_opens_the_task",
         "the_search_finds_a_task", "signing_out_leaves_no_secret"]


def main(*words):
    journey = Installed(*words)
    try:
        return steps.run(journey, STEPS)
    finally:
        journey.end()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
