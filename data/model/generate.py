#!/usr/bin/env python3
"""Prints C from the declarations in this folder: const tables and enums, never behaviour.

    generate.py header|source|strings FOLDER

`header` prints pk-model-tables.h (ids of entities, fields, enums, commands and problems), `source` prints the tables,
`strings` prints every label for the translators (po/model-strings.h).
Mistakes in the declarations end the build with a sentence that names the place.
"""
import sys
import pathlib

try:
    import tomllib
except ImportError:  # Python before 3.11
    sys.exit("generate.py needs Python 3.11 or newer (tomllib)")

TYPES = ["text", "long_text", "int", "real", "bool", "date", "time", "id", "enum", "set"]
MERGES = ["scalar", "paragraphs", "append", "sum", "union", "status"]
SETTERS = ["client", "actor", "rule", "server"]
ACCESS = ["open", "internal", "personal", "sealed"]
PERSONAL = ["none", "contact", "identity", "special"]
SCOPES = ["everyone", "person", "unit", "building", "role", "follow", "links"]
FIELD_KEYS = {"type", "required", "max", "min", "ref", "enum", "set_by", "merge", "access", "personal", "label", "help"}
ENTITY_KEYS = {"id", "plural", "label", "scope", "write", "title", "search", "index", "field"}


def fail(place, text):
    sys.exit(f"data/model: {place}: {text}")


def load(folder, name):
    with open(pathlib.Path(folder) / name, "rb") as file:
        return tomllib.load(file)


def upper(name):
    return name.upper().replace("-", "_")


def text(value):
    if value is None:
        return "NULL"
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def one_of(place, value, allowed):
    if value not in allowed:
        fail(place, f"'{value}' is none of {', '.join(allowed)}")
    return value


def check_field(place, field, model):
    for key in field:
        if key not in FIELD_KEYS:
            fail(place, f"unknown key '{key}'")
    one_of(place, field.get("type"), TYPES)
    if field["type"] == "enum" and field.get("enum") not in model["enums"]:
        fail(place, f"enum '{field.get('enum')}' is not in enums.toml")
    if "ref" in field and field["ref"] not in model["entities"]:
        fail(place, f"ref '{field['ref']}' is no entity")
    if "label" not in field:
        fail(place, "a label is missing")


def is_guarded(field):
    return field.get("access") in ("personal", "sealed")


def check_guarded(name, entity):
    """Guarded values travel to some only: not where records are shared whole, found or ordered by everybody who sees them."""
    guarded = {field_name for field_name, field in entity["field"].items() if is_guarded(field)}
    if not guarded:
        return
    for rule in entity["scope"]:
        if not rule.startswith("person:"):
            fail(name, f"scope '{rule}': records with fields for some only are sent to persons, not to shared scopes")
    columns = {column for index in entity["index"] for column in index.split(",")}
    for field_name in sorted(guarded & {entity["title"], *entity["search"], *columns}):
        fail(f"{name}.{field_name}", "a field for some only is no title, and not searched or ordered by")


def check(model):
    ids = {}
    for name, entity in model["entities"].items():
        for key in entity:
            if key not in ENTITY_KEYS:
                fail(name, f"unknown key '{key}'")
        if entity["id"] in ids:
            fail(name, f"id {entity['id']} is taken by {ids[entity['id']]}")
        ids[entity["id"]] = name
        for field_name, field in entity["field"].items():
            check_field(f"{name}.{field_name}", field, model)
        check_guarded(name, entity)
        for used in [entity["title"], *entity["search"]]:
            if used not in entity["field"]:
                fail(name, f"'{used}' is no field of it")
    for name, command in model["commands"].items():
        if command["entity"] not in model["entities"]:
            fail(name, f"'{command['entity']}' is no entity")
        for field_name, field in command.get("argument", {}).items():
            check_field(f"{name}.{field_name}", field, model)


