"""How a wish goes on when memory has answered: to what is known, or in search of what is not."""

from __future__ import annotations

from droidlet_interpreter.choosing import candidates, choose
from droidlet_interpreter.contract import Asked
from droidlet_interpreter.describing import described
from droidlet_interpreter.driving import turn_to_point
from droidlet_interpreter.english import a, listed, the
from droidlet_interpreter.going_beside import beside_answered
from droidlet_interpreter.labels import called
from droidlet_interpreter.names import clauses, settled
from droidlet_interpreter.resolving import PERSON
from droidlet_interpreter.searching import elsewhere, searchable
from droidlet_interpreter.starting import Waits, is_doing, one_or_the, started
from droidlet_interpreter.turn import Turn
from droidlet_interpreter.visiting import begin_each, wants_each
from droidlet_schema import Approach, Follow, MemoryNode, evolve


def pursue(turn: Turn, asked: Asked, nodes: tuple[MemoryNode, ...]) -> Waits:
    """Goes on with a wish when memory has said what fits."""
    if asked.purpose == "beside":
        return beside_answered(turn, asked, nodes)
    node, several = choose(turn, asked, nodes)
    unsure = f" I cannot tell whether it is {listed(asked.unsure)}." if asked.unsure else ""
    if asked.purpose == "follow":
        return _follow(turn, asked, node, unsure)
    if node is None:
        return _look_for(turn, asked, nodes, unsure)
    if wants_each(asked.filters):
        fitting = candidates(turn, asked.filters, nodes)
        if len(fitting) > 1:
            return begin_each(turn, asked, fitting, unsure)
        several = f"I know only one {described(evolve(asked.filters, selector=None))}: I am going there"
    turn.attend(node, asked.filters, asked.label)
    label = the(_one_name(asked, node))
    if asked.purpose == "face":
        x, y, _ = node.position_m or (0.0, 0.0, 0.0)
        return turn_to_point(turn, x, y, label)
    if not several and is_doing(turn, f"going to {label}", f"looking for {label}"):
        return None
    turn.state = evolve(turn.state, before=turn.inputs.pose)
    filters = settled(asked.filters)
    task = Approach(filters, within_m=asked.within_m, label=label, node_id=node.id)
    running = turn.push(task, f"going to {label}", label, filters, "go")
    text = f"{several}." if several else f"OK, I am going to {label}."
    return started(turn, running, text + unsure)


def _one_name(asked: Asked, node: MemoryNode) -> str:
    """What to call the node chosen: as it was asked for, or by its own name where that left the kind open."""
    names = [triple for triple in clauses(asked.filters.where) if triple.predicate == "has_name"]
    if len(names) == 1 and not asked.filters.other or asked.label == "you":
        return asked.label
    choice = asked.filters.selector
    best = choice is not None and choice.quantity in ("MIN", "MAX")
    return f"{asked.label}, {a(called(node))}" if best else called(node)


def _look_for(turn: Turn, asked: Asked, known: tuple[MemoryNode, ...], unsure: str) -> Waits:
    label = f"another {asked.label}" if asked.filters.other else the(asked.label)
    if is_doing(turn, f"looking for {label}", f"going to {label}"):
        return None
    filters = searchable(asked.filters)
    wanted = elsewhere(filters, known) if asked.filters.other else filters
    find_only = asked.purpose == "face"
    turn.state = evolve(turn.state, before=turn.inputs.pose)
    task = Approach(wanted, within_m=asked.within_m, label=label, find_only=find_only)
    running = evolve(turn.push(task, f"looking for {label}", label, filters, "look"), find_only=find_only)
    return started(turn, running, _looking_text(asked) + unsure)


def _looking_text(asked: Asked) -> str:
    if asked.label == "you":
        return "I do not see you yet; I will look for you."
    if asked.filters.where == PERSON.where:
        who = "anybody else" if asked.filters.other else "anybody"
        return f"I have not seen {who} yet; I will look for a person."
    what = "another one" if asked.filters.other else one_or_the(asked)
    return f"I have not seen {what} yet; I will look for it."


def _follow(turn: Turn, asked: Asked, node: MemoryNode | None, unsure: str) -> Waits:
    label = the(asked.label)
    if is_doing(turn, f"following {label}"):
        return None
    if node is not None:
        turn.attend(node, asked.filters, asked.label)
    filters = evolve(searchable(asked.filters), selector=None)
    running = turn.push(Follow(filters, label=label), f"following {label}", label, filters, "follow")
    text = (
        f"OK, I am following {label}."
        if node is not None
        else f"I do not see {label} yet; I will look and then follow."
    )
    return started(turn, running, text + " Say “stop” when it is enough." + unsure)
