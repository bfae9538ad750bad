"""A desktop that shows notifications (org.gtk.Notifications), played: what a program told, and what it took back."""
import threading

from gi.repository import Gio, GLib

FACE = """<node><interface name='org.gtk.Notifications'>
<method name='AddNotification'><arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='a{sv}' direction='in'/></method>
<method name='RemoveNotification'><arg type='s' direction='in'/><arg type='s' direction='in'/></method>
</interface></node>"""


class Notices:
    """`shown` is what stands on the screen, by its name; `told` counts how often each was told."""

    def __init__(self, address):
        self.shown, self.told = {}, {}
        self.context = GLib.MainContext()
        self.loop = GLib.MainLoop(self.context)
        self.ready = threading.Event()
        self.thread = threading.Thread(target=self._run, args=(address,), daemon=True)
        self.thread.start()
        self.ready.wait(10)

    def _run(self, address):
        self.context.push_thread_default()
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        bus = Gio.DBusConnection.new_for_address_sync(address, flags, None, None)
        bus.register_object("/org/gtk/Notifications", Gio.DBusNodeInfo.new_for_xml(FACE).interfaces[0], self._called, None, None)
        Gio.bus_own_name_on_connection(bus, "org.gtk.Notifications", Gio.BusNameOwnerFlags.NONE, lambda *_: self.ready.set(), None)
        self.loop.run()

    def _called(self, _bus, _sender, _path, _face, method, parameters, invocation):
        name = parameters[1]
        if method == "AddNotification":
            self.shown[name] = parameters[2]
            self.told[name] = self.told.get(name, 0) + 1
        else:
            self.shown.pop(name, None)
        invocation.return_value(None)

    def end(self):
        self.loop.quit()
        self.thread.join(10)