def scope_rule(model, entity_name, rule):
    """One rule "kind:path [if|unless field=value]" as a C initialiser."""
    place = f"{entity_name}: scope '{rule}'"
    words = rule.split()
    kind, _, path = words[0].partition(":")
    one_of(place, kind, SCOPES)
    test, field, value = "ALWAYS", None, None
    if len(words) == 3:
        test = one_of(place, words[1], ["if", "unless"]).upper()
        field, _, value = words[2].partition("=")
        if field not in model["entities"][entity_name]["field"]:
            fail(place, f"'{field}' is no field")
    elif len(words) != 1:
        fail(place, "a rule has one or three words")
    first, _, rest = path.partition(".")
    target = None
    if kind == "links":
        target, path, rest = first, rest, None
        if target not in model["entities"] or path not in model["entities"][target]["field"]:
            fail(place, f"there is no field {target}.{path}")
    elif kind not in ("everyone", "role"):
        if first != "id" and first not in model["entities"][entity_name]["field"]:
            fail(place, f"'{first}' is no field")
        path = first
        if rest:
            target = model["entities"][entity_name]["field"][first]["ref"]
            if rest not in model["entities"][target]["field"]:
                fail(place, f"there is no field {target}.{rest}")
        elif kind == "follow":
            target = model["entities"][entity_name]["field"][first]["ref"]
    return (f"{{ PK_SCOPE_{upper(kind)}, {text(path or None)}, {text(target)}, {text(rest or None)}, "
            f"PK_SCOPE_{test}, {text(field)}, {text(value)} }}")


def field_row(name, field):
    return ("{ " + ", ".join([
        text(name),
        f"PK_TYPE_{upper(field['type'])}",
        "TRUE" if field.get("required") else "FALSE",
        str(field.get("min", "-G_MAXDOUBLE")),
        str(field.get("max", "G_MAXDOUBLE")),
        text(field.get("ref")),
        f"&pk_enum_{field['enum']}" if "enum" in field else "NULL",
        f"PK_SET_BY_{upper(one_of(name, field.get('set_by', 'client'), SETTERS))}",
        f"PK_MERGE_{upper(one_of(name, field.get('merge', 'scalar'), MERGES))}",
        f"PK_ACCESS_{upper(one_of(name, field.get('access', 'internal'), ACCESS))}",
        f"PK_PERSONAL_{upper(one_of(name, field.get('personal', 'none'), PERSONAL))}",
        f"N_ ({text(field['label'])})",
        f"N_ ({text(field['help'])})" if "help" in field else "NULL",
    ]) + " }")


def print_enum(comment, prefix, type_name, names, last=None):
    print(f"/* {comment} */\ntypedef enum\n{{")
    for name, number in names:
        print(f"  {prefix}_{upper(name)} = {number},")
    if last:
        print(f"  {last}")
    print(f"}} {type_name};\n")


def camel(name):
    return "Pk" + "".join(part.capitalize() for part in name.split("_"))


def print_header(model):
    print("/* Made by data/model/generate.py from data/model/: do not edit. */\n#pragma once\n\n#include \"pk-model.h\"\n")
    print_enum("Entities, by the number that is stored.", "PK_ENTITY", "PkEntityId",
               [(n, e["id"]) for n, e in model["entities"].items()])
    for name, entity in model["entities"].items():
        print_enum(f"Fields of {name}, by their place in a record.", f"PK_{upper(name)}", camel(name) + "Field",
                   [(f, i) for i, f in enumerate(entity["field"])], f"PK_{upper(name)}_N_FIELDS")
    for name, values in model["enums"].items():
        print_enum(f"Values of {name}.", f"PK_{upper(name)}", camel(name), [(v, i) for i, v in enumerate(values)])
    print_enum("Named commands.", "PK_COMMAND", "PkCommandId", [(c, i + 1) for i, c in enumerate(model["commands"])])
    print_enum("Problems that can travel.", "PK_PROBLEM", "PkProblem", [(p, i) for i, p in enumerate(model["errors"])])


