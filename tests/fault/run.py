#!/usr/bin/env python3
"""Kills processes of mcp-backend at random moments and checks that nothing that was acknowledged
is lost, nothing is half there, and nothing is there twice. Needs Python 3.9, nothing else.

    run.py --binary build/src/mcp-backend --scenario serve --cycles 100
    run.py --binary build/src/mcp-backend --scenario owner --cycles 100

A control is broken on purpose and must be caught: then the exit code is 0, otherwise 1.
"""

import argparse
import pathlib
import random
import signal
import sys
import tempfile
import time

from harness import kill_owner, kill_serve
from harness.findings import Findings

SCENARIOS = {"serve": kill_serve.run, "owner": kill_owner.run}
CONTROLS = ("acknowledge-early", "other-key")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True, help="mcp-backend")
    parser.add_argument("--scenario", choices=SCENARIOS, default="serve")
    parser.add_argument("--cycles", type=int, default=10, help="kills")
    parser.add_argument("--writers", type=int, default=4, help="of the scenario serve")
    parser.add_argument("--within", type=float, default=0.6,
                        help="seconds after which a kill comes at the latest")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--control", choices=CONTROLS, help="of the scenario serve")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # So that what it started ends too.
    findings = Findings()
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mcp-backend-fault-") as folder:
        told = SCENARIOS[options.scenario](options, pathlib.Path(folder), findings)
    name = options.scenario + (f", control {options.control}" if options.control else "")
    print(f"{name} (seed {options.seed}): {told}; {findings.summary()}; "
          f"{time.monotonic() - start:.0f} s")
    findings.print_details()
    if options.control:
        caught = findings.count("lost" if options.control == "acknowledge-early" else "doubled") > 0
        print("the control was caught" if caught else "the control was NOT caught")
        return 0 if caught else 1
    return 1 if findings.total() else 0


if __name__ == "__main__":
    sys.exit(main())
