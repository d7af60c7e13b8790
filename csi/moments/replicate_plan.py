"""Which replicates a survey gets, and what each does to the weights of its respondents.

The jackknife leaves out groups of sampled units [kott2001delete]: units are put into groups at
random, systematically along periods, strata and keys, and each replicate leaves out one group and
lets the rest of each stratum stand in for it. With no more units than draws every unit is a group
of its own, and the jackknife is the exact one. Balanced half samples need two units in each
stratum; each replicate takes one of each, by the signs of a Hadamard matrix [mccarthy1969pseudo],
Fay's variant lets the other keep a part of its weight [judkins1990fay]. A unit that is in several
periods is in the same group, or half, in all of them; what stands in for it is found within each
period's stratum.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import get_args

import numpy as np

from csi.arrays import Array, IntArray
from csi.errors import Fault, MomentsError, OptionError
from csi.moments.balanced import half_samples
from csi.moments.blocks import Block
from csi.moments.deleted_groups import deleted_groups
from csi.moments.groups import require_names
from csi.moments.multipliers import Multipliers, SuppliedWeights, weights_freedom
from csi.moments.replication import Method, Replication
from csi.moments.sampled import sampled_units
from csi.survey.cells import nearest
from csi.survey.survey import Survey
from csi.tabular import Brief

LARGEST_FAY = 0.99
"""With more, replicates differ less than the estimates are exact, and errors are noise."""

GROUPS = 80
"""Groups of the jackknife where none are asked for: a standard error good to 8 %."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ReplicatePlan(Brief):
    """The replicates of one survey: the method, and the weights of its respondents.

    Attributes
    ----------
    replication : Replication
    seed : int
        Of random draws, together with the labels of the groups.
    rank : (n) or None
        Order in which respondents are added up, the same whatever the order of the file.
    multipliers : Multipliers or None
        Multipliers of the sampling weights; None for random draws, made block by block, and for
        the delta method.
    places : (n) or None
        Places in the survey of the respondents the plan is for, ascending; None for all.
    """

    replication: Replication
    seed: int
    rank: IntArray | None = None
    multipliers: Multipliers | None = None
    places: IntArray | None = None

    @property
    def supplied(self) -> bool:
        """Whether replicate weights came with the survey: `blocks_of` takes it as `replicated`."""
        return self.replication.method == "supplied"

    def weights(self, numbers: IntArray, part: slice | None = None) -> Array:
        """Return the multipliers (R, m) of the sampling weights of some respondents.

        Parameters
        ----------
        numbers : (m) their places in the survey
        part : slice, optional
            The replicates wanted, with a start and a stop; all where None.

        Returns
        -------
        (R, m) array; for a respondent of sampling weight 0, supplied replicate weights as they are

        Raises
        ------
        MomentsError
            For methods that do not weight respondents beforehand.
        """
        if self.multipliers is None:
            raise MomentsError(
                Fault(
                    f"method {self.replication.method}",
                    "has no replicate weights of the whole survey",
                    "take jackknife, brr, fay or supplied",
                )
            )
        return self.multipliers.at(self.at(numbers), part or slice(0, self.replication.replicates))

    def at(self, numbers: IntArray) -> IntArray:
        """Return the rows of the plan for places in the survey."""
        return numbers if self.places is None else np.searchsorted(self.places, numbers)

    def within(self, block: Block) -> ReplicatePlan:
        """Return the plan of a block's respondents only: little to send to another process."""
        if self.multipliers is None or self.rank is None:
            return self
        places = np.unique(np.concatenate([sample.numbers for sample in block.samples]))
        own = self.at(places)
        return replace(
            self, rank=self.rank[own], multipliers=self.multipliers.take(own), places=places
        )


