"""What flatpak/publish made, served over HTTP on loopback as an administrator serves it."""
import functools
import http.server
import pathlib
import re
import threading


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files without a word."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_words):
        pass


class Repository:
    """The folder, at the address it was published for; `reference` is what users install from."""

    def __init__(self, folder):
        words = (pathlib.Path(folder) / "pakobla.flatpakref").read_text(encoding="utf-8")
        self.address, port = re.search(r"^Url=(http://127\.0\.0\.1:(\d+))/", words, re.MULTILINE).groups()
        self.reference = f"{self.address}/pakobla.flatpakref"
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", int(port)), Quiet)
        self.publish(folder)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def publish(self, folder):
        """From now on this is what laptops find there."""
        self.server.RequestHandlerClass = functools.partial(Quiet, directory=str(folder))

    def end(self):
        self.server.shutdown()
        self.server.server_close()
