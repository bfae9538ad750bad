#!/usr/bin/env python3
"""Checks the tree, or a part of the rules, and says in words what is wrong. Speaks TAP; the words
go to stderr, where Meson shows them.

    lint.py ROOT [--build FOLDER] [--self-test] [RULE…]

--self-test asks each rule to find what is wrong in bad/RULE/, where the file `expected` holds words of what it must say.
"""
import argparse
import pathlib
import sys

sys.dont_write_bytecode = True

import flatpak_rules  # noqa: E402
import rules  # noqa: E402
import sql_rule  # noqa: E402
import tool_rules  # noqa: E402
from tree import Tree  # noqa: E402

RULES = {rule.__name__.replace("_", "-"): rule for rule in [*rules.RULES, sql_rule.sql, *tool_rules.RULES, *flatpak_rules.RULES]}
BAD = pathlib.Path(__file__).resolve().parent / "bad"


def check(name, tree):
    """Returns what the rule found wrong in the tree."""
    return list(RULES[name](tree))


def check_itself(name):
    """Returns what is wrong with the rule: it must catch its bad example."""
    expected = BAD / name / "expected"
    if not expected.exists():
        return [f"the rule {name} has no bad example. Add tests/lint/bad/{name}/ with a file `expected`."]
    found = "\n".join(RULES[name](Tree(BAD / name)))
    return [f"the rule {name} does not say «{words}» about tests/lint/bad/{name}, but: {found or 'nothing'}"
            for words in expected.read_text().splitlines() if words not in found]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("root")
    parser.add_argument("--build")
    parser.add_argument("--self-test", action="store_true")
    parser.add_argument("rule", nargs="*")
    options = parser.parse_intermixed_args()
    tree = Tree(options.root, options.build or pathlib.Path(options.root) / "build")
    names = options.rule or list(RULES)
    print(f"1..{len(names)}")
    failed = False
    for number, name in enumerate(names, 1):
        mistakes = check_itself(name) if options.self_test else check(name, tree)
        title = f"{name} catches its bad example" if options.self_test else name
        print(f"{'not ok' if mistakes else 'ok'} {number} {title}", flush=True)
        for mistake in mistakes:
            print(mistake, file=sys.stderr, flush=True)
        failed = failed or bool(mistakes)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
