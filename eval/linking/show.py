"""`python -m eval.linking.show [PART]`: what was linked wrongly and what was missed, for people (`open` unless told)."""

import sys

from eval.linking.mentions import samples
from eval.linking.score import judged


def main(part: str) -> None:
    """Print the faults of a part, text by text."""
    for one in samples():
        if one.part != part:
            continue
        result = judged(one)
        if not result.wrong and not result.missed:
            continue
        print(f"{one.language} {one.text}")
        for entity in result.wrong:
            print(f"   wrong  {entity.text!r} = {entity.id} {entity.name} ({entity.link})")
        for expected in result.missed:
            print(f"   missed {one.text[expected.start : expected.end]!r} = {expected.id}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "open")
