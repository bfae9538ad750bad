"""Rules that need nothing but the text. Each yields sentences: where, what is wrong, what to do."""
import pathlib
import re

from tree import calls

BASE, CONTRACT = "backend/base", "backend/contract"
REPLICA, MODEL, COMPAT = "app/replica", "app/model", "app/compat"

# Which rooms a room may include beside itself. Everything stands on base.
MAY_INCLUDE = {
    BASE: [],
    CONTRACT: [],
    "backend/postgres": [BASE],
    "backend/store": [CONTRACT, "backend/postgres"],
    "backend/flow": [CONTRACT],
    "backend/service": [CONTRACT, "backend/store", "backend/flow"],
    "backend/integration": [CONTRACT, "backend/service"],
    "backend/import": [CONTRACT, "backend/service"],
    "backend/http": [CONTRACT, "backend/service"],
    REPLICA: [CONTRACT],
    "app/sync": [CONTRACT, REPLICA],
    "app/command": [CONTRACT, REPLICA],
    MODEL: [CONTRACT, REPLICA],
    COMPAT: [],
    "app/desktop": [CONTRACT, MODEL, REPLICA, "app/command"],
    "app/pdf": [],
    "app/print": [CONTRACT, MODEL],
    "app/widget": [MODEL, COMPAT, "app/pdf"],
    "app/page": [CONTRACT, MODEL, "app/command", "app/widget", "app/print", COMPAT],
}

# Whose public headers must not hand on whose headers to all who include them, but for plain types in a folder "types".
HIDES = {"backend/service": "backend/store"}

WINDOWS = {"app", "app/widget", "app/page", COMPAT}
SQLITE = {BASE, "backend/store", REPLICA}
SOUP = {"backend/http", "backend/integration", "backend/import", "app/sync"}

# Which rooms may use a library, by the beginning of its headers' names.
MAY_USE = {
    "adwaita.h": WINDOWS,
    "gdk/": WINDOWS,
    "gsk/": WINDOWS,
    "gtk/": WINDOWS,
    "jose/": {"backend/http", "backend/integration"},
    "libpq": {"backend/postgres"},
    "libsecret/": {"app/sync"},
    "libsoup/": SOUP,
    "libstemmer.h": SQLITE,
    "poppler.h": {"app/pdf"},
    "sqlite3.h": SQLITE,
    "zstd.h": SQLITE | SOUP,
}

# Rooms and files without clock and I/O, so that a test can replay them.
PURE = ("backend/contract/", "backend/flow/", "app/sync/pk-sync-machine")
IMPURE_CALLS = ["g_date_time_new_now_utc", "g_date_time_new_now_local", "g_file_get_contents", "g_file_new_for_path",
                "g_file_set_contents", "g_get_monotonic_time", "g_get_real_time", "g_random_int", "fopen", "open", "time"]

# What is not used here, and what is used in its place. Deprecated or newer API belongs in app/compat.
BLOCKED = {
    r"\bg(char|int|float|double)\b(?! \*const \*)": "C's own type: char, int, double.",
    r"\bg_main_context_iteration\b": "a callback or GTask: no nested loops outside tests.",
    r"\bg_main_loop_run\b(?=[^;]*;[^}]*g_main_loop_unref)": "a callback or GTask: no nested loops outside tests.",
    r"\bgtk_(dialog|tree_view|combo_box|list_store|info_bar)_\w+": "Adwaita's or our own widget; GTK is taking it away.",
    r"\bgtk_widget_(show|hide|get_allocation)\b": "gtk_widget_set_visible () or gtk_widget_compute_bounds ().",
    r"\bgtk_(widget_get_style_context|style_context_add_class)\b": "gtk_widget_add_css_class ().",
    r"\b(strcpy|strcat|sprintf|gets|strtok|atoi|atol|atof)\b(?= ?\()": "GLib's function with a bound or an error.",
    r"\bg_assert\w* \([^;]*\berror\b ?== ?NULL": "an error is handled or passed on, never asserted.",
}

# How code asks for a version of GTK or libadwaita, or looks away.
VERSION_CHECKS = r"\b(?:(?:GTK|ADW|GDK)_(?:CHECK|MAJOR|MINOR|MICRO)_VERSION|(?:gtk|adw)_get_(?:major|minor|micro)_version|gtk_check_version|" \
                 r"G_GNUC_BEGIN_IGNORE_DEPRECATIONS)\b"

