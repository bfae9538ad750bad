"""The network between a client and the backend: a relay on loopback that can be cut and mended."""
import selectors
import socket
import threading


class Network:
    """Relays connections from `port` to the backend. While it is cut, connecting is refused and what was open is closed."""

    def __init__(self, target_port):
        self.target_port = target_port
        self.lock = threading.Lock()
        self.pairs = []
        self.listener = self._listen(0)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def _listen(self, port):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(64)
        return listener

    def cut(self):
        """Takes the network away."""
        with self.lock:
            self.listener.shutdown(socket.SHUT_RDWR)
            self.listener.close()
            self.listener = None
            for near, far in self.pairs:
                close(near)
                close(far)
            self.pairs.clear()

    def mend(self):
        """Brings the network back."""
        with self.lock:
            self.listener = self._listen(self.port)
            threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def _accept(self, listener):
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self.target_port))
            except OSError:
                close(near)
                continue
            with self.lock:
                if self.listener is not listener:
                    close(near)
                    close(far)
                    return
                self.pairs.append((near, far))
            threading.Thread(target=relay, args=(near, far), daemon=True).start()


def close(connection):
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    connection.close()


def relay(near, far):
    """Carries bytes both ways until one side ends."""
    other = {near: far, far: near}
    try:
        with selectors.DefaultSelector() as selector:
            selector.register(near, selectors.EVENT_READ)
            selector.register(far, selectors.EVENT_READ)
            while True:
                for key, _ in selector.select():
                    data = key.fileobj.recv(65536)
                    if not data:
                        return
                    other[key.fileobj].sendall(data)
    except (OSError, ValueError, KeyError):
        pass
    finally:
        close(near)
        close(far)
