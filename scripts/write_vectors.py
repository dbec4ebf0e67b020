"""Write the golden vectors of the contract anew. A changed byte is a changed contract: look at the diff."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from link import messages  # noqa: E402
from tests.vectors.values import VALUES  # noqa: E402


def main() -> None:
    """One file a message, its bytes and nothing else."""
    for name, message in VALUES.items():
        path = ROOT / "tests" / "vectors" / f"{name}.json"
        path.write_bytes(messages.encode(message))
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
