"""droidlet artifacts: where models and data live."""

from __future__ import annotations

import argparse
import sys

from droidlet_style import artifacts

HELP = "where models and data live, and which rule decided that"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`where` is the only thing to ask so far."""
    parser.add_argument("what", choices=["where"], help="where: the folder, and the rule that decided it")


def run(arguments: argparse.Namespace) -> int:
    """Prints the folder on the first line, the rule on the second."""
    try:
        path, rule = artifacts.where()
    except artifacts.ArtifactError as error:
        print(f"droidlet artifacts: {error}", file=sys.stderr)
        return 1
    there = "" if path.is_dir() else "; it is made when something is first written there"
    print(f"{path}\ndecided by {rule}{there}")
    return 0
