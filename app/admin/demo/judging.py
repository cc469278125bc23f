"""Screening, assignment and scoring of the demonstration's entries."""


def play(story, season) -> None:
    """Not yet."""
