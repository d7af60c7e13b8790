"""What may be chosen in a PLS fit, with the defaults: the only place where they are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from csi.errors import Fault, OptionError
from csi.estimate.fit import Metric

Scheme = Literal["path", "centroid", "factorial"]

Higher = Literal["repeated", "two-stage", "embedded"]
"""How constructs of constructs get their weights."""

_HIGHER_WORDS = {
    "repeated": "repeated indicators",
    "two-stage": "two stages (disjoint)",
    "embedded": "two stages (embedded)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PLSOptions:
    """Options of a PLS fit.

    Attributes
    ----------
    scheme : {"path", "centroid", "factorial"}
        Inner weighting scheme.
    metric : {"standardised", "raw"}
        Items of variance one, or centred items in their own points.
    consistent : bool
        PLSc: correct reflective blocks for attenuation [dijkstra2015consistent]; not for models
        with constructs of constructs.
    higher : {"repeated", "two-stage", "embedded"}
        Constructs of constructs: their items used again in one iteration, or their parts first
        and then the wholes from the scores of their parts (two-stage: the disjoint approach;
        embedded: the first stage has repeated indicators). It says nothing for other models.
    tolerance : float
        The iteration stops when no weight (for standardised items) moves by more.
    max_steps : int
        Limit of the iteration; a fit that reaches it says so.

    Raises
    ------
    OptionError
        For a value that is not possible, with the possible ones.

    Examples
    --------
    >>> PLSOptions(scheme="centroid", metric="raw").words()
    'PLS, centroid scheme, raw items'
    """

    scheme: Scheme = "path"
    metric: Metric = "standardised"
    consistent: bool = False
    higher: Higher = "repeated"
    tolerance: float = 1e-7
    max_steps: int = 300

    def __post_init__(self) -> None:
        """Check all values."""
        faults = []
        for name, possible in (
            ("scheme", get_args(Scheme)),
            ("metric", get_args(Metric)),
            ("higher", get_args(Higher)),
        ):
            if getattr(self, name) not in possible:
                faults.append(
                    Fault(
                        f"option {name}",
                        f"{getattr(self, name)!r} is not possible",
                        f"use one of {', '.join(possible)}",
                    )
                )
        if self.consistent and self.metric == "raw":
            faults.append(
                Fault(
                    "option consistent",
                    "PLSc is defined for standardised items only",
                    "use metric='standardised'",
                )
            )
        if not 0 < self.tolerance < 1:
            faults.append(
                Fault("option tolerance", f"{self.tolerance!r} is not between 0 and 1", "try 1e-7")
            )
        if self.max_steps < 1:
            faults.append(Fault("option max_steps", "must be at least 1", "try 300"))
        if faults:
            raise OptionError(faults)

    def words(self, *, wholes: bool = False) -> str:
        """Return the estimator with its options, in words.

        Parameters
        ----------
        wholes : bool
            Whether the model has constructs of constructs.
        """
        name = "PLSc" if self.consistent else "PLS"
        words = f"{name}, {self.scheme} scheme, {self.metric} items"
        return f"{words}, {_HIGHER_WORDS[self.higher]}" if wholes else words
