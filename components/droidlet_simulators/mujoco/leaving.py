"""What of a scene this engine does not load, a sentence each."""

from __future__ import annotations

from typing import List, Tuple

from droidlet_simulators.scene import Scene


def left_out(scene: Scene) -> Tuple[str, ...]:
    """What is not loaded: how surfaces are patterned, lamps."""
    found: List[str] = []
    looks = scene.looks
    surfaces = {"floor": looks.floor, "ceiling": looks.ceiling, "wall": looks.wall}
    surfaces.update({f"things[{ident}]": surface for ident, surface in looks.things.items()})
    for name, surface in surfaces.items():
        if surface.pattern != "plain" or surface.colours:
            found.append(f"looks.{name}: a surface of {surface.pattern}; drawn in its one own colour")
    if looks.lighting.lamps:
        found.append(
            f"looks.lighting.lamps: {len(looks.lighting.lamps)} lamps; light comes from one direction only"
        )
    for walker in scene.people:
        if walker.limbs:
            found.append(
                f"people: person {walker.body.id} moves its limbs; here it is a stiff figure that glides"
            )
    return tuple(found)
