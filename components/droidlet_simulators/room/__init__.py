"""Furnished rooms and flats in numpy: scenes, their simulator and its renderer."""
