"""The figures of one construct in all periods: which level stands for which company."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass, field

import numpy as np

from csi.compare.aggregation.combine import Sources
from csi.compare.aggregation.hierarchy import Hierarchy
from csi.compare.aggregation.match import Label, match_faults
from csi.compare.aggregation.members import Member
from csi.compare.aggregation.options import AggregateOptions
from csi.compare.aggregation.roll_up import Figure, Pick, roll_up
from csi.errors import Fault, IndexFigureError, OptionError
from csi.index.joint import Joint
from csi.survey.cells import nearest


@dataclass(frozen=True, slots=True)
class Track:
    """One construct, rolled up in every period.

    Attributes
    ----------
    joint : Joint
    table : Hierarchy
    construct : str
    options : AggregateOptions
    sources : Sources
    given : tuple of Member
        The rows whose figures follow the groups among the sources.
    figures : dict of str to dict of str to Figure
        By period and name.
    """

    joint: Joint
    table: Hierarchy
    construct: str
    options: AggregateOptions
    sources: Sources
    given: tuple[Member, ...]
    figures: dict[str, dict[str, Figure]] = field(default_factory=dict)

    def before(self, period: str) -> str:
        """Return the period that changes are from, or nothing."""
        at = self.joint.periods.index(period) - self.options.lag
        return self.joint.periods[at] if at >= 0 else ""

    def base(self, figure: Figure) -> int | None:
        """Return the respondents behind a figure; None where the survey has no part in it."""
        groups = [number for number in figure.sources.values() if number < len(self.joint.labels)]
        return int(self.joint.base[groups, self.sources.column].sum()) if groups else None

    def members_of(self, figure: Figure) -> dict[str, Member]:
        """Return the companies whose figures are given, with their rows."""
        first = len(self.joint.labels)
        return {
            name: self.given[number - first]
            for name, number in figure.sources.items()
            if number >= first
        }

    def items(self, number: int) -> tuple[bool, ...]:
        """Return which items of the construct were asked behind a level."""
        if number >= len(self.joint.labels):
            return ()
        own = self.joint.blocks[:, self.sources.column]
        return tuple(np.isfinite(self.joint.means[number, own]).tolist())

    def available(self, period: str, name: str) -> Set[str]:
        """Return the companies below a name that have a figure in a period."""
        return self.part(period, name, set(self.table.leaves)).sources.keys()

    def part(self, period: str, name: str, names: Set[str]) -> Figure:
        """Return the figure of a name in a period from some of the companies only."""
        pick = _picker(self, period)
        return roll_up(
            self.table,
            period,
            self.sources,
            lambda row: pick(row) if row.name in names else None,
            renormalise=True,
            top=name,
        )[name]


def tracks(
    joint: Joint, table: Hierarchy, construct: str | None, options: AggregateOptions
) -> tuple[list[Track], list[Label]]:
    """Return the figures of each construct, and the groups that the table leaves out.

    Raises
    ------
    OptionError
        An unknown construct, or figures given in the table without a word what they measure.
    IndexFigureError
        A table that does not go with the survey.
    """
    given_of = _check_constructs(joint, table, construct, options)
    faults, out = match_faults(table, joint.labels, joint.periods)
    if faults:
        raise IndexFigureError(faults)
    names = joint.constructs if construct is None else (construct,)
    return [_track(joint, table, name, name == given_of, options) for name in names], out


def _check_constructs(
    joint: Joint, table: Hierarchy, construct: str | None, options: AggregateOptions
) -> str:
    """Return the construct of given figures, once the names are known to be right."""
    faults = [
        Fault(where, f"{name!r} is no construct", nearest(name, joint.constructs))
        for where, name in (("construct", construct), ("option given", options.given))
        if name and name not in joint.constructs
    ]
    of = options.given or construct or (joint.constructs[0] if len(joint.constructs) == 1 else "")
    if not of and any(row.given for row in table.members):
        what = f"{table.source} gives figures, and not of which construct"
        fix = f"say it in the option given: {', '.join(joint.constructs)}"
        faults.append(Fault("option given", what, fix))
    if faults:
        raise OptionError(faults)
    return of


def _track(
    joint: Joint, table: Hierarchy, construct: str, with_given: bool, options: AggregateOptions
) -> Track:
    """Roll one construct up in every period."""
    given = tuple(row for row in table.members if row.given) if with_given else ()
    sources = Sources(
        joint,
        joint.column(construct),
        np.array([row.index for row in given], dtype=np.float64),
        np.nan_to_num(np.array([row.se for row in given], dtype=np.float64)),
        np.nan_to_num(np.array([row.weight_se for row in table.members])),
    )
    track = Track(joint, table, construct, options, sources, given)
    for period in joint.periods:
        track.figures[period] = roll_up(
            table,
            period,
            sources,
            _picker(track, period),
            renormalise=options.missing == "renormalise",
        )
    return track


def _picker(track: Track, period: str) -> Pick:
    """Return the rule which level stands for a company in a period."""
    joint = track.joint
    number_of = {label: number for number, label in enumerate(joint.labels)}
    levels = joint.index[:, track.sources.column]
    given = {id(row): number for number, row in enumerate(track.given, len(joint.labels))}
    window = list(_window(track, period))

    def pick(row: Member) -> int | None:
        for earlier in window:
            number = number_of.get((earlier, row.name))
            if number is not None and np.isfinite(levels[number]):
                return number
            if id(row) in given:  # of this period, so before any earlier one of the survey
                return given[id(row)]
        return None

    return pick


def _window(track: Track, period: str) -> Iterator[str]:
    """Return the periods whose figures may stand for a period, the latest first."""
    at = track.joint.periods.index(period)
    first = max(0, at - track.options.rolling + 1)
    yield from reversed(track.joint.periods[first : at + 1])
