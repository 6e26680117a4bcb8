"""`script/bench`: speed side by side with the peers, in one run, on the same texts."""

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.speed import goals, table
from bench.speed.children import TrialFailed, peers
from bench.speed.measuring import PARTS, measure
from bench.speed.plan import Plan


def main() -> None:
    options = _options()
    plan = Plan.quick() if options.quick else Plan()
    try:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            report = measure(plan, Path(folder), peers(), options.parts)
    except TrialFailed as error:
        sys.exit(f"script/bench: {error}")
    lines = [*goals.beside_peers(report["systems"]), *goals.as_it_grows(report["growth"])]
    if options.json:
        report["beside"] = [_fields(line) for line in lines]
        json.dump(report, sys.stdout, indent=1)
        print()
    else:
        table.show(report, lines)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, for seeing that it runs")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS, help="measure these only")
    return parser.parse_args()


def _fields(line: goals.Line) -> dict[str, Any]:
    derived = ("ratio", "one_thread_ratio", "met", "met_beside_one_thread")
    return {**asdict(line), **{name: getattr(line, name) for name in derived}}


if __name__ == "__main__":
    main()
