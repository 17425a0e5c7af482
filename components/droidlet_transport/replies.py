"""What a reply means to the caller."""

from __future__ import annotations

from typing import Any, List, Optional, Sequence

from droidlet_transport.envelope import Reply
from droidlet_transport.errors import ProtocolError
from droidlet_transport.faults import Fault, error_of
from droidlet_transport.naming import understood
from droidlet_transport.values import Settle


def result_of(reply: Reply, arguments: Sequence[Any] = (), settle: Optional[Settle] = None) -> Any:
    """What a reply holds, or raises; it may tell what has changed in the arguments. `settle` as in `value_of`.

    Raises ProtocolError for an error that is none.
    """
    values: List[Any] = [understood(frames, arguments, settle) for frames in reply.values]
    if reply.kind == "values":
        return tuple(values)
    if len(values) != 1:
        raise ProtocolError(f"a reply of {len(values)} values: expected one")
    if reply.kind != "error":
        return values[0]
    if not isinstance(values[0], Fault):
        raise ProtocolError(f"an error that is {str(values[0])[:80]}: expected a Fault")
    raise error_of(values[0])
