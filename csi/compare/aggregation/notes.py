"""What a reader must know of an aggregate: what is missing, given, reused, or not comparable."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np

from csi.compare.aggregation.match import Label
from csi.compare.aggregation.periods import Track
from csi.compare.aggregation.roll_up import Figure
from csi.index.joint import Joint

SHOWN = 5
"""Names in a note; more are counted."""


def listed(names: Iterable[str]) -> str:
    """Return names in a sentence, the first few where there are many.

    Examples
    --------
    >>> listed(["A", "B"]), listed("ABCDEFG")
    ('A, B', 'A, B, C, D, E and 2 more')
    """
    every = list(names)
    more = f" and {len(every) - SHOWN} more" if len(every) > SHOWN else ""
    return ", ".join(every[:SHOWN]) + more


def figure_notes(track: Track, period: str, name: str, figure: Figure, used: int) -> list[str]:
    """Return the notes on a figure itself.

    Parameters
    ----------
    track : Track
    period, name : str
    figure : Figure
    used : int
        Replicates behind its error.
    """
    if figure.combination is None:
        if not track.table.levels[name]:
            return ["no figure: not in the survey" if track.joint.at(period, name) is None else
                    "no figure in the survey"]  # fmt: skip
        return [f"no figure: {listed(figure.missing)} without one"]
    notes = []
    if figure.missing:
        notes.append(
            f"without {listed(figure.missing)} ({100 * figure.missing_share:.1f} % of the "
            "weight): weights of the others renormalised"
        )
    if figure.year not in {"", period}:
        notes.append(f"weights of {figure.year}")
    notes += [*_reused(track, period, figure), *_given(track, name, figure)]
    notes += _small(track, name, figure)
    return notes + _draws(track, figure, used)


def _reused(track: Track, period: str, figure: Figure) -> list[str]:
    """Say which figures come from earlier periods."""
    labels = track.joint.labels
    old = [
        labels[number][0]
        for number in figure.sources.values()
        if number < len(labels) and labels[number][0] != period
    ]
    if not old:
        return []
    if len(figure.sources) == 1:
        return [f"figure of {old[0]}"]
    return [f"{len(old)} of {len(figure.sources)} companies with figures of earlier periods"]


def _given(track: Track, name: str, figure: Figure) -> list[str]:
    """Say which figures are given, and which of them without an error."""
    given = track.members_of(figure)
    if not given:
        return []
    bare = [company for company, row in given.items() if np.isnan(row.se)]
    if name in given:
        return ["given figure, without error" if bare else "given figure"]
    notes = [f"given figure: {listed(given)}"]
    if bare:
        notes.append(f"error too small: {listed(bare)} given without error")
    return notes


def _small(track: Track, name: str, figure: Figure) -> list[str]:
    """Say which companies inside are too small to be published alone."""
    labels, joint = track.joint.labels, track.joint
    small = [
        f"{company} (n = {int(joint.base[number, track.sources.column])})"
        for company, number in figure.sources.items()
        if number < len(labels)
        and joint.base[number, track.sources.column] < joint.min_n
        and company != name
    ]
    return [f"small base: {listed(small)}"] if small else []


def _draws(track: Track, figure: Figure, used: int) -> list[str]:
    """Say where an error is missing, or from some of the replicates only."""
    drawn = track.joint.draws[:, track.sources.column]
    groups = {name: at for name, at in figure.sources.items() if at < len(drawn)}
    every = drawn.shape[1]
    if not groups or not every:
        return []
    if used < 2:
        without = [name for name, at in groups.items() if np.isfinite(drawn[at]).sum() < 2]
        return [f"no margin of error: {listed(without or groups)} without one"]
    return [f"errors from {used} of {every} draws"] if used < 0.9 * every else []


def change_notes(
    track: Track, period: str, now: Figure, before: Figure | None
) -> tuple[list[str], bool]:
    """Return the notes on a change, and whether there is one.

    Parameters
    ----------
    track : Track
    period : str
    now, before : Figure
        The figures compared, of the matched companies where that was asked for.
    """
    earlier = track.before(period)
    if before is None or before.combination is None or now.combination is None:
        where = "this period" if now.combination is None else earlier
        return [f"no change figure: no figure in {where}"], False
    both = now.sources.keys() & before.sources.keys()
    if not both:
        return [f"no change figure: no company has a figure in {earlier} too"], False
    other = [
        company
        for company in now.sources
        if company in both
        and track.items(now.sources[company]) != track.items(before.sources[company])
    ]
    if other:
        return [f"no change figure: items differ from {earlier}: {listed(other)}"], False
    first = len(track.joint.labels)
    undated = [
        company
        for company, number in now.sources.items()
        if number >= first and before.sources.get(company) == number
    ]
    if len(undated) == len(now.sources):
        return ["no change figure: the given figure has no year"], False
    still = [f"taken as unchanged, given without a year: {listed(undated)}"] if undated else []
    if not differs(now, before):
        return still, True
    new = [company for company in now.sources if company not in both]
    gone = [company for company in before.sources if company not in both]
    notes = still + ([f"with {listed(new)}, not in {earlier}"] if new else [])
    notes += [f"without {listed(gone)} of {earlier}"] if gone else []
    return [f"companies differ: {', '.join(notes)}"], True


def differs(now: Figure, before: Figure) -> bool:
    """Whether two figures are of different companies."""
    return now.sources.keys() != before.sources.keys()


def left_out_note(joint: Joint, labels: Collection[Label]) -> str:
    """Say which groups of the survey are not in the table, with their respondents, or nothing."""
    if not labels:
        return ""
    n = int(sum(joint.base[joint.labels.index(label)].max() for label in labels))
    return f"not in the table: {listed(group for _, group in labels)} (n = {n})"
