"""`make eval`: measure the parts, keep their figures in eval/results/, and write docs/quality.md from all that is kept.

`python -m eval.run [PART…]` measures those parts; without any, all that exist. Exit code 1 where a part failed to run
or a bar isn't held.
"""

import json
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from eval.commit import commit
from eval.figure import Figure
from eval.report import report

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "eval" / "results"
QUALITY = ROOT / "docs" / "quality.md"
PARTS = {
    "text": "Text of web pages",
    "language": "Language",
    "ner": "Named entities",
    "linking": "Linking",
    "concepts": "Concepts",
    "stories": "Stories",
    "throughput": "Speed and memory",
}
"""In the order of the page. A part is a module or package eval/NAME with `score() -> list[Figure]`, in itself or in `score.py`."""


def parts() -> list[str]:
    """The parts that exist."""
    return [name for name in PARTS if any(ROOT.glob(f"eval/{name}/*.py")) or (ROOT / f"eval/{name}.py").exists()]


def measured(name: str) -> dict[str, Any] | None:
    """A part's result as it is kept and shown; None where it failed, which is said on stderr by whatever failed."""
    ran = subprocess.run([sys.executable, "-m", "eval.part", name], cwd=ROOT, stdout=subprocess.PIPE, check=False)
    if ran.returncode:
        return None
    figures = [Figure(**each) for each in json.loads(ran.stdout)]
    for figure in figures:
        mark = {"yes": "held", "no": "NOT HELD", "": ""}[figure.passed]
        print(f"  {figure.name}: {figure.value:.5g} {figure.unit} {mark}".rstrip())
    return {
        "title": PARTS[name],
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "commit": commit(),
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "figures": [figure.as_json() for figure in figures if figure.published],
        "bars_held": all(figure.passed != "no" for figure in figures),
    }


def kept() -> list[dict[str, Any]]:
    """The results of all parts that were ever measured, in the order of the page."""
    paths = [RESULTS / f"{name}.json" for name in PARTS]
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths if path.exists()]


def main(names: list[str]) -> int:
    """Measure, keep, write; the exit code."""
    if unknown := set(names) - set(parts()):
        print(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(parts())}", file=sys.stderr)
        return 2
    RESULTS.mkdir(exist_ok=True)
    good = True
    for name in names or parts():
        print(PARTS[name])
        result = measured(name)
        good = good and result is not None and result["bars_held"]
        if result is not None:
            text = json.dumps(result, ensure_ascii=False, indent=1)
            (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    QUALITY.write_text(report(kept()), encoding="utf-8")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