def print_enums(model):
    for name, values in model["enums"].items():
        print(f"static const PkEnumValue {name}_values[] = {{")
        for code, label in values.items():
            print(f"  {{ {text(code)}, N_ ({text(label)}) }},")
        print(f"}};\nconst PkEnum pk_enum_{name} = {{ {text(name)}, {name}_values, {len(values)} }};\n")


def print_array(kind, name, rows):
    if rows:
        print(f"static const {kind} {name}[] = {{\n  " + ",\n  ".join(rows) + ",\n};")
    return (name if rows else "NULL"), len(rows)


def print_entities(model):
    rows = []
    for name, entity in model["entities"].items():
        fields = print_array("PkField", f"{name}_fields", [field_row(f, d) for f, d in entity["field"].items()])
        scopes = print_array("PkScopeRule", f"{name}_scopes", [scope_rule(model, name, r) for r in entity["scope"]])
        index = print_array("char *const", f"{name}_index", [text(i) for i in entity["index"]])
        order = list(entity["field"])
        search = print_array("guint", f"{name}_search", [str(order.index(f)) for f in entity["search"]])
        rows.append("{ " + ", ".join([
            text(name), text(entity["plural"]), str(entity["id"]), f"N_ ({text(entity['label'])})",
            *(str(part) for pair in (fields, scopes, index, search) for part in pair),
            str(order.index(entity["title"])), text(entity["write"]),
            "TRUE" if any(is_guarded(d) for d in entity["field"].values()) else "FALSE"]) + " }")
        print()
    print_array("PkEntity", "entities", rows)


def print_commands(model):
    order = {n: i for i, n in enumerate(model["enums"]["task_status"])}
    rows = []
    for number, (name, command) in enumerate(model["commands"].items(), 1):
        arguments = print_array("PkField", f"{name}_arguments",
                                [field_row(f, d) for f, d in command.get("argument", {}).items()])
        mask = sum(1 << order[s] for s in command.get("from", []))
        rows.append("{ " + ", ".join([
            text(name), str(number), text(command["entity"]), f"N_ ({text(command['label'])})",
            *(str(part) for part in arguments), f"{mask:#x}", str(order[command["to"]] if "to" in command else -1)]) + " }")
    print_array("PkCommandSpec", "commands", rows)


def print_source(model):
    print("/* Made by data/model/generate.py from data/model/: do not edit. */\n#include \"config.h\"\n")
    print("#include \"pk-model-tables.h\"\n\n#include <glib/gi18n.h>\n")
    print_enums(model)
    print_entities(model)
    print_commands(model)
    print_array("PkProblemSpec", "problems",
                [f"{{ {text(c)}, {e['status']}, {text(e['title'])} }}" for c, e in model["errors"].items()])
    print("\nconst PkModel pk_model = { entities, G_N_ELEMENTS (entities), commands, G_N_ELEMENTS (commands), "
          "problems, G_N_ELEMENTS (problems) };")


def print_strings(model):
    print("/* Made by data/model/generate.py from data/model/: do not edit. The labels of the model, for translators. */")
    places = {}
    for name, entity in model["entities"].items():
        places.setdefault(entity["label"], []).append(name)
        for field_name, field in entity["field"].items():
            for words in (field["label"], field.get("help")):
                places.setdefault(words, []).append(f"{name}.{field_name}")
    for name, values in model["enums"].items():
        for code, label in values.items():
            places.setdefault(label, []).append(f"{name} {code}")
    for name, command in model["commands"].items():
        places.setdefault(command["label"], []).append(f"command {name}")
        for field_name, field in command.get("argument", {}).items():
            places.setdefault(field["label"], []).append(f"command {name}.{field_name}")
    places.pop(None, None)
    for words, used in sorted(places.items()):
        print(f"\n/* Translators: {', '.join(used)} */\nN_ ({text(words)})")


def main(what, folder):
    model = {name: load(folder, f"{name}.toml") for name in ("entities", "enums", "commands", "errors")}
    check(model)
    {"header": print_header, "source": print_source, "strings": print_strings}[what](model)


if __name__ == "__main__":
    main(*sys.argv[1:])
