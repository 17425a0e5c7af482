"""Pictures of a run, drawn with Pillow (extra `pictures`); imported only when there is something to draw."""
