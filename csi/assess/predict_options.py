"""What may be chosen in prediction out of sample, with the defaults: the only place for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

from csi.errors import Fault, OptionError
from csi.estimate.pls import PLSOptions
from csi.moments.values import Missing

Technique = Literal["direct", "earliest"]
"""What a construct is predicted from: composites of its direct antecedents, or of the exogenous
constructs alone, through all paths between."""

Benchmark = Literal["antecedents", "exogenous", "all"]
"""Items on which the linear model regresses: those the path model itself predicts from; those of
all exogenous constructs; those of all constructs but the item's own, its consequences too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictOptions:
    """Options of prediction out of sample.

    Attributes
    ----------
    technique : {"direct", "earliest"}
        Direct antecedents (DA) or earliest antecedents (EA) [danks2021piggy].
    benchmark : {"antecedents", "exogenous", "all"}
        Predictors of the linear model. ``antecedents``: the items that the path model predicts
        from, so that both know the same. ``exogenous``: the items of all exogenous constructs
        [shmueli2019predictive]; the same as ``antecedents`` for earliest antecedents that all lead
        to the construct. ``all``: items of all other constructs, as in R seminr 2.3.4; it
        may look at what follows from a construct, which no path model does. seminr 0.2.1 for
        Python has ``antecedents``.
    folds : int or "leave-one-out"
        Parts the respondents are dealt into; each is predicted from all others. With clusters
        ``leave-one-out`` leaves one cluster out.
    repetitions : int
        Times that the folds are dealt anew; 1 for ``leave-one-out``, where nothing is dealt.
    seed : int
    missing : {"em", "complete", "pairwise"}
        How the training moments treat missing answers, see `csi.moments.groups.moments_of`.
    pls : PLSOptions

    Raises
    ------
    OptionError
        All impossible values at once.

    Examples
    --------
    >>> PredictOptions(folds="leave-one-out").words()
    'direct antecedents, leave-one-out'
    """

    technique: Technique = "direct"
    benchmark: Benchmark = "antecedents"
    folds: int | Literal["leave-one-out"] = 10
    repetitions: int = 10
    seed: int = 1
    missing: Missing = "em"
    pls: PLSOptions = field(default_factory=PLSOptions)

    def __post_init__(self) -> None:
        """Check all values."""
        faults = []
        for name, kind in (
            ("technique", Technique),
            ("benchmark", Benchmark),
            ("missing", Missing),
        ):
            if getattr(self, name) not in get_args(kind):
                what = f"{getattr(self, name)!r} is not possible"
                faults.append(
                    Fault(f"option {name}", what, f"use one of {', '.join(get_args(kind))}")
                )
        if self.folds != "leave-one-out":
            faults += _whole("folds", self.folds, 2, "take 10, or 'leave-one-out'")
        faults += _whole("repetitions", self.repetitions, 1, "take 10")
        faults += _whole("seed", self.seed, 0, "take 1")
        if faults:
            raise OptionError(faults)

    @property
    def repeats(self) -> int:
        """How often respondents are dealt into folds."""
        return 1 if self.folds == "leave-one-out" else self.repetitions

    def words(self) -> str:
        """Return technique and folds in words."""
        if self.folds == "leave-one-out":
            return f"{self.technique} antecedents, leave-one-out"
        return f"{self.technique} antecedents, {self.folds} folds, {self.repetitions} repetitions"


def _whole(name: str, value: object, least: int, fix: str) -> list[Fault]:
    """Return the fault of an option that is no whole number, or too small a one."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= least:
        return []
    what = f"{value!r} is not a whole number of {least} or more"
    return [Fault(f"option {name}", what, fix)]
