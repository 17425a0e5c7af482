"""Wishes that need a body: how each begins, and how it goes on when memory has answered."""

from __future__ import annotations

import math

from droidlet_interpreter.contract import Asked, Running, Waiting
from droidlet_interpreter.finding import (
    PERSON,
    ask_for,
    candidates,
    choose,
    elsewhere,
    resolve,
    searchable,
    the,
    unknown_text,
)
from droidlet_interpreter.names import clauses, settled, unknown_names, without_tags
from droidlet_interpreter.places import beside, between
from droidlet_interpreter.turn import Turn
from droidlet_interpreter.visiting import begin_each, wants_each
from droidlet_interpreter.wording import (
    a,
    called,
    degrees,
    described,
    distance_m,
    listed,
    metres,
    place,
    point,
)
from droidlet_schema import (
    Approach,
    Direction,
    Explore,
    ExploreForm,
    Face,
    Filters,
    Follow,
    FollowForm,
    GoTo,
    Location,
    LookAround,
    MemoryNode,
    MoveBy,
    MoveForm,
    ReferenceObject,
    SearchForm,
    Selector,
    Triple,
    TurnBy,
    TurnForm,
    evolve,
)

Waits = Asked | Running | Waiting | None
STEP_M = 1.0  # a move of no stated length
FARTHEST_M = 1000.0
_SIDES = {"FRONT": (1.0, 0.0), "BACK": (-1.0, 0.0), "LEFT": (0.0, 1.0), "RIGHT": (0.0, -1.0)}
_OPPOSITE: dict[str, Direction] = {"FRONT": "BACK", "BACK": "FRONT", "LEFT": "RIGHT", "RIGHT": "LEFT"}
_SIDE_NAMES = {"FRONT": "forward", "BACK": "back", "LEFT": "to the left", "RIGHT": "to the right"}
_BESIDE = ("LEFT", "RIGHT", "BACK", "AWAY", "BETWEEN")  # places that are not simply "at" the thing


def begin_move(turn: Turn, form: MoveForm) -> Waits:
    """Goes to a place, or by a distance."""
    location = form.location
    if not location.references:
        return _move_by(turn, form)
    first = location.references[0]
    if first.special == "AGENT":
        return (
            _move_by(turn, form)
            if location.relative_direction in _SIDES
            else _nothing(turn, "I am already there: that is where I am.")
        )
    if first.coordinates_m is not None and location.relative_direction not in _BESIDE:
        return _go_to(turn, first.coordinates_m)
    if first.filters is not None and first.filters.memory_type == "AGENT":
        return _go_back(turn, first.filters)
    if first.special == "SPEAKER" and location.relative_direction == "AWAY":
        return _move_by(turn, MoveForm(Location("BACK")))
    if location.relative_direction == "AROUND":
        turn.say("I cannot drive around things yet, so I only go there.")
    if location.relative_direction in _BESIDE and first.special != "SPEAKER_LOOK":
        return _ask_beside(turn, location)
    asked = ask_for(turn, first, "move", form)
    within_m = location.distance_m if location.relative_direction == "NEAR" else None
    if asked is None or within_m is None or not 0 <= within_m < FARTHEST_M:
        return asked
    return evolve(asked, within_m=max(0.3, within_m))


def begin_search(turn: Turn, form: SearchForm) -> Waits:
    """Finds a thing and goes there."""
    if form.reference == ReferenceObject():
        turn.state = evolve(turn.state, open_wish=form)
        return _nothing(turn, "What should I look for?")
    if form.reference.special == "AGENT":
        return _nothing(turn, "You have found me: I am here.")
    if form.reference.coordinates_m is not None:
        return _go_to(turn, form.reference.coordinates_m)
    return ask_for(turn, form.reference, "move", form)


def begin_follow(turn: Turn, form: FollowForm) -> Waits:
    """Follows somebody or something."""
    if form.reference.special == "AGENT":
        return _nothing(turn, "I cannot follow myself.")
    reference = ReferenceObject(filters=PERSON) if form.reference == ReferenceObject() else form.reference
    return ask_for(turn, reference, "follow", form)


def begin_turn(turn: Turn, form: TurnForm) -> Waits:
    """Turns by an angle, or towards something."""
    facing = form.facing
    if facing.relative_yaw_rad is not None or facing.location is None:
        return _turn_by(turn, math.pi / 2 if facing.relative_yaw_rad is None else facing.relative_yaw_rad)
    references = facing.location.references
    if facing.location.relative_direction == "AWAY":
        return _nothing(
            turn, "I cannot turn away from things yet. Tell me by how many degrees I should turn."
        )
    if not references:
        turn.state = evolve(turn.state, open_wish=form)
        return _nothing(turn, "What should I look at?")
    if references[0].special == "AGENT":
        return _nothing(turn, "I have no mirror to look at myself.")
    if references[0].coordinates_m is not None:
        x, y = (*references[0].coordinates_m, math.nan, math.nan)[:2]
        return _face(turn, x, y, point(x, y))
    return ask_for(turn, references[0], "face", form)


