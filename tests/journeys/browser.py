"""The person's browser: a real Chromium without a window, steered over WebDriver (W3C) by chromedriver."""
import json
import os
import pathlib
import re
import subprocess
import sys
import urllib.error
import urllib.request

from world import Failed, wait

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"]


class Browser:
    """One person's browser, with a profile of its own."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True)
        self.log = self.folder / "browser.log"
        environment = {**os.environ, "HOME": str(self.folder), "TMPDIR": str(self.folder)}
        with open(self.log, "ab") as log:
            self.driver = subprocess.Popen(["chromedriver", "--port=0"], env=environment, stdout=log, stderr=log)
        self.port = wait("chromedriver listens", self._find_port)
        profile = self.folder / "profile"
        options = {"binary": "/usr/bin/chromium", "args": [*FLAGS, f"--user-data-dir={profile}"]}
        self.session = self._ask("POST", "", {"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}})["sessionId"]

    def _find_port(self):
        match = re.search(r"started successfully on port (\d+)", self.log.read_text())
        return int(match.group(1)) if match else None

    def _ask(self, method, path, body=None):
        """Gives an order; returns its value."""
        session = f"/{self.session}" if path or method == "DELETE" else ""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/session{session}{path}", method=method,
                                         data=json.dumps(body).encode() if body is not None else None)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.loads(answer.read())["value"]
        except urllib.error.HTTPError as error:
            raise Failed(f"the browser: {json.loads(error.read())['value']['message']}") from error

    def open(self, address):
        self._ask("POST", "/url", {"url": address})

    def address(self):
        return self._ask("GET", "/url")

    def read(self):
        """What the page says."""
        return self._ask("POST", "/execute/sync", {"script": "return document.body.innerText", "args": []})

    def find(self, selector):
        """Waits for something on the page."""
        found = wait(f"the page shows {selector}",
                     lambda: self._ask("POST", "/elements", {"using": "css selector", "value": selector}))
        return found[0][ELEMENT]

    def write(self, selector, text):
        self._ask("POST", f"/element/{self.find(selector)}/value", {"text": text})

    def press(self, selector):
        self._ask("POST", f"/element/{self.find(selector)}/click", {})

    def end(self):
        try:
            self._ask("DELETE", "")
        except (Failed, OSError) as error:
            print(f"# the browser was gone before its end: {error}", file=sys.stderr)
        self.driver.terminate()
        self.driver.wait(20)
