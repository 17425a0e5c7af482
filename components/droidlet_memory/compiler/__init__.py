"""Questions as SQL."""