def begin_explore(turn: Turn, form: ExploreForm) -> Waits:
    """Looks around here, or explores everything."""
    if form.extent == "HERE":
        return _started(turn, turn.push(LookAround(), "looking around"), "OK, I am looking around.")
    return _started(turn, turn.push(Explore(), "exploring"), "OK, I am exploring.")


def _nothing(turn: Turn, text: str) -> Waits:
    """Says why nothing begins."""
    turn.say(text)
    return None


def _started(turn: Turn, running: Running, text: str) -> Running:
    """Says so, unless the very same is being done already."""
    others = [task for task in turn.running() if not task.paused]
    turn.say(f"{text} After that I will carry on {others[0].doing}." if others else text)
    return running


def _move_by(turn: Turn, form: MoveForm) -> Waits:
    location = form.location
    if location.relative_direction is None and location.distance_m is None:
        turn.state = evolve(turn.state, open_wish=form)
        return _nothing(turn, "Where should I go?")
    side = location.relative_direction or "FRONT"
    if side not in _SIDES:
        return _nothing(turn, f"I cannot move {side.lower()}: I only drive on the floor.")
    distance = STEP_M if location.distance_m is None else location.distance_m
    if not 0 < abs(distance) <= FARTHEST_M:
        text = (
            "That is no distance: I stay where I am."
            if distance == 0
            else f"That is too far for me: {metres(distance)}."
        )
        return _nothing(turn, text)
    if distance < 0:
        side, distance = _OPPOSITE[side], -distance
    forward, left = (distance * part for part in _SIDES[side])
    turn.state = evolve(turn.state, before=turn.inputs.pose)
    words = f"moving {metres(distance)} {_SIDE_NAMES[side]}"
    return _started(turn, turn.push(MoveBy(forward, left), words), f"OK, I am {words}.")


def _turn_by(turn: Turn, angle_rad: float) -> Waits:
    if not math.isfinite(angle_rad) or abs(angle_rad) > 200 * math.pi:
        return _nothing(turn, "That is too much turning for me.")
    if abs(angle_rad) < 1e-3:
        return _nothing(turn, "I am already facing that way.")
    words = (
        "turning around"
        if abs(abs(angle_rad) - math.pi) < 1e-3
        else f"turning {'left' if angle_rad > 0 else 'right'} by {degrees(angle_rad)}"
    )
    return _started(turn, turn.push(TurnBy(angle_rad), words), f"OK, I am {words}.")


def _face(turn: Turn, x_m: float, y_m: float, label: str) -> Waits:
    if not (math.isfinite(x_m) and math.isfinite(y_m)):
        return _nothing(turn, "I do not know where that is.")
    words = f"turning to {label}"
    return _started(
        turn, turn.push(Face(x_m=x_m, y_m=y_m, label=label), words, label, aim="face"), f"OK, I am {words}."
    )


def _go_to(turn: Turn, coordinates_m: tuple[float, ...], words: str = "") -> Waits:
    if len(coordinates_m) < 2 or not all(
        math.isfinite(v) and abs(v) <= FARTHEST_M for v in coordinates_m[:2]
    ):
        return _nothing(turn, "I cannot go there: that is too far away.")
    x, y = coordinates_m[:2]
    label = words or point(x, y)
    if _is_doing(turn, f"going to {label}"):
        return None
    turn.state = evolve(turn.state, before=turn.inputs.pose)
    return _started(
        turn,
        turn.push(GoTo(x, y, label=label), f"going to {label}", label, aim="go"),
        f"OK, I am going to {label}.",
    )


def _is_doing(turn: Turn, *doing: str) -> bool:
    """Whether the newest task is that very one; says so, and goes on with it where it rests."""
    newest = next(iter(turn.running()), None)
    if newest is None or newest.doing not in doing:
        return False
    if newest.paused:
        turn.resume()
        turn.say(f"OK, I carry on {newest.doing}.")
    else:
        turn.say(f"I am already {newest.doing}.")
    return True


def _go_back(turn: Turn, filters: Filters) -> Waits:
    start = any(t == Triple("has_tag", "START") for t in (filters.where,))
    pose = turn.state.start if start else turn.state.before
    if pose is None:
        return _nothing(turn, "I have not been anywhere else yet.")
    return _go_to(turn, (pose.x_m, pose.y_m), "where I started" if start else "where I was before")


