"""Write the golden files of tests/golden/expected anew from the samples, and show what changed.

    python tools/refresh_golden.py

What it shows is to be read before it is committed: a golden value must be right, not merely recorded.
"""

import difflib
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.golden.results import EXPECTED, ROOT, golden_texts


def main() -> None:
    """Write, and print a unified difference."""
    texts = golden_texts()
    for path in sorted({*texts, *EXPECTED.rglob("*.json")}):
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        after = texts.get(path, "")
        if before == after:
            continue
        name = str(path.relative_to(ROOT))
        sys.stdout.writelines(
            difflib.unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), name, name, n=1)
        )
        if after:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(after, encoding="utf-8")
        else:
            path.unlink()


if __name__ == "__main__":
    main()
