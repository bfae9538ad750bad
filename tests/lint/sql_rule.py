"""SQL text is a literal or comes from pk_query_*; values are bound. A helper that passes text on is watched like SQL itself."""
import re

from tree import calls

# Functions that run SQL, and the place of the text among their arguments.
ENTRANCES = {"pk_sql_exec": 1, "pk_sql_prepare": 1, "pk_sql_get_int": 1}
ONLY_IN_BASE = {"sqlite3_exec", "sqlite3_prepare", "sqlite3_prepare_v2", "sqlite3_prepare_v3", "sqlite3_mprintf", "sqlite3_snprintf"}
PRINTERS = {"g_strdup_printf", "g_string_printf", "g_string_append_printf", "g_strconcat", "g_snprintf", "g_strdup_vprintf"}
SQL_WORDS = re.compile(r'"\s*(SELECT\s|INSERT\s+(INTO|OR)\b|UPDATE\s+\S+\s+SET\b|DELETE\s+FROM\b|CREATE\s+(TABLE|INDEX|VIRTUAL)\b'
                       r"|DROP\s+TABLE\b|ATTACH\s|PRAGMA\s)")
# The files where SQL text is made from the tables of the model, and nothing else.
MAKERS = re.compile(r"pk-(query|schema)[\w-]*\.c$")
# The engines behind pk-sql.h: they run the texts that were checked where they were handed over.
DRIVERS = re.compile(r"pk-(sql|sqlite|sqlite-driver|postgres|postgres-\w+)\.c$")
WAY_OUT = "Write the text as a literal with ?1 and bind the value, or add a pk_query_* function that makes it from the model."


def is_literal(text):
    return bool(re.fullmatch(r'(\s*("(\\.|[^"\\])*"|[A-Z][A-Z0-9_]*))+\s*', text, re.DOTALL))


def assignments(name, text):
    start = r"(?:->|\.)" if name.startswith(".") else r"\b"
    pattern = rf"{start}{re.escape(name.lstrip('.'))}(?:\[[^\]]*\])*\s*=(?!=)\s*((?:\"(?:\\.|[^\"\\])*\"|[^;\"])*)"
    return [match.group(1) for match in re.finditer(pattern, text)]


def is_table_of_literals(value):
    return value.lstrip().startswith("{") and not re.search(r"\w+ \(", re.sub(r'"(\\.|[^"\\])*"', "", value))


def is_safe(text, function, source, depth=0):
    """Whether an expression can only be a literal, a macro, something of pk_query_*, or a choice between such."""
    text = re.sub(r"^\(\s*(.*)\)$", r"\1", text.strip(), flags=re.DOTALL)
    if is_literal(text) or re.match(r"(pk_query_|pk_schema_|g_steal_pointer \(&?pk_query_)\w*", text):
        return True
    if text == "NULL" or depth > 3:
        return text == "NULL"
    choice = re.fullmatch(r"[^?]+\?(.+):(.+)", re.sub(r"\s+", " ", text))
    if choice:
        return all(is_safe(part, function, source, depth + 1) for part in choice.groups())
    cached = re.match(r"g_hash_table_lookup \((?:\w+->)?(\w+),", text)
    if cached:
        return is_cache_safe(cached.group(1), source, depth)
    made = re.match(r"(\w+) \([^()]*\)$", text)
    if made:
        return made.group(1) in function.parameters and is_maker_safe(made.group(1), function, source)
    table = re.match(r"(\w+)\[.*\](?:\.\w+)?$", text)
    member = re.search(r"(?:->|\.)(\w+)$", text)
    if not table and not member and not re.fullmatch(r"\w+", text):
        return False
    simple = table.group(1) if table else "." + member.group(1) if member else text
    values = assignments(simple, function.body) or assignments(simple, source.code)
    return bool(values) and all(is_table_of_literals(value) or is_safe(value, function, source, depth + 1) for value in values)


def is_cache_safe(table, source, depth):
    """Whether all that is put in a hash table of texts is safe."""
    found = [(function, arguments[2]) for function in source.functions
             for _, _, arguments in calls(function.body, {"g_hash_table_insert"}) if re.search(rf"\b{table}$", arguments[0])]
    return bool(found) and all(is_safe(value, function, source, depth + 1) for function, value in found)


def is_maker_safe(name, function, source):
    """Whether only functions of pk_query_* are handed in as the parameter that makes the text."""
    place = function.parameters.index(name)
    handed = [arguments[place] for other in source.functions for _, _, arguments in calls(other.body, {function.name})]
    return bool(handed) and all(re.match(r"pk_(query|schema)_", value) for value in handed)


def find_entrances(sources):
    """Adds the functions that hand a parameter on as SQL text, until no more are found."""
    entrances = dict(ENTRANCES)
    before = 0
    while len(entrances) > before:
        before = len(entrances)
        for source in sources:
            for function in source.functions:
                for name, _, arguments in calls(function.body, set(entrances)):
                    place = entrances[name]
                    if len(arguments) > place and arguments[place] in function.parameters:
                        entrances.setdefault(function.name, function.parameters.index(arguments[place]))
    return entrances


def check_calls(source, entrances):
    for function in source.functions:
        for name, place, arguments in calls(function.body, set(entrances)):
            index = entrances[name]
            if len(arguments) <= index or arguments[index] in function.parameters:
                continue
            if not is_safe(arguments[index], function, source):
                line = function.start + function.body.count("\n", 0, place)
                yield source.at(line, f"{name} () gets SQL text that is not a literal: {arguments[index]}. {WAY_OUT}")


def check_printing(source):
    for name, place, arguments in calls(source.code, PRINTERS | ONLY_IN_BASE):
        line = source.line_of(place)
        if name in ONLY_IN_BASE and not DRIVERS.match(source.path.name):
            yield source.at(line, f"{name} () is called by the drivers alone. Use pk_sql_*.")
        elif name in PRINTERS and any(SQL_WORDS.match(argument) for argument in arguments):
            yield source.at(line, f"{name} () makes SQL text. {WAY_OUT}")


def sql(tree):
    sources = [source for source in tree.code if source.path.suffix == ".c" and not MAKERS.search(source.path.name)]
    entrances = find_entrances(sources)
    for source in sources:
        if not DRIVERS.match(source.path.name):
            yield from check_calls(source, entrances)
        yield from check_printing(source)
