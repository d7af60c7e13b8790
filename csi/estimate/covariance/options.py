"""What may be chosen for covariance fits, with the defaults: the only place for them."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Integral
from typing import Literal, get_args

import numpy as np

from csi.errors import Fault, OptionError

Estimator = Literal["ml", "gls", "uls", "dwls"]
Likelihood = Literal["normal", "wishart"]
Information = Literal["expected", "observed"]
Errors = Literal["standard", "mlm", "mlr", "bootstrap"]
FurtherTest = Literal["mean-variance", "scaled-shifted", "bollen-stine"]
SemMissing = Literal["complete", "fiml"]
Engine = Literal["csi", "semopy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SemOptions:
    """Options of covariance fits.

    Attributes
    ----------
    estimator : {"ml", "gls", "uls", "dwls"}
        Maximum likelihood; generalised and unweighted least squares; diagonally weighted least
        squares of thresholds and polychoric correlations, for ordinal items.
    likelihood : {"normal", "wishart"}
        Divisor of covariances, and multiplier of chi-square: n, or n - 1.
    information : {"expected", "observed"}
        What standard errors rest on. Full-information ML always takes observed.
    errors : {"standard", "mlm", "mlr", "bootstrap"}
        ``standard``: the inverse information; ``mlm``: robust, with the Satorra-Bentler test;
        ``mlr``: robust sandwich with observed information and the Yuan-Bentler test, which takes
        the survey's weights, strata and clusters; ``bootstrap``: replicates.
    tests : tuple of {"mean-variance", "scaled-shifted", "bollen-stine"}
        Tests of fit besides those that go with the errors.
    missing : {"complete", "fiml"}
        Respondents with all answers, or full-information maximum likelihood by patterns.
    admissible : bool
        Keep variances at zero or above.
    draws, seed : int
        Of the bootstrap.
    tolerance : float
        Half the Newton decrement at which the iteration stops.
    engine : {"csi", "semopy"}
        semopy fits complete-data ML of one group only; errors and tests are csi's own.

    Raises
    ------
    OptionError
        All impossible values at once.
    """

    estimator: Estimator = "ml"
    likelihood: Likelihood = "normal"
    information: Information = "expected"
    errors: Errors = "standard"
    tests: tuple[FurtherTest, ...] = ()
    missing: SemMissing = "complete"
    admissible: bool = False
    draws: int = 1000
    seed: int = 1
    tolerance: float = 1e-13
    engine: Engine = "csi"

    def __post_init__(self) -> None:
        """Check all values."""
        words = {
            "estimator": Estimator,
            "likelihood": Likelihood,
            "information": Information,
            "errors": Errors,
            "missing": SemMissing,
            "engine": Engine,
        }
        faults = [
            Fault(
                f"option {name}",
                f"{getattr(self, name)!r} is not possible",
                f"use one of {', '.join(get_args(kind))}",
            )
            for name, kind in words.items()
            if getattr(self, name) not in get_args(kind)
        ]
        tests: object = self.tests
        given = tests if isinstance(tests, (tuple, list)) else (tests,)
        faults += [
            Fault("option tests", f"{test!r} is not possible",
                  f"use some of {', '.join(get_args(FurtherTest))}")
            for test in given
            if test not in get_args(FurtherTest)
        ]  # fmt: skip
        if not isinstance(tests, tuple):  # one name, or a list: meant as a tuple
            object.__setattr__(self, "tests", tuple(given))
        faults += self._numbers()
        if self.missing == "fiml" and self.estimator != "ml":
            faults.append(
                Fault("option missing fiml", "goes with maximum likelihood", "use estimator ml")
            )
        if self.engine == "semopy" and (self.estimator != "ml" or self.missing == "fiml"):
            faults.append(
                Fault(
                    "option engine semopy",
                    "is trusted for complete-data ML of one group only",
                    "use engine csi",
                )
            )
        if faults:
            raise OptionError(faults)

    def _numbers(self) -> list[Fault]:
        """Return what is wrong with the options that are no words."""
        faults = []
        tolerance: object = self.tolerance
        if not (isinstance(tolerance, (int, float)) and 0 < tolerance < 1e-3):
            what = f"{tolerance!r} is not possible"
            faults.append(Fault("option tolerance", what, "try 1e-13"))
        if not _whole(self.draws) or self.draws < 2:
            what = f"{self.draws!r} is not possible: a whole number from 2 on"
            faults.append(Fault("option draws", what, "try 1000"))
        if not _whole(self.seed) or self.seed < 0:
            what = f"{self.seed!r} is not possible: a whole number from 0 on"
            faults.append(Fault("option seed", what, "try 1"))
        admissible: object = self.admissible
        if not isinstance(admissible, (bool, np.bool_)):
            what = f"{admissible!r} is not possible"
            faults.append(Fault("option admissible", what, "use True or False"))
        return faults


def _whole(value: object) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)
