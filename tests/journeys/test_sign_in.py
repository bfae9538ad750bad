#!/usr/bin/python3
"""Signing in as a municipality's own people do, with nothing made up between the window and the token.

    test_sign_in.py PAKOBLAD PAKOBLA PAKOBLA_ADMIN PICTURES

The program opens the person's browser (a real Chromium) the way the desktop tells it to; the person signs in at a real OpenID
provider; the server gets the provider's code, the program gets the server's, and the tokens lie in a real keyring. Then: a new
start, a device that is revoked, and signing out with work that was not sent.
"""
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

import steps  # noqa: E402
from browser import Browser  # noqa: E402
from provider import CLIENT, SECRET, Provider, is_there  # noqa: E402
from world import Backend, Client, Failed, wait  # noqa: E402

HANDLER = "#!/bin/sh\nprintf '%s\\n' \"$1\" >>'{}'\n"
DESKTOP_FILE = "[Desktop Entry]\nType=Application\nName=Browser\nExec={} %u\nMimeType=x-scheme-handler/http;\n"
DEFAULTS = "[Default Applications]\nx-scheme-handler/http=browser.desktop\nx-scheme-handler/https=browser.desktop\n"
UNSENT = "Skrevet før utlogging"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class SignIn:
    """A person with a browser, and the municipality that knows the person."""

    def __init__(self, pakoblad, pakobla, admin, pictures):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="pk-sign-in-"))
        self.pictures = pathlib.Path(pictures)
        self.pakobla, self.admin = pakobla, admin
        port = free_port()
        self.provider = Provider(f"http://127.0.0.1:{port}/oauth/callback", self.folder / "provider.log")
        secret = self.folder / "secret"
        secret.write_text(SECRET)
        self.backend = Backend(pakoblad, str(self.folder / "backend"), str(self.folder / "backend.log"), port,
                               ("--issuer", self.provider.issuer, "--client-id", CLIENT, "--client-secret-file", str(secret)))
        self.client = self.browser = None
        self.asked = self.folder / "asked"

    def leave_traces(self):
        """Keeps a picture, the accessibility tree and the logs of where it went wrong."""
        if self.client:
            self.client.picture(self.pictures / "journey-failed-sign-in.png")
            print(self.client.tree(), file=sys.stderr)
        for path in [*self.folder.glob("*.log"), *self.folder.glob("*/*.log")]:
            print(f"--- {path.name}\n" + "\n".join(path.read_text(errors="replace").splitlines()[-20:]), file=sys.stderr)

    def end(self):
        for part in filter(None, (self.client, self.browser, self.provider)):
            part.end()
        self.backend.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def run_admin(self, *words):
        """Asks the server as its operator does; returns JSON, where there is any."""
        done = subprocess.run([self.admin, "--data", self.backend.folder, "--json", *words], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Failed(f"pakobla-admin {' '.join(words)}: {done.stderr}")
        return json.loads(done.stdout) if done.stdout.strip() else None

    def devices(self):
        """The person's devices: {id: whether it is revoked}."""
        return {device["id"]: "revoked_at" in device for device in self.run_admin("devices", "list")["devices"]
                if device["person"] == self.person["name"]}

    def search_keyring(self):
        """The paths of what the person's keyring holds for this server."""
        answer = subprocess.run(
            ["gdbus", "call", "--session", "--dest", "org.freedesktop.secrets", "--object-path", "/org/freedesktop/secrets", "--method",
             "org.freedesktop.Secret.Service.SearchItems", f"{{'server': 'http://127.0.0.1:{self.client.network.port}'}}"],
            env=self.client.environment, capture_output=True, text=True, check=True).stdout
        return re.findall(r"'(/[^']+)'", answer)

    def tell_desktop_of_browser(self):
        """The person's browser is one that tells which page it was asked for."""
        data, config = self.client.folder / "data" / "applications", self.client.folder / "config"
        data.mkdir(parents=True)
        handler = self.folder / "browser"
        handler.write_text(HANDLER.format(self.asked))
        handler.chmod(0o700)
        (data / "browser.desktop").write_text(DESKTOP_FILE.format(handler))
        (config / "mimeapps.list").write_text(DEFAULTS)

    def n_asked(self):
        return len(self.asked.read_text().splitlines()) if self.asked.exists() else 0

    def press_sign_in(self):
        """Presses the button of the window; returns the page that the browser is asked for."""
        before = self.n_asked()
        self.client.press("^Sign in$", role="push button")
        wait("the browser is asked for a page", lambda: self.n_asked() == before + 1)
        return self.asked.read_text().splitlines()[-1]

    def start(self):
        self.client.start("--status-file", str(self.client.folder / "status.json"))

    # The steps, in their order

    def the_town_is_there(self):
        """A server knows its people, and nobody gets in through the demo's door"""
        self.backend.start()
        self.run_admin("demo-data", "--tasks", "300")
        users = self.run_admin("users", "list")["users"]
        self.person = next(user for user in users if "caretaker" in user["roles"] and user["email"])
        if self.backend.ask("POST", "/demo/sign-in", {"person": "caretaker"})[0] != 404:
            raise Failed("the demo's door is open")

    def the_browser_opens(self):
        """The window asks the person to sign in, and opens the browser"""
        self.client = Client(self.pakobla, self.person["name"], self.backend, self.folder / "client")
        self.tell_desktop_of_browser()
        self.start()
        page = self.press_sign_in()
        self.client.see("^Go on in the browser$")
        self.browser = Browser(self.folder / "chromium")
        self.browser.open(page)
        self.browser.find("input[name=login]")
        if not self.browser.address().startswith(self.provider.issuer):
            raise Failed(f"the browser is at {self.browser.address()}")

    def the_person_signs_in(self):
        """The person signs in at the provider, and the first sync begins"""
        self.browser.write("input[name=login]", self.person["email"])
        self.browser.write("input[name=password]", "any")
        self.browser.press("button[type=submit]")
        wait("the provider asks for consent", lambda: "email" in self.browser.read())
        self.browser.press("button[type=submit]")
        wait("the browser tells that it is done", lambda: "You are signed in" in self.browser.read())
        self.client.await_sync()
        self.client.see("^Up to date")
        if self.client.status["person"] != self.person["name"] or self.client.status["rows"] < 50:
            raise Failed(f"signed in as another: {self.client.status}")
        self.client.picture(self.pictures / "journey-sign-in-1.png")

    def the_tokens_are_in_the_keyring(self):
        """The tokens are in the keyring, and in no file"""
        if len(self.search_keyring()) != 1:
            raise Failed(f"the keyring has {self.search_keyring()}")
        self.device, = self.devices()
        for path in (self.client.folder / "data" / "pakobla").rglob("*"):
            if path.is_file() and b"refresh_token" in path.read_bytes():
                raise Failed(f"{path} holds a token")

    def a_new_start_asks_nobody(self):
        """At the next start the person is signed in still, on the same device, and no browser opens"""
        self.client.quit()
        self.start()
        self.client.await_sync()
        self.client.see("^Up to date")
        if self.n_asked() != 1 or list(self.devices()) != [self.device]:
            raise Failed(f"asked for {self.n_asked()} pages; devices: {self.devices()}")

    def the_device_is_revoked(self):
        """An operator revokes the device: it says so, and leaves no records"""
        self.run_admin("devices", "revoke", self.device)
        self.client.see("signed out by an administrator", timeout=70)
        wait("the records are gone", lambda: not self.client.rows("SELECT 1 FROM person LIMIT 1"))
        self.client.picture(self.pictures / "journey-sign-in-2-revoked.png")

    def the_person_signs_in_again(self):
        """The person signs in again: the provider remembers, the device is a new one, and the records come back"""
        self.browser.open(self.press_sign_in())
        wait("the browser tells that it is done", lambda: "You are signed in" in self.browser.read())
        self.client.see("^Up to date", timeout=70)
        wait("the records are back", lambda: self.client.rows("SELECT 1 FROM task LIMIT 1"))
        wait("the old device is revoked, and a new one is there", lambda: sorted(self.devices().values()) == [False, True])
        self.client.picture(self.pictures / "journey-sign-in-3-again.png")

    def signing_out_leaves_nothing(self):
        """Signing out without network leaves neither records nor tokens on the machine, but what was not sent is kept"""
        client = self.client
        self.device, = (device for device, is_revoked in self.devices().items() if not is_revoked)
        self.task, = client.rows("SELECT id FROM task WHERE assignee_id IS NOT NULL ORDER BY id LIMIT 1")[0]
        client.network.cut()
        client.see("^Offline", timeout=70)
        client.act("win.open-task", steps.as_text(self.task))
        client.write("^Message$", UNSENT)
        client.press("(Send|Save note)$", role="push button")
        wait("the message is in the replica", lambda: client.rows("SELECT 1 FROM message WHERE body = ?1", UNSENT))
        client.act("app.sign-out")
        client.see("^Welcome to Påkobla$")
        client.miss("^Up to date|^Offline|" + UNSENT)
        wait("the records are gone", lambda: not client.rows("SELECT 1 FROM person LIMIT 1"))
        wait("the keyring is empty", lambda: not self.search_keyring())
        if not client.rows("SELECT 1 FROM mutation WHERE state < 3", outbox=True):
            raise Failed("what was not sent is gone")

    def what_was_not_sent_arrives(self):
        """After the next sign-in, on the same device, what was not sent arrives"""
        self.client.network.mend()
        self.browser.open(self.press_sign_in())
        self.client.see("^Up to date", timeout=70)
        store = sqlite3.connect(f"file:{self.backend.folder}/pakobla.db?mode=ro", uri=True, timeout=5)
        wait("the message is with the server", lambda: store.execute("SELECT 1 FROM message WHERE body = ?1", (UNSENT,)).fetchall())
        store.close()
        if self.devices().get(self.device) is not False or len(self.devices()) != 2:
            raise Failed(f"another device was made: {self.devices()}")

    def signing_out_ends_the_tokens(self):
        """Signing out with network: the next start asks the person to sign in"""
        store = sqlite3.connect(f"file:{self.backend.folder}/pakobla.db?mode=ro", uri=True, timeout=5)
        family, = store.execute("SELECT family FROM token WHERE device = ?1 ORDER BY created_us DESC", (steps.as_blob(self.device),)).fetchone()
        self.client.act("app.sign-out")
        self.client.see("^Welcome to Påkobla$")
        wait("the keyring is empty", lambda: not self.search_keyring())
        wait("the server has forgotten the tokens", lambda: not store.execute("SELECT 1 FROM token WHERE family = ?1", (family,)).fetchall())
        store.close()
        self.client.quit()
        self.start()
        self.client.see("^Welcome to Påkobla$")


def main(pakoblad, pakobla, admin, pictures):
    for program in ("Xvfb", "dbus-daemon", "gnome-keyring-daemon", "gdbus", "node", "chromium", "chromedriver"):
        if not steps.is_there(program):
            steps.skip(f"{program} is not installed")
    if not is_there():
        steps.skip("the npm packages of tests/http are not installed")
    journey = SignIn(pakoblad, pakobla, admin, pictures)
    try:
        return steps.run(journey, [
            "the_town_is_there", "the_browser_opens", "the_person_signs_in", "the_tokens_are_in_the_keyring", "a_new_start_asks_nobody",
            "the_device_is_revoked", "the_person_signs_in_again", "signing_out_leaves_nothing", "what_was_not_sent_arrives",
            "signing_out_ends_the_tokens"])
    finally:
        journey.end()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
