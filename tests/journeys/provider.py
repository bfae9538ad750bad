"""A real OpenID provider, the npm package oidc-provider, as a municipality's own."""
import pathlib
import subprocess

from world import Failed

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "http"
CLIENT, SECRET = "pakobla", "a secret & more"


def is_there():
    return (FOLDER / "node_modules" / "oidc-provider").is_dir()


class Provider:
    """The provider; `issuer` is its address. It lets everybody in who says a name."""

    def __init__(self, callback, log):
        with open(log, "ab") as words:
            self.process = subprocess.Popen(["node", str(FOLDER / "oidc-provider.mjs"), "0", callback],
                                            stdout=subprocess.PIPE, stderr=words, text=True)
        self.issuer = self.process.stdout.readline().strip()
        if not self.issuer:
            raise Failed(f"the provider did not start; its words are in {log}")

    def end(self):
        self.process.terminate()
        self.process.wait(20)
        self.process.stdout.close()
