"""`python -m droidlet_style ...` is `droidlet ...`."""

from __future__ import annotations

import sys

from droidlet_style.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
