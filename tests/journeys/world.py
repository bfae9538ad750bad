"""The world of a journey: the real backend, and clients on machines of their own."""
import json
import os
import pathlib
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

from network import Network
from screen import Screen, write_png

HERE = pathlib.Path(__file__).resolve().parent
PAUSE = 0.05
PATIENCE = float(os.environ.get("PK_PATIENCE", "1"))


class Failed(AssertionError):
    """Something did not come true in time."""


def wait(words, condition, timeout=20):
    """Waits until the condition gives something true, bounded in time, and returns it."""
    end = time.monotonic() + timeout * PATIENCE
    while True:
        try:
            found = condition()
        except (OSError, sqlite3.Error, json.JSONDecodeError):
            found = None
        if found:
            return found
        if time.monotonic() > end:
            raise Failed(f"not within {timeout * PATIENCE:g} s: {words}")
        time.sleep(PAUSE)


class Backend:
    """pakoblad with the demo municipality and its door, or with the options of a real one."""

    def __init__(self, program, folder, log, port=0, options=("--demo",)):
        self.program, self.folder, self.log = program, folder, log
        self.port, self.options = port, options
        self.process = None

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([self.program, *self.options, "--data", self.folder, "--port", str(self.port)],
                                            stdout=subprocess.PIPE, stderr=log, text=True)
        for line in self.process.stdout:
            match = re.search(r"listening on http://127\.0\.0\.1:(\d+)", line)
            if match:
                self.port = int(match.group(1))
                break
        else:
            raise Failed(f"the backend did not start; its words are in {self.log}")
        wait("the backend is well", lambda: self.ask("GET", "/healthz", token=None)[0] == 200)

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait(20)
            self.process.stdout.close()
            self.process = None

    def ask(self, method, path, body=None, token=None):
        """Asks the API; returns (status, JSON or None)."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", method=method,
                                         data=json.dumps(body).encode() if body is not None else None)
        request.add_header("Accept", "application/json")
        if body is not None:
            request.add_header("Content-Type", "application/json")
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                text = answer.read()
                return answer.status, json.loads(text) if text.startswith((b"{", b"[")) else None
        except urllib.error.HTTPError as error:
            text = error.read()
            return error.code, json.loads(text) if text.startswith(b"{") else None

    def sign_in(self, person):
        """Returns what the demo's door gives: tokens, the person's id and name."""
        status, answer = self.ask("POST", "/demo/sign-in", {"person": person, "device_name": "journey"})
        if status != 200:
            raise Failed(f"{person} cannot sign in: {status} {answer}")
        return answer


class Client:
    """pakobla on a machine of its own: screen, bus, keyring, folders, and a network that can be cut."""

    def __init__(self, program, person, backend, folder, environment=None):
        self.program, self.person, self.folder = program, person, pathlib.Path(folder)
        self.folder.mkdir(parents=True)
        self.network = Network(backend.port)
        self.screen = Screen(str(self.folder / "screen"))
        self.process = self.driver = None
        self.children = []
        self.status = {}
        self.environment = {**os.environ, **(environment or {})}
        self._begin_session()

    def _stop_animations(self):
        """So that a picture shows where the window has come to, not the way there."""
        settings = self.folder / "config" / "gtk-4.0" / "settings.ini"
        settings.parent.mkdir(parents=True)
        settings.write_text("[Settings]\ngtk-enable-animations=0\n")

    def _make_runtime(self):
        """Returns the folder of the session's sockets."""
        return pathlib.Path(tempfile.mkdtemp(prefix="pk-"))

    def _variables(self):
        """Where the person's things are."""
        return {"XDG_DATA_HOME": str(self.folder / "data"), "XDG_CONFIG_HOME": str(self.folder / "config"),
                "XDG_CACHE_HOME": str(self.folder / "cache"), "GSETTINGS_BACKEND": "memory"}

    def _command(self):
        """What starts the program."""
        return [self.program]

    def _begin_session(self):
        self._stop_animations()
        runtime = self.runtime = self._make_runtime()
        bus = f"unix:path={runtime}/bus"
        self.environment.update({
            "DISPLAY": self.screen.display, "XDG_RUNTIME_DIR": str(runtime), "DBUS_SESSION_BUS_ADDRESS": bus, "GDK_BACKEND": "x11",
            "GTK_A11Y": "atspi", "GSK_RENDERER": "cairo", "NO_AT_BRIDGE": "0", **self._variables(),
        })
        for name in ("WAYLAND_DISPLAY", "AT_SPI_BUS_ADDRESS"):
            self.environment.pop(name, None)
        self._start(["dbus-daemon", "--session", "--nofork", "--nopidfile", f"--address={bus}"])
        wait("the bus is there", (runtime / "bus").exists)
        keyring = self._start(["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets",
                               f"--control-directory={runtime}/keyring"], stdin=subprocess.PIPE)
        keyring.stdin.write(b"journey")
        keyring.stdin.close()
        wait("the keyring is there", (runtime / "keyring" / "control").exists)
        self.environment["AT_SPI_BUS_ADDRESS"] = wait("the accessibility bus is there", self._accessibility_bus)
        self.driver = self._start([sys.executable, str(HERE / "driver.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def _accessibility_bus(self):
        answer = subprocess.run(["gdbus", "call", "--session", "--dest", "org.a11y.Bus", "--object-path", "/org/a11y/bus",
                                 "--method", "org.a11y.Bus.GetAddress"], env=self.environment, capture_output=True, text=True, check=False)
        match = re.search(r"'(unix:[^']+)'", answer.stdout)
        return match.group(1) if match else None

    def _start(self, command, **options):
        with open(self.folder / "session.log", "ab") as log:
            child = subprocess.Popen(command, env=self.environment, stderr=log, **{"stdout": log, **options})
        self.children.append(child)
        return child

    def sign_in(self, timeout=120):
        """Starts the program, signs in as the person through the demo's door and waits for the first sync."""
        self.start("--demo-person", self.person, "--status-file", str(self.folder / "status.json"))
        self.await_sync(timeout)

    def await_sync(self, timeout=120):
        """Waits for the first sync since the program began, and for what it says of it."""
        report = self.folder / "status.json"
        wait(f"{self.person} is signed in and synced", lambda: report.exists() or self.process.poll() is not None, timeout)
        if self.process.poll() is not None:
            raise Failed(f"the client ended with {self.process.returncode}; its words are in client.log")
        self.status = json.loads(report.read_text())
        if "error" in self.status:
            raise Failed(self.status["error"])

    def start(self, *options):
        """Starts the program as a person does who is signed in already."""
        with open(self.folder / "client.log", "ab") as log:
            self.process = subprocess.Popen([*self._command(), "--server", f"http://127.0.0.1:{self.network.port}", *options],
                                            env=self.environment, stdout=log, stderr=log)

    def quit(self):
        """Ends the program as its owner does."""
        self.process.terminate()
        self.process.wait(20)
        (self.folder / "status.json").unlink(missing_ok=True)

    def kill(self):
        """Ends the program as a power cut does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def tell(self, do, **order):
        """Gives the driver an order and returns its answer."""
        self.driver.stdin.write(json.dumps({"do": do, **order}) + "\n")
        self.driver.stdin.flush()
        answer = json.loads(self.driver.stdout.readline())
        if not answer.pop("ok"):
            raise Failed(f"{self.person}: {answer['error']}")
        return answer

    def tree(self):
        self.driver.stdin.write('{"do": "tree"}\n')
        self.driver.stdin.flush()
        return json.loads(self.driver.stdout.readline()).get("tree", "")

    def see(self, name, **order):
        return self.tell("see", name=name, **order)

    def miss(self, name, **order):
        return self.tell("miss", name=name, **order)

    def press(self, name, **order):
        return self.tell("press", name=name, **order)

    def write(self, name, text, **order):
        return self.tell("write", name=name, text=text, **order)

    def strike(self, key):
        """Strikes a key: Enter, Escape or F2."""
        return self.tell("key", keysym={"Enter": 0xFF0D, "Escape": 0xFF1B, "F2": 0xFFBF}[key])

    def act(self, action, target=None):
        return self.tell("action", action=action, **({"target": target} if target is not None else {}))

    def rows(self, query, *values, outbox=False):
        """Asks the replica, or the outbox beside it, read-only."""
        folder = pathlib.Path(self.status["replica"]).parent
        path = folder / "outbox.db" if outbox else max(folder.glob("replica-*.db"), key=lambda p: int(p.stem.split("-")[1]))
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5)
        try:
            return connection.execute(query, values).fetchall()
        finally:
            connection.close()

    def picture(self, path):
        self.screen.take_picture(str(path))

    def end(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
        for child in reversed(self.children):
            child.terminate()
            child.wait()
        self.screen.end()
        shutil.rmtree(self.runtime, ignore_errors=True)


def write_photo(path, width=640, height=480):
    """Writes a picture as a camera would leave it: large enough to be scaled, with colours that can be recognised."""
    rows = b"".join(b"\0" + bytes(value for x in range(width) for value in (x * 255 // width, y * 255 // height, 128))
                    for y in range(height))
    write_png(str(path), width, height, rows)
