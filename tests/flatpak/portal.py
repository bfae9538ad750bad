#!/usr/bin/python3
"""What a desktop puts behind xdg-desktop-portal, without a screen: it answers as the test says, and writes down what it was asked.

    portal.py FOLDER

In FOLDER, `choice` holds the URI that the person picks next in a file dialog (none: the dialog is cancelled), `told` gets one JSON line
for each call, and what is printed lands in `printed.pdf`. `Press` on the bus presses a notification's button.
"""
import json
import os
import pathlib
import sys

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

NAME = "org.freedesktop.impl.portal.desktop.proof"
PATH = "/org/freedesktop/portal/desktop"
DONE, CANCELLED = 0, 1
RUNNING_IN_BACKGROUND = 1

INTERFACES = """
<node>
  <interface name="org.freedesktop.impl.portal.FileChooser">
    <method name="OpenFile">
      <arg type="o" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/>
      <arg type="a{sv}" direction="in"/><arg type="u" direction="out"/><arg type="a{sv}" direction="out"/>
    </method>
    <method name="SaveFile">
      <arg type="o" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/>
      <arg type="a{sv}" direction="in"/><arg type="u" direction="out"/><arg type="a{sv}" direction="out"/>
    </method>
  </interface>
  <interface name="org.freedesktop.impl.portal.AppChooser">
    <method name="ChooseApplication">
      <arg type="o" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="as" direction="in"/>
      <arg type="a{sv}" direction="in"/><arg type="u" direction="out"/><arg type="a{sv}" direction="out"/>
    </method>
    <method name="UpdateChoices"><arg type="o" direction="in"/><arg type="as" direction="in"/></method>
  </interface>
  <interface name="org.freedesktop.impl.portal.Access">
    <method name="AccessDialog">
      <arg type="o" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/>
      <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="a{sv}" direction="in"/>
      <arg type="u" direction="out"/><arg type="a{sv}" direction="out"/>
    </method>
  </interface>
  <interface name="org.freedesktop.impl.portal.Print">
    <method name="PreparePrint">
      <arg type="o" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/>
      <arg type="a{sv}" direction="in"/><arg type="a{sv}" direction="in"/><arg type="a{sv}" direction="in"/>
      <arg type="u" direction="out"/><arg type="a{sv}" direction="out"/>
    </method>
    <method name="Print">
      <arg type="o" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/>
      <arg type="h" direction="in"/><arg type="a{sv}" direction="in"/><arg type="u" direction="out"/><arg type="a{sv}" direction="out"/>
    </method>
  </interface>
  <interface name="org.freedesktop.impl.portal.Notification">
    <method name="AddNotification">
      <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="a{sv}" direction="in"/>
    </method>
    <method name="RemoveNotification"><arg type="s" direction="in"/><arg type="s" direction="in"/></method>
    <signal name="ActionInvoked"><arg type="s"/><arg type="s"/><arg type="s"/><arg type="av"/></signal>
  </interface>
  <interface name="org.freedesktop.impl.portal.Background">
    <method name="GetAppState"><arg type="a{sv}" direction="out"/></method>
    <method name="NotifyBackground">
      <arg type="o" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/>
      <arg type="u" direction="out"/><arg type="a{sv}" direction="out"/>
    </method>
    <method name="EnableAutostart">
      <arg type="s" direction="in"/><arg type="b" direction="in"/><arg type="as" direction="in"/><arg type="u" direction="in"/>
      <arg type="b" direction="out"/>
    </method>
    <signal name="RunningApplicationsChanged"/>
  </interface>
  <interface name="org.freedesktop.impl.portal.Settings">
    <method name="ReadAll"><arg type="as" direction="in"/><arg type="a{sa{sv}}" direction="out"/></method>
    <method name="Read"><arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="v" direction="out"/></method>
    <signal name="SettingChanged"><arg type="s"/><arg type="s"/><arg type="v"/></signal>
    <property name="version" type="u" access="read"/>
  </interface>
  <interface name="no.kommune.kristiansund.Proof">
    <method name="Press">
      <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="av" direction="in"/>
    </method>
  </interface>
</node>
"""

APPEARANCE = "org.freedesktop.appearance"
SETTINGS = {(APPEARANCE, "color-scheme"): GLib.Variant("u", 0)}


