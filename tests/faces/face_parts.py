"""What tests serve from processes of their own."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from droidlet_transport.faces.action import ActionServer


def robot(address: str, log: str) -> None:
    """Serves a robot that notes every action in a file, until it is killed."""

    def act(key: str, payload: float) -> float:
        time.sleep(payload)
        with Path(log).open("a") as file:
            file.write(f"{key}\n")
        return payload

    server = ActionServer(
        lambda keys: dict.fromkeys(keys, 1.0), act, observations=["pose"], actions=["move"], address=address
    )
    sys.stdout.write(f"{server.address}\n")
    sys.stdout.flush()
    server.serve()


if __name__ == "__main__":
    robot(*sys.argv[1:])
