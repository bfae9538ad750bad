#!/usr/bin/env python3
"""The machine may call nothing but memory, arrays and text: no clock, no chance, no files, no threads, no network."""
import subprocess
import sys

ALLOWED = ("g_array_", "g_assert", "g_free", "g_malloc", "g_strlcpy", "mem", "pk_sync_machine_", "strcmp", "strlen",
           "__stack_chk", "__mem", "_GLOBAL_OFFSET_TABLE_", "__asan", "__ubsan", "__sanitizer", "__gcov", "__start_", "__stop_")


def main():
    nm, library = sys.argv[1:]
    lines = subprocess.run([nm, "-u", library], check=True, capture_output=True, text=True).stdout.splitlines()
    used = {line.split()[-1] for line in lines if line.strip().startswith("U ")}
    if not used:
        sys.exit("no symbols were read: is this the machine's library?")
    foreign = sorted(name for name in used if not name.startswith(ALLOWED))
    for name in foreign:
        print(f"the sync machine calls {name} (): it is pure and may not. Take the value as an event, or give an effect out.")
    sys.exit(1 if foreign else 0)


main()