# Setters whose text people read: a bare literal there escapes the translators.
SHOWN = {"gtk_label_new": 0, "gtk_label_set_text": 1, "gtk_label_set_label": 1, "gtk_button_new_with_label": 0,
         "gtk_button_set_label": 1, "gtk_widget_set_tooltip_text": 1, "gtk_window_set_title": 1, "adw_toast_new": 0,
         "adw_status_page_set_title": 1, "adw_status_page_set_description": 1, "adw_preferences_row_set_title": 1,
         "adw_action_row_set_subtitle": 1, "gtk_entry_set_placeholder_text": 1, "adw_window_title_new": 0,
         "pk_section_new": 0, "pk_client_announce": 1, "g_menu_append": 1}
SHOWN_PROPERTIES = r"label|title|subtitle|description|tooltip-text|placeholder-text|heading|body"

LONGEST_FUNCTION = 80
LONGEST_FILE = 700


def includes(source, pattern):
    for match in re.finditer(rf"^#include {pattern}", source.text, re.MULTILINE):
        yield source.line_of(match.start()), match.group(1)


def room_of(source):
    return source.room if source.room in MAY_INCLUDE else source.path.parts[0]


def may_include(room, other):
    if other in (room, BASE):
        return True
    if room in ("app", "backend"):
        return other.startswith(room) or other == CONTRACT
    return other in MAY_INCLUDE[room]


def hands_on(source, header):
    is_public = source.path.suffix == ".h" and not source.path.name.endswith("-private.h")
    return is_public and HIDES.get(source.room) == header.room and "types" not in header.path.parts


def layers(tree):
    for source in tree.code:
        for line, name in includes(source, r'"([^"]+)"'):
            header = tree.headers.get(name.rsplit("/", 1)[-1])
            if header is None or header.path.parts[0] not in ("app", "backend"):
                continue
            room, other = room_of(source), room_of(header)
            if not may_include(room, other):
                yield source.at(line, f"{room} may not include {name} of {other}. "
                                      "Ask for what is needed through a room it may include (CONTRIBUTING, map of the rooms).")
            elif name.endswith("-private.h") and room != other:
                yield source.at(line, f"{name} is private to {other}. Use its public header.")
            elif hands_on(source, header):
                yield source.at(line, f"{name} of {other} would be handed on to all who include this. Include it in the .c file, or in a "
                                      "-private.h; what others know by sight belongs in a folder types.")


def libraries(tree):
    for source in tree.code:
        for line, name in includes(source, r"<([^>]+)>"):
            for prefix, rooms in MAY_USE.items():
                if name.startswith(prefix) and room_of(source) not in rooms:
                    yield source.at(line, f"{room_of(source)} may not use <{name}>; only {', '.join(sorted(rooms))} may. "
                                          "Move the code there and offer a function of ours.")


def purity(tree):
    for source in tree.code:
        if str(source.path).startswith(PURE):
            for name, place, _ in calls(source.bare, IMPURE_CALLS):
                yield source.at(source.line_of(place), f"{name} () has no place here: this part knows no clock, files or chance. "
                                                       "Take the value as an argument.")


def include_order(tree):
    for source in tree.sources(".c"):
        found = [name for _, name in includes(source, r'["<]([^">]+)[">]')]
        if source.path.parts[0] not in ("app", "backend"):
            continue
        if not found or found[0] != "config.h":
            yield source.at(1, 'the first include must be "config.h", so that every file sees the same switches.')
        own = [name for name in (source.path.stem + ".h", source.path.stem + "-private.h") if (source.file.parent / name).exists()]
        if own and (len(found) < 2 or found[1] not in own):
            yield source.at(1, f'the second include must be the file\'s own header, "{own[0]}", which proves that it stands alone.')


def guards(tree):
    for source in tree.sources(".h"):
        if not re.search(r"^#pragma once$", source.text, re.MULTILINE):
            yield source.at(1, "a header begins with #pragma once.")


def no_goto(tree):
    for source in tree.sources(".c", ".h"):
        for match in re.finditer(r"\bgoto\b", source.bare):
            yield source.at(source.line_of(match.start()), "goto is not used here. Return early and let g_autoptr clean up.")


def no_leftovers(tree):
    for source in tree.sources(".c", ".h", ".ui", ".toml", ".build"):
        for number, line in enumerate(source.lines, 1):
            if re.search(r"\b(TODO|FIXME|XXX|HACK)\b", line):
                yield source.at(number, "unfinished work is kept in the issues, not in the code. Finish it or file it.")


