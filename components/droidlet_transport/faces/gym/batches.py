"""What a batch of Gymnasium environments is made of, and what its resets are given."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple, Union

import numpy as np
from gymnasium.spaces import Space
from gymnasium.spaces.utils import is_space_dtype_shape_equiv
from gymnasium.vector.utils import batch_differing_spaces, batch_space

from droidlet_transport.boards import RESET, STEP, TELL
from droidlet_transport.errors import CannotTravel, TransportError
from droidlet_transport.faces.gym.errors import Ended, Late, NothingPending, Pending, Unlike
from droidlet_transport.faces.gym.spaces import space_of_data, value_of_sent
from droidlet_transport.plain import from_value, to_value
from droidlet_transport.specs import Tree
from droidlet_transport.teams import Factory, Team
from droidlet_transport.values import retold

Infos = Dict[str, Any]
Env = Union[Factory, str]
_ID = re.compile(r"-v\d+$")
_MAKE = "droidlet_transport.faces.gym.stepping:make"
_STEPPER = "droidlet_transport.faces.gym.stepping:GymStepper"


class GymTeam(Team):
    """Gymnasium environments in worker processes: what their vector environment says to them, and they to it."""

    ended, late, unlike = Ended, Late, Unlike

    def __init__(
        self, factories: Sequence[Factory], *, mode: str, workers: Optional[int], start_s: float
    ) -> None:
        self._options: Optional[Mapping[str, Any]] = None  # of the reset before
        super().__init__(
            factories, mode=mode, strict=False, workers=workers, stepper=_STEPPER, start_s=start_s
        )

    def pending(self, text: str) -> TransportError:
        """What is raised while a turn is under way."""
        return Pending(text, "reset" if self._resets else "step")

    def nothing_pending(self, text: str, what: str) -> TransportError:
        """What is raised where there is none to wait for."""
        return NothingPending(text, what)

    def told(self, mode: Any) -> Tuple[Dict[str, Any], Any, Tuple[Any, Any, Any, Any]]:
        """Metadata, render mode, and spaces as `spaces_of` has them. Raises SpaceError, and as `spaces_of`."""
        told = [one for part in self.ask_all("about") for one in from_value(part)]
        return dict(told[0]["metadata"]), told[0]["render_mode"], spaces_of(told, mode)

    def begin(
        self,
        seeds: np.ndarray,
        options: Optional[Mapping[str, Any]],
        mask: Optional[np.ndarray],
        until: Optional[float],
        *,
        lent: bool,
    ) -> np.ndarray:
        """Begins a turn in which the masked ones are reset, and those whose worker had died; says which.

        What is still under way until then is dropped.
        """
        self.drop(until)
        revived = self.revive()
        if revived:
            self._options = None  # theirs
        if revived or options or options != self._options:  # else they know
            self.ask_all("options", None if options is None else to_value(options, "options"))
            self._options = options
        reset = np.ones(self.rows, np.bool_) if mask is None else mask.copy()
        reset[revived] = True
        self.board.seeds[:], self.board.orders[:] = seeds, np.where(reset, RESET, TELL)
        self.send(lent=lent)
        return reset

    def step(self, actions: Tree, *, lent: bool) -> None:
        """Begins a turn in which each is stepped. Raises SpecError for actions of another form."""
        self.board.orders[:] = STEP  # also where a reset has failed, or was late
        self.send(lent=lent, given=self.act(actions))

    def call(self, name: str, arguments: Any, options: Any, deadline_s: Optional[float]) -> Tuple[Any, ...]:
        """Each environment's attribute of that name, or what it returns when it is a method."""
        try:
            given = to_value(arguments, "arguments"), to_value(options, "options")
            answers: List[Any] = self.ask_all("ask", name, *given, deadline_s=deadline_s)
        except CannotTravel as error:
            raise retold(error, name, arguments, options, to_value) from None
        return tuple(value_of_sent(one) for part in answers for one in from_value(part))


def spaces_of(told: Sequence[Dict[str, Any]], mode: Any) -> Tuple[Any, Any, Any, Any]:
    """The batch's and one environment's observation space, and the same for actions; `mode` as SyncVectorEnv has it.

    Raises Unlike where the environments differ more than the mode allows, ValueError for another mode.
    """
    seen = [space_of_data(one["observation"]) for one in told]
    acts = [space_of_data(one["action"]) for one in told]
    single = seen[0]
    if isinstance(mode, tuple) and len(mode) == 2 and all(isinstance(one, Space) for one in mode):
        batch, single = mode
    elif mode == "same":
        batch = batch_space(single, len(told))
    elif mode == "different":
        batch = batch_differing_spaces(seen)
    else:
        raise ValueError(f"observation_mode is {mode!r}: 'same', 'different', or a batch's and one's space")
    for index, (observation, action) in enumerate(zip(seen, acts)):
        alike = observation == single if mode == "same" else is_space_dtype_shape_equiv(observation, single)
        if not alike:
            hint = "; observation_mode='different' allows other bounds" if mode == "same" else ""
            raise Unlike(
                f"environment {index} has another observation space than environment 0: "
                f"{observation} and {single}{hint}"
            )
        if action != acts[0]:
            raise Unlike(
                f"environment {index} has another action space than environment 0: {action} and {acts[0]}"
            )
    return batch, single, batch_space(acts[0], len(told)), acts[0]


def infos_of(env: Any, told: Sequence[Any]) -> Infos:
    """The infos of a batch, as VectorEnv puts them together, in the order of the environments."""
    infos: Infos = {}
    for index, final, info, _ in told:
        if final is not None:
            infos = env._add_info(infos, {"final_obs": final[0], "final_info": final[1]}, index)
        infos = env._add_info(infos, info, index)
    return infos


def factory_of(env: Env) -> Factory:
    """An id of Gymnasium's, or a factory by name."""
    name, options = env if isinstance(env, (tuple, list)) else (env, {})
    if isinstance(name, str) and (_ID.search(name) or ":" not in name):
        return _MAKE, {"env_id": name, **options}
    return name, options


def mask_of(mask: Any, count: int) -> np.ndarray:
    """Which environments a reset is for. Raises TypeError, ValueError for what is no mask."""
    if not isinstance(mask, np.ndarray) or mask.dtype != np.bool_:
        told = f"an array of {mask.dtype}" if isinstance(mask, np.ndarray) else type(mask).__name__
        raise TypeError(f"options['reset_mask'] is {told}: a NumPy array of bool")
    if mask.shape != (count,) or not mask.any():
        raise ValueError(f"options['reset_mask'] is {mask}: {count} entries, at least one of them True")
    return mask
