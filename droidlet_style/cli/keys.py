"""droidlet keys: makes the keys with which parts talk beyond this machine."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

HELP = "make the keys with which parts talk beyond this machine"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the pair goes."""
    parser.add_argument("file", type=Path, metavar="FILE", help="gets the pair; FILE.pub the half for others")


def run(arguments: argparse.Namespace) -> int:
    """Writes both files and says what each is for; returns 1 where they cannot be written."""
    from droidlet_style.files import told
    from droidlet_style.keys import KeyFileError, write_keys

    try:
        public = write_keys(arguments.file)
    except KeyFileError as error:
        print(f"droidlet keys: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"droidlet keys: {told(error, arguments.file)}", file=sys.stderr)
        return 1
    print(f"{arguments.file}  the pair: keep it here, it is for --keys")
    print(f"{public}  the public half: give it to the other side, it is for --trust")
    return 0
