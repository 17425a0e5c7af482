"""What of a scene this engine does not load, a sentence each."""

from __future__ import annotations

from typing import List, Tuple, Union

from droidlet_simulators.mujoco.world import MjcfScene
from droidlet_simulators.scene import Scene


def left_out(scene: Union[Scene, MjcfScene], renderer: str) -> Tuple[str, ...]:
    """What is not loaded: how surfaces are patterned, lamps; with rays, textures of a user's model."""
    if isinstance(scene, MjcfScene):
        textured = renderer == "rays" and "<texture" in scene.xml
        return ("textures: rays draw each material in its one colour",) if textured else ()
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
    return tuple(found)
