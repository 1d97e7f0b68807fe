"""Asks a library about calls made at random, and writes its answers as golden data.

    python ask_random.py torch 7 2000 FILE      2000 calls of seed 7
"""

import json
import pathlib
import subprocess
import sys

from make_goldens import answers_to, cases_of, environment_of, module_of, write, written_case
from random_cases import random_cases

# Calls of one process: what kills it costs these alone.
PIECE = 200


def main():
    library, seed, count, file, *piece = sys.argv[1:]
    backend = "tensorflow" if library == "keras" else library
    undefined = getattr(module_of(library), "undefined", lambda case, backend: False)
    cases = [case for case in random_cases(cases_of(library), int(seed), int(count)) if not undefined(case, backend)]
    if piece:
        start = int(piece[0])
        answers, versions = answers_to(cases[start : start + PIECE], library, backend)
        print(json.dumps({"answers": answers, "versions": versions}))
        return
    records, versions = [], {}
    for start in range(0, len(cases), PIECE):
        command = [sys.executable, __file__, library, seed, count, file, str(start)]
        try:
            done = subprocess.run(command, env=environment_of(backend), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=600)
        except subprocess.TimeoutExpired:
            print(f"{library} did not come back from the calls from {start}", file=sys.stderr)
            continue
        if done.returncode != 0:
            print(f"{library} ended by {done.returncode} in the calls from {start}: {done.stderr[-2000:]}", file=sys.stderr)
            continue
        asked = json.loads(done.stdout.splitlines()[-1])
        versions = asked["versions"]
        records += [written_case(*pair) for pair in zip(cases[start : start + PIECE], asked["answers"])]
    write(pathlib.Path(file), {"versions": versions}, "cases", records)


if __name__ == "__main__":
    main()