def answered(turn: Turn, asked: Asked, nodes: tuple[MemoryNode, ...]) -> Waits:
    """Goes on with a wish when memory has said what fits."""
    if asked.purpose == "beside":
        return _beside_answered(turn, asked, nodes)
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
        return _face(turn, x, y, label)
    if not several and _is_doing(turn, f"going to {label}", f"looking for {label}"):
        return None
    turn.state = evolve(turn.state, before=turn.inputs.pose)
    filters = settled(asked.filters)
    task = Approach(filters, within_m=asked.within_m, label=label, node_id=node.id)
    running = turn.push(task, f"going to {label}", label, filters, "go")
    text = f"{several}." if several else f"OK, I am going to {label}."
    return _started(turn, running, text + unsure)


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
    if _is_doing(turn, f"looking for {label}", f"going to {label}"):
        return None
    filters = searchable(asked.filters)
    wanted = elsewhere(filters, known) if asked.filters.other else filters
    find_only = asked.purpose == "face"
    turn.state = evolve(turn.state, before=turn.inputs.pose)
    task = Approach(wanted, within_m=asked.within_m, label=label, find_only=find_only)
    running = evolve(turn.push(task, f"looking for {label}", label, filters, "look"), find_only=find_only)
    return _started(turn, running, _looking_text(asked) + unsure)


def _looking_text(asked: Asked) -> str:
    if asked.label == "you":
        return "I do not see you yet; I will look for you."
    if asked.filters.where == PERSON.where:
        who = "anybody else" if asked.filters.other else "anybody"
        return f"I have not seen {who} yet; I will look for a person."
    what = "another one" if asked.filters.other else _what(asked)
    return f"I have not seen {what} yet; I will look for it."


def _what(asked: Asked) -> str:
    return a(asked.label) if _is_plain(asked.filters) else the(asked.label)


def _is_plain(filters: Filters) -> bool:
    return filters.selector is None or filters.selector.quantity not in ("MIN", "MAX")


def _follow(turn: Turn, asked: Asked, node: MemoryNode | None, unsure: str) -> Waits:
    label = the(asked.label)
    if _is_doing(turn, f"following {label}"):
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
    return _started(turn, running, text + " Say “stop” when it is enough." + unsure)


def _ask_beside(turn: Turn, location: Location, kept: tuple[MemoryNode, ...] = ()) -> Waits:
    reference = location.references[len(kept) if len(location.references) > len(kept) else -1]
    if reference.coordinates_m is not None:
        return _go_to(turn, reference.coordinates_m)
    filters, label = resolve(turn, reference)
    if filters is None:
        turn.state = evolve(turn.state, open_wish=MoveForm(location))
        return None
    unknown = unknown_names(filters, turn.names)
    if unknown:
        return _nothing(turn, unknown_text(turn, unknown))
    where, unsure = without_tags(filters.where)
    filters = evolve(filters, where=where)
    return Asked(turn.ask(filters), "beside", filters, label, kept, location, unsure=unsure)


def _beside_answered(turn: Turn, asked: Asked, nodes: tuple[MemoryNode, ...]) -> Waits:
    location = asked.place or Location()
    fitting = tuple(
        n for n in candidates(turn, asked.filters, nodes) if n.id not in {k.id for k in asked.kept}
    )
    two = location.relative_direction == "BETWEEN"
    if two and len(location.references) == 1:
        fitting = tuple(sorted(fitting, key=lambda node: (distance_m(turn.inputs.pose, node), node.id)))
        if len(fitting) >= 2:
            return _go_beside(turn, location, fitting[:2])
    node, _ = choose(turn, evolve(asked, filters=evolve(asked.filters, contains_coreference=False)), fitting)
    if node is None or (two and len(location.references) == 1):
        return _look_first(turn, asked)
    turn.attend(node, asked.filters, asked.label)
    kept = (*asked.kept, node)
    if two and len(kept) < 2:
        return _ask_beside(turn, location, kept)
    return _go_beside(turn, location, kept)


def _look_first(turn: Turn, asked: Asked) -> Waits:
    """The thing beside which to go is not known: look for it, then think again."""
    label = the(asked.label)
    filters = evolve(
        searchable(asked.filters),
        selector=Selector("MIN", ordinal=2)
        if len((asked.place or Location()).references) == 1
        and (asked.place or Location()).relative_direction == "BETWEEN"
        else None,
    )
    running = turn.push(
        Approach(filters, label=label, find_only=True), f"looking for {label}", label, filters, "look"
    )
    _started(turn, running, f"I have not seen {_what(asked)} yet; I will look for it first.")
    return evolve(running, beside=asked.place, find_only=True)


def _go_beside(turn: Turn, location: Location, nodes: tuple[MemoryNode, ...]) -> Waits:
    pose = turn.inputs.pose
    side: str = location.relative_direction or "NEAR"
    if location.references[0].special == "SPEAKER":
        side = {"LEFT": "RIGHT", "RIGHT": "LEFT"}.get(side, side)  # who speaks to me faces me
    spot = (
        between(nodes[0], nodes[1]) if len(nodes) > 1 else beside(pose, nodes[0], side, location.distance_m)
    )
    return _go_to(turn, spot, _beside_words(location))


def _beside_words(location: Location) -> str:
    words = place(location)
    if words.startswith("to your"):
        return f"the place {words}"
    return (
        f"the place {words.removeprefix('to ')}"
        if not words.startswith("to the")
        else words.removeprefix("to ")
    )