def function_length(tree):
    for source in tree.sources(".c"):
        for function in source.functions:
            length = function.end - function.start - 1
            if length > LONGEST_FUNCTION:
                yield source.at(function.start, f"{function.name} () has {length} lines, more than {LONGEST_FUNCTION}. "
                                                "Give its steps names and functions of their own.")


def file_length(tree):
    for source in tree.sources(".c", ".h", ".py"):
        if len(source.lines) > LONGEST_FILE:
            yield source.at(1, f"the file has {len(source.lines)} lines, more than {LONGEST_FILE}. Split it by theme.")


def doc_comments(tree):
    for source in tree.code:
        if source.path.suffix != ".c":
            continue
        for function in source.functions:
            if function.is_static or function.name == "main":
                continue
            if not function.comment.startswith("/**") or f" {function.name}:" not in function.comment:
                yield source.at(function.start, f"{function.name} () has no doc comment. Say what it does, its arguments, "
                                                "thread, errors and what it returns (gi-docgen form).")


def file_comments(tree):
    for source in tree.code:
        if source.path.suffix == ".c" and not source.text.startswith("/*"):
            yield source.at(1, "a .c file begins with a comment: what it is, what always holds, which thread it runs on.")


def no_sleeping_tests(tree):
    for source in tree.sources(".c", under="tests"):
        for name, place, _ in calls(source.bare, ["g_usleep", "sleep", "usleep", "nanosleep"]):
            yield source.at(source.line_of(place), f"{name} () makes a test slow or flaky. Wait for a condition, bounded in time.")


def blocked(tree):
    for source in tree.code:
        if source.room == COMPAT:
            continue
        for pattern, instead in BLOCKED.items():
            for match in re.finditer(pattern, source.bare):
                yield source.at(source.line_of(match.start()), f"{match.group(0).split(' ')[0]} is not used here. Use {instead}")


def versions(tree):
    """What depends on the version of GTK or libadwaita, and what newer ones have deprecated, stands in compat alone."""
    deprecated = set((pathlib.Path(__file__).parent / "deprecated.txt").read_text().split())
    for source in [*tree.code, *tree.sources(".ui", under="app"), *tree.sources(".c", ".h", under="tests/display")]:
        if source.room == COMPAT:
            continue
        text = source.text if source.path.suffix == ".ui" else source.bare
        for match in re.finditer(r"\b\w+\b", text):
            if match.group(0) in deprecated:
                yield source.at(source.line_of(match.start()), f"{match.group(0)} is deprecated in newer GTK or libadwaita. Use what took its "
                                                               "place, or offer a function of ours in app/compat.")
        for match in re.finditer(VERSION_CHECKS, text):
            yield source.at(source.line_of(match.start()), f"{match.group(0)} asks for a version. Only app/compat does: offer a function "
                                                           "there that is the same everywhere.")


def untranslated(tree):
    for source in tree.code:
        for name, place, arguments in calls(source.code, set(SHOWN)):
            text = arguments[SHOWN[name]] if len(arguments) > SHOWN[name] else ""
            if re.match(r'"[^"%]*[A-Za-z]{2}', text):
                yield source.at(source.line_of(place), f"{name} () shows {text} untranslated. Write _ ({text}).")
    for source in tree.sources(".ui"):
        pattern = rf'<(?:property|attribute) name="({SHOWN_PROPERTIES})"(?![^>]*translatable)[^>]*>([^<]*[A-Za-z]{{2}}[^<]*)<'
        for match in re.finditer(pattern, source.text):
            yield source.at(source.line_of(match.start()), f"the {match.group(1)} «{match.group(2)}» is not translated. "
                                                           'Add translatable="yes".')


def ui_names(tree):
    """Icon-only buttons and entries without a name say nothing to a screen reader."""
    for source in tree.sources(".ui", ".blp"):
        for match in re.finditer(r'<object class="Gtk(?:Toggle|Menu)?Button"[^>]*>(.*?)</object>', source.text, re.DOTALL):
            block = match.group(1)
            if "icon-name" in block and not re.search(r'"(label|tooltip-text)"|<property name="child"|<child', block):
                yield source.at(source.line_of(match.start()), "a button with only an icon needs a tooltip-text: "
                                                               "it is also its name for a screen reader.")


RULES = [layers, libraries, purity, include_order, guards, no_goto, no_leftovers, function_length, file_length, doc_comments,
         file_comments, no_sleeping_tests, blocked, versions, untranslated, ui_names]
