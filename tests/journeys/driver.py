#!/usr/bin/python3
"""Hands and eyes inside one client's session: reads orders as JSON lines, answers as JSON lines.

It only uses what assistive technology has (AT-SPI) and the actions that a program offers on the bus, so that what it
cannot find, a screen reader cannot find either. Every wait is bounded in time.
"""
import json
import os
import re
import sys
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, Gio, GLib  # noqa: E402

APPLICATION = "no.kommune.kristiansund.Pakobla"
PATH = "/no/kommune/kristiansund/Pakobla"
PAUSE = 0.05
PATIENCE = float(os.environ.get("PK_PATIENCE", "1"))


class Missing(Exception):
    """What was looked for is not there in time."""


def children(node):
    for index in range(node.get_child_count()):
        child = node.get_child_at_index(index)
        if child is not None:
            yield child


def walk(node, depth=0):
    if depth > 60:
        return
    for child in children(node):
        try:
            yield child
            yield from walk(child, depth + 1)
        except GLib.Error:
            continue


def windows():
    desktop = Atspi.get_desktop(0)
    for application in children(desktop):
        if (application.get_name() or "").split("/")[-1] in ("pakobla", APPLICATION):
            application.set_cache_mask(Atspi.Cache.NONE)
            yield application


def text_of(node):
    if "Text" not in (node.get_interfaces() or []):
        return ""
    count = Atspi.Text.get_character_count(node)
    return Atspi.Text.get_text(node, 0, count) if count else ""


def is_showing(node):
    # GTK 4.8 tells of what is inside a window only that it is visible.
    return node.get_state_set().contains(Atspi.StateType.VISIBLE)


def matches(node, order):
    if "role" in order and node.get_role_name() != order["role"]:
        return False
    words = node.get_name() or ""
    pattern = order.get("name")
    if pattern is not None and not re.search(pattern, words) and not re.search(pattern, text_of(node)):
        return False
    return is_showing(node)


def look(order):
    for window in windows():
        for node in walk(window):
            try:
                if matches(node, order):
                    return node
            except GLib.Error:
                continue
    return None


def until(order, condition):
    end = time.monotonic() + order.get("timeout", 15) * PATIENCE
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > end:
            raise Missing(f"not in time: {json.dumps(order, ensure_ascii=False)}")
        time.sleep(PAUSE)


def find(order):
    return until(order, lambda: look(order))


def do_see(order):
    node = find(order)
    return {"name": node.get_name(), "text": text_of(node), "role": node.get_role_name()}


def do_miss(order):
    until(order, lambda: look(order) is None)
    return {}


def look_for_ready(order):
    node = look(order)
    return node if node is not None and node.get_state_set().contains(Atspi.StateType.SENSITIVE) else None


def do_press(order):
    """Presses a button once it can be pressed."""
    node = until(order, lambda: look_for_ready(order))
    while "Action" not in (node.get_interfaces() or []) or Atspi.Action.get_n_actions(node) == 0:
        node = node.get_parent()
        if node is None:
            raise Missing(f"nothing to press at {order}")
    Atspi.Action.do_action(node, 0)
    return {}


def do_write(order):
    node = find(order)
    candidates = [node, *walk(node)]
    field = next((n for n in candidates if "EditableText" in (n.get_interfaces() or [])), None)
    if field is None:
        raise Missing(f"nothing to write in at {order}")
    Atspi.EditableText.set_text_contents(field, order["text"])
    return {"text": text_of(field)}


def do_key(order):
    """Presses a key, by its X keysym, where the keyboard's place is."""
    Atspi.generate_keyboard_event(order["keysym"], None, Atspi.KeySynthType.SYM)
    return {}


def do_select(order):
    """Selects the child of a list, by the words in its name."""
    node = find(order)
    while node is not None and "Selection" not in (node.get_parent().get_interfaces() or []):
        node = node.get_parent()
    Atspi.Selection.select_child(node.get_parent(), node.get_index_in_parent())
    return {}


def do_action(order):
    """Activates an action of the window or of the application, as a menu or a shortcut does."""
    bus = Gio.bus_get_sync(Gio.BusType.SESSION)
    scope, _, name = order["action"].partition(".")
    path = PATH if scope == "app" else f"{PATH}/window/{order.get('window', 1)}"
    target = [GLib.Variant("s", order["target"])] if "target" in order else []
    bus.call_sync(APPLICATION, path, "org.gtk.Actions", "Activate", GLib.Variant("(sava{sv})", (name, target, {})), None,
                  Gio.DBusCallFlags.NONE, 5000, None)
    return {}


def do_actions(_order):
    bus = Gio.bus_get_sync(Gio.BusType.SESSION)
    answer = bus.call_sync(APPLICATION, f"{PATH}/window/1", "org.gtk.Actions", "List", None, None, Gio.DBusCallFlags.NONE, 5000, None)
    return {"actions": sorted(answer.unpack()[0])}


def do_tree(_order):
    lines = []

    def add(node, depth):
        name, text = node.get_name() or "", text_of(node)
        lines.append("  " * depth + f"{node.get_role_name()} «{name}»" + (f" = {text}" if text and text != name else ""))
        for child in children(node):
            if is_showing(child):
                add(child, depth + 1)

    for window in windows():
        add(window, 0)
    return {"tree": "\n".join(lines)}


def main():
    Atspi.init()
    for line in sys.stdin:
        order = json.loads(line)
        try:
            answer = {"ok": True, **globals()["do_" + order["do"]](order)}
        except (Missing, GLib.Error, AttributeError) as error:
            answer = {"ok": False, "error": str(error)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
