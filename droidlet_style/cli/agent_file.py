"""An agent's file: found by name or path, loaded, and its errors shown as its author wants to read them."""

from __future__ import annotations

import difflib
import sys
import traceback
from pathlib import Path
from types import ModuleType

from droidlet_style.cli.places import programs


class Wrong(Exception):
    """Something that was asked for wrongly; the text is for the person."""


class Failed(Exception):
    """The agent's own code raised."""

    def __init__(self, path: Path, error: BaseException, what: str) -> None:
        super().__init__(what)
        self.path, self.error, self.what = path, error, what

    def tell(self) -> int:
        """Shows the traceback, from the agent's file on, and a sentence; returns the exit status."""
        full, trace = str(self.path.resolve()), self.error.__traceback__
        while trace is not None and trace.tb_frame.f_code.co_filename != full:
            trace = trace.tb_next
        shown = traceback.format_exception(type(self.error), self.error, trace or self.error.__traceback__)
        print("".join(shown).rstrip(), file=sys.stderr)
        print(f"droidlet run: {self.path.name}: {self.what}", file=sys.stderr)
        return 1


def find(word: str) -> Path | None:
    """The file that a name or path stands for, or None."""
    if word.endswith(".py"):
        return Path(word) if Path(word).is_file() else None
    return programs("agents").get(word)


def unknown(word: str) -> Wrong:
    """What to say of a word that stands for no agent."""
    known = list(programs("agents"))
    if word.endswith(".py") or "/" in word:
        return Wrong(
            f"{word!r} is no Python file (its name ends with .py)"
            if Path(word).exists()
            else f"there is no file {word!r}"
        )
    close = difflib.get_close_matches(word, known, 1)
    guess = f"did you mean {close[0]}? " if close else ""
    listed = f"there are {', '.join(known)}" if known else "none is installed"
    return Wrong(
        f"there is no agent {word!r}; {guess}{listed}; your own is given by its path, ending with .py"
    )


def load_agent(path: Path) -> ModuleType:
    """The module of an agent's file. Raises Wrong for a file that is no agent, Failed where running it
    raised.
    """
    from droidlet_transport import LoadError, load

    full = path.resolve()
    if path not in programs("agents").values() and str(full.parent) not in sys.path:
        sys.path.append(
            str(full.parent)
        )  # what lies beside anybody's file can be imported, as it can from a script
    try:
        module: ModuleType = load(f"{full}:")
    except LoadError as error:
        if error.__cause__ is not None:
            raise Failed(path, error.__cause__, "it could not be loaded") from error
        raise Wrong(str(error)) from error
    except SystemExit as leaving:
        raise Wrong(
            f"{path} leaves (sys.exit) when it is loaded; put that below `if __name__ == '__main__':`"
        ) from leaving
    for name, call in (("run", "run(config, session)"), ("Config", "Config")):
        if not callable(getattr(module, name, None)):
            raise Wrong(f"{path} is no agent: it has no {call}")
    return module