class Desktop:
    """The person's desktop: one object with all interfaces."""

    def __init__(self, folder, bus):
        self.folder, self.bus = pathlib.Path(folder), bus
        for interface in Gio.DBusNodeInfo.new_for_xml(INTERFACES).interfaces:
            bus.register_object(PATH, interface, self._called, self._read_property, None)

    def _read_property(self, _bus, _sender, _path, _interface, _name):
        return GLib.Variant("u", 1)

    def _called(self, _bus, _sender, _path, interface, method, parameters, invocation):
        words = parameters.unpack()
        self._tell(interface.rsplit(".", 1)[-1], method, words)
        try:
            answer = getattr(self, "do_" + method)(words, invocation)
        except KeyError:
            invocation.return_dbus_error("org.freedesktop.portal.Error.NotFound", f"{words} is not there")
            return
        invocation.return_value(answer)

    def _tell(self, interface, method, words):
        with open(self.folder / "told", "a", encoding="utf-8") as told:
            told.write(json.dumps({"interface": interface, "method": method, "words": words}, ensure_ascii=False, default=str) + "\n")

    def _choose(self):
        choice = self.folder / "choice"
        if not choice.exists():
            return GLib.Variant("(ua{sv})", (CANCELLED, {}))
        uri = choice.read_text(encoding="utf-8")
        choice.unlink()
        return GLib.Variant("(ua{sv})", (DONE, {"uris": GLib.Variant("as", [uri])}))

    def do_OpenFile(self, _words, _invocation):
        return self._choose()

    def do_SaveFile(self, _words, _invocation):
        return self._choose()

    def do_ChooseApplication(self, words, _invocation):
        return GLib.Variant("(ua{sv})", (DONE, {"choice": GLib.Variant("s", words[3][0])}) if words[3] else (CANCELLED, {}))

    def do_UpdateChoices(self, _words, _invocation):
        return None

    def do_AccessDialog(self, _words, _invocation):
        return GLib.Variant("(ua{sv})", (DONE, {}))

    def do_PreparePrint(self, words, _invocation):
        answer = {"settings": GLib.Variant("a{sv}", {}), "page-setup": GLib.Variant("a{sv}", {}), "token": GLib.Variant("u", 1)}
        return GLib.Variant("(ua{sv})", (DONE, answer))

    def do_Print(self, words, invocation):
        descriptor = invocation.get_message().get_unix_fd_list().get(words[4])
        with os.fdopen(descriptor, "rb") as sheets, open(self.folder / "printed.pdf", "wb") as printed:
            printed.write(sheets.read())
        return GLib.Variant("(ua{sv})", (DONE, {}))

    def do_AddNotification(self, _words, _invocation):
        return None

    def do_RemoveNotification(self, _words, _invocation):
        return None

    def do_Press(self, words, _invocation):
        """As desktops do: what is the application's own is activated there, and may start it; the portal passes on the rest."""
        application, notification, action, target = words
        target = [GLib.Variant("s", word) for word in target]
        if action.startswith("app."):
            self.bus.call(application, "/" + application.replace(".", "/"), "org.freedesktop.Application", "ActivateAction",
                          GLib.Variant("(sava{sv})", (action[len("app."):], target, {})), None, Gio.DBusCallFlags.NONE, -1, None)
        else:
            self.bus.emit_signal(None, PATH, "org.freedesktop.impl.portal.Notification", "ActionInvoked",
                                 GLib.Variant("(sssav)", (application, notification, action, target)))

    def do_GetAppState(self, _words, _invocation):
        return GLib.Variant("(a{sv})", ({},))

    def do_NotifyBackground(self, _words, _invocation):
        return GLib.Variant("(ua{sv})", (DONE, {"result": GLib.Variant("u", RUNNING_IN_BACKGROUND)}))

    def do_EnableAutostart(self, words, _invocation):
        return GLib.Variant("(b)", (words[1],))

    def do_ReadAll(self, _words, _invocation):
        answer = {}
        for (space, key), value in SETTINGS.items():
            answer.setdefault(space, {})[key] = value
        return GLib.Variant("(a{sa{sv}})", (answer,))

    def do_Read(self, words, _invocation):
        return GLib.Variant("(v)", (SETTINGS[tuple(words)],))


def main(folder):
    loop = GLib.MainLoop()
    bus = Gio.bus_get_sync(Gio.BusType.SESSION)
    desktop = Desktop(folder, bus)
    Gio.bus_own_name_on_connection(bus, NAME, Gio.BusNameOwnerFlags.NONE,
                                   lambda *_: (desktop.folder / "ready").touch(), lambda *_: loop.quit())
    loop.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