def plan_replicates(
    survey: Survey,
    method: Method = "design",
    *,
    draws: int,
    seed: int,
    groups: int | None = None,
    fay: float = 0.5,
    by: str | None = None,
) -> ReplicatePlan:
    """Decide on the replicates of a survey.

    Parameters
    ----------
    survey : Survey
    method : Method
        ``design``: supplied replicate weights where the survey has them, else the bootstrap.
    draws : int
        Number of random draws; the jackknife makes no more replicates than this unless `groups`
        says so. The number of balanced or supplied replicates is what it is.
    seed : int
        The same seed gives the same bytes.
    groups : int, optional
        Groups of the jackknife. Where None: every sampled unit is one where there are no more
        units than `draws`, else 80 groups or `draws` if fewer.
    fay : float
        Fay's coefficient, 0 to 0.99: what the lighter half keeps of its weight.
    by : str, optional
        The key whose values are the periods, each with strata of its own; the codebook's time
        where None, no periods where empty.

    Returns
    -------
    ReplicatePlan

    Raises
    ------
    OptionError
        For impossible options.
    MomentsError
        Where the survey cannot have such replicates: with the strata and what to take instead.

    Notes
    -----
    Sampling fractions: the bootstrap draws with less spread, ``sqrt(1 - f)`` of it in each
    stratum [rao1988resampling]; the jackknife has ``1 - f`` in its factors where one fraction
    holds for all that a replicate changes, else the largest of them there and the rest in the
    multipliers, as half samples have all of it. Supplied weights are taken to contain it.

    Groups, such as companies: the jackknife, half samples and supplied weights change the weights
    of the whole survey, so that groups are domains of it, as in ``svyby`` of R's survey package.
    The bootstrap and Gaussian draws, like linearisation, take groups that share no sampled unit
    for samples of their own: how many of a stratum a group has is then no chance. The roads
    differ where strata cut across groups and differ in their means: the first is right where
    groups are found among those sampled, the second where they were sampled one by one.
    """
    _check(method, draws, groups, fay)
    if by:
        require_names(survey, (), (by,))
    if method == "design":
        method = "bootstrap" if survey.design.replicates is None else "supplied"
    if method == "supplied":
        return _supplied(survey, seed)
    if method == "jackknife":
        return _jackknife(survey, draws, seed, groups, by)
    if method in ("brr", "fay"):
        return _balanced(survey, seed, method, fay if method == "fay" else 0.0, by)
    if method == "delta":
        words = "linearisation (delta method), no replicates"
        return ReplicatePlan(Replication(method, 0, words, factors=np.zeros(0)), seed)
    if method == "gaussian":
        words = f"Gaussian draws of moments, {draws} draws, seed {seed}"
        return ReplicatePlan(Replication(method, draws, words), seed)
    words = f"bootstrap of {_units(survey)} (Rao-Wu), {draws} draws, seed {seed}"
    return ReplicatePlan(Replication("bootstrap", draws, words), seed)


def _check(method: str, draws: int, groups: int | None, fay: float) -> None:
    """Raise for impossible options, all at once."""
    faults = []
    known = get_args(Method)
    if method not in known:
        fix = f"{nearest(str(method), known)} (possible: {', '.join(known)})"
        faults.append(Fault("option method", f"{method!r} is not possible", fix))
    if draws < 2:
        faults.append(Fault("option draws", f"{draws} is too few", "take at least 2"))
    if groups is not None and groups < 2:
        faults.append(Fault("option groups", f"{groups} is too few", "take at least 2"))
    if not 0 <= fay <= LARGEST_FAY:
        fix = f"take 0 to {LARGEST_FAY}; 0.3 and 0.5 are usual"
        faults.append(Fault("option fay", f"{fay!r} is not possible", fix))
    if faults:
        raise OptionError(faults)


def _units(survey: Survey) -> str:
    units = "clusters" if survey.design.clustered else "respondents"
    return units + (" within strata" if survey.design.stratified else "")


def _jackknife(
    survey: Survey, draws: int, seed: int, groups: int | None, by: str | None
) -> ReplicatePlan:
    found = sampled_units(survey, merge=True, by=by)
    wanted = groups or (draws if found.units <= draws else min(draws, GROUPS))
    exact = found.units <= wanted
    multipliers, factors = deleted_groups(found, None if exact else wanted, seed)
    freedom = float(wanted - 1)
    words = f"jackknife, {wanted} groups of {_units(survey)}, seed {seed}"
    if exact:
        freedom = float(found.units - len(np.unique(found.linked())))
        words = f"jackknife, each of {found.units} {_units(survey)} left out in turn"
    own = Replication("jackknife", len(factors), words, factors=factors, freedom=freedom)
    return ReplicatePlan(own, seed, found.rank, multipliers)


def _balanced(
    survey: Survey, seed: int, method: Method, fay: float, by: str | None
) -> ReplicatePlan:
    found = sampled_units(survey, merge=False, by=by)
    multipliers, strata = half_samples(found, method, fay)
    order = multipliers.order
    words = f"balanced half samples of {_units(survey)}, {order} replicates"
    if fay:
        words = f"{words}, Fay's coefficient {fay:g}"
    own = Replication(
        method,
        order,
        words,
        factors=np.full(order, 1.0 / (order * (1.0 - fay) ** 2)),
        freedom=float(strata),
    )
    return ReplicatePlan(own, seed, found.rank, multipliers)


def _supplied(survey: Survey, seed: int) -> ReplicatePlan:
    given = survey.design.replicates
    if given is None:
        raise MomentsError(
            Fault(
                "option method supplied",
                "the survey has no replicate weights",
                "name their columns in the codebook, or take bootstrap or jackknife",
            )
        )
    base = np.where(survey.design.weights > 0, survey.design.weights, 1.0)
    count = given.weights.shape[1]
    own = Replication(
        "supplied",
        count,
        f"{count} supplied replicate weights ({given.kind})",
        factors=given.factors,
        around=given.around,
        freedom=weights_freedom(survey.design.weights, given.weights),
    )
    rank = sampled_units(survey, merge=False).rank
    return ReplicatePlan(own, seed, rank, SuppliedWeights(given.weights, base))
