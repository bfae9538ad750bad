"""What the rules look at: the files of a tree, its rooms, and C split into functions, calls and includes."""
import functools
import pathlib
import re

SKIPPED = {".git", "node_modules", "__pycache__", "bad", "subprojects"}


class Function:
    """A function of a .c file: its name, parameters, first and last line, text, and whether it is static."""

    def __init__(self, name, parameters, start, end, body, is_static, comment):
        self.name, self.parameters, self.start, self.end = name, parameters, start, end
        self.body, self.is_static, self.comment = body, is_static, comment


class Source:
    """One file. `code` is its text with comments blanked, `bare` with strings blanked as well."""

    def __init__(self, root, path):
        self.path = path.relative_to(root)
        self.file = path
        self.text = path.read_text(encoding="utf-8")

    @functools.cached_property
    def lines(self):
        return self.text.splitlines()

    @functools.cached_property
    def code(self):
        return blank(self.text, strings=False)

    @functools.cached_property
    def bare(self):
        return blank(self.text, strings=True)

    @functools.cached_property
    def room(self):
        parts = self.path.parts[:-1]
        return "/".join(parts[:2])

    @functools.cached_property
    def functions(self):
        return list(find_functions(self))

    def line_of(self, position):
        return self.text.count("\n", 0, position) + 1

    def at(self, line, words):
        return f"{self.path}:{line}: {words}"


class Tree:
    """The project, or a small folder that looks like it."""

    def __init__(self, root, build=None):
        self.root = pathlib.Path(root).resolve()
        self.build = pathlib.Path(build).resolve() if build else None

    @functools.cached_property
    def files(self):
        return sorted(walk(self.root))

    @functools.lru_cache(maxsize=None)
    def sources(self, *suffixes, under=""):
        return [Source(self.root, path) for path in self.files
                if path.name.endswith(suffixes) and path.parent.name != "po"
                and str(path.relative_to(self.root)).startswith(under)]

    @functools.cached_property
    def code(self):
        """C of the programs, without their tests."""
        return [source for source in self.sources(".c", ".h") if source.path.parts[0] in ("app", "backend")]

    @functools.cached_property
    def headers(self):
        return {source.path.name: source for source in self.sources(".h")}


def walk(folder):
    for entry in folder.iterdir():
        if entry.name in SKIPPED or entry.name.startswith("build"):
            continue
        if entry.is_dir() and not entry.is_symlink():
            yield from walk(entry)
        elif entry.is_file():
            yield entry


def blank(text, strings):
    """Replaces comments, and what strings hold, by spaces; places and lines stay the same."""
    def replace(match):
        token = match.group(0)
        if token.startswith(("/*", "//")):
            return re.sub(r"[^\n]", " ", token)
        return token[0] + " " * (len(token) - 2) + token[-1] if strings else token
    pattern = r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
    return re.sub(pattern, replace, text, flags=re.DOTALL)


def find_functions(source):
    """Functions in GNU shape: the brace that opens and the one that closes stand first on their lines."""
    lines = source.bare.splitlines()
    for number, line in enumerate(lines):
        if line != "{":
            continue
        top = number
        while top > 0 and lines[top - 1].strip() and not lines[top - 1].rstrip().endswith((";", "}")) \
                and not lines[top - 1].startswith("#"):
            top -= 1
        head = " ".join(lines[top:number])
        match = re.search(r"(\w+) \((.*)\)", head)
        end = next((i for i in range(number, len(lines)) if lines[i] == "}"), None)
        if not match or end is None or "=" in head.split("(")[0]:
            continue
        parameters = [re.sub(r"\W*\[.*", "", p).split() for p in split_arguments(match.group(2))]
        yield Function(match.group(1), [p[-1].lstrip("*") if p else "" for p in drop_attributes(parameters)],
                       number + 1, end + 1, "\n".join(source.code.splitlines()[number:end + 1]),
                       head.lstrip().startswith("static"), comment_above(source.lines, top))


def drop_attributes(parameters):
    return [[word for word in words if not word.startswith("G_GNUC_")] for words in parameters]


def comment_above(lines, top):
    if top == 0 or not lines[top - 1].rstrip().endswith("*/"):
        return ""
    start = top - 1
    while start > 0 and "/*" not in lines[start]:
        start -= 1
    return "\n".join(lines[start:top])


def split_arguments(text):
    """Splits at the commas that stand outside brackets and strings."""
    parts, depth, part, in_string = [], 0, "", False
    for place, char in enumerate(text):
        if char == '"' and text[place - 1:place] != "\\":
            in_string = not in_string
        if not in_string:
            depth += (char in "([{") - (char in ")]}")
            if char == "," and depth == 0:
                parts.append(part.strip())
                part = ""
                continue
        part += char
    return [*parts, part.strip()] if part.strip() else parts


def calls(text, names):
    """Yields (name, place, arguments) of the calls of functions whose name is in `names`."""
    for match in re.finditer(r"\b(\w+) ?\(", text):
        if match.group(1) not in names:
            continue
        depth, place, in_string = 1, match.end(), False
        while place < len(text) and depth:
            char = text[place]
            if char == '"' and text[place - 1] != "\\":
                in_string = not in_string
            if not in_string:
                depth += (char == "(") - (char == ")")
            place += 1
        yield match.group(1), match.start(), split_arguments(text[match.end():place - 1])
