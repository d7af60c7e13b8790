"""What kind of replicate weights a survey carries, and the factors of their variance."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from csi.arrays import Array, readonly
from csi.errors import Fault
from csi.survey.cells import nearest

ReplicateKind = Literal["brr", "fay", "jk1", "jkn", "bootstrap"]
"""Balanced repeated replication, Fay's variant of it, jackknife of one stratum or of several,
bootstrap."""

Around = Literal["estimate", "mean"]
"""What deviations of replicates are taken from: the figure of the whole sample, or their mean."""

KINDS: tuple[str, ...] = get_args(ReplicateKind)
EXAMPLE = 'replicates = { kind = "jk1" } (or "brr", "fay", "jkn", "bootstrap")'

_RANGE = re.compile(r"(.*)\{([0-9]+)-([0-9]+)\}(.*)\Z", re.DOTALL)
_MOST = 100_000  # replicates that one shorthand may stand for


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicateForm:
    """How supplied replicate weights were made, as the codebook says it.

    Attributes
    ----------
    kind : {"brr", "fay", "jk1", "jkn", "bootstrap"}
    fay : float or None
        Fay's coefficient, 0 to below 1; half of the weights are multiplied by it.
    scale : float or None
        Factor common to all replicates; the usual one of the kind where None.
    rscales : tuple of float
        A factor for each replicate, beside `scale`; all 1 where empty.
    around : {"estimate", "mean"} or None
        What deviations are taken from; None is the mean for the bootstrap and the estimate for
        the other kinds.
    """

    kind: ReplicateKind
    fay: float | None = None
    scale: float | None = None
    rscales: tuple[float, ...] = ()
    around: Around | None = None

    @property
    def center(self) -> Around:
        """What deviations are taken from, the default of the kind filled in."""
        return self.around or ("mean" if self.kind == "bootstrap" else "estimate")


def replicate_factors(form: ReplicateForm, replicates: int) -> Array:
    r"""Return the factor of each squared deviation in the variance.

    Parameters
    ----------
    form : ReplicateForm
    replicates : int
        Number of replicates R.

    Returns
    -------
    (R,) array
        `scale` times `rscales`. Without `scale`: :math:`1/R` for BRR,
        :math:`1/(R(1-\rho)^2)` for Fay's variant, :math:`(R-1)/R` for the jackknife of one
        stratum, 1 for that of several, :math:`1/(R-1)` for the bootstrap.

    Notes
    -----
    Source: [lumley2010complex], as in ``svrepdesign`` of the R package survey.

    Examples
    --------
    >>> replicate_factors(ReplicateForm(kind="fay", fay=0.5), 4).tolist()
    [1.0, 1.0, 1.0, 1.0]
    >>> replicate_factors(ReplicateForm(kind="jkn", rscales=(0.5, 0.5, 0.75)), 3).tolist()
    [0.5, 0.5, 0.75]
    """
    usual = {
        "brr": 1.0 / replicates,
        "fay": 1.0 / (replicates * (1.0 - (form.fay or 0.0)) ** 2),
        "jk1": (replicates - 1.0) / replicates,
        "jkn": 1.0,
        "bootstrap": 1.0 / max(replicates - 1, 1),
    }
    scale = usual[form.kind] if form.scale is None else form.scale
    return readonly([scale * factor for factor in form.rscales or (1.0,) * replicates])


def form_faults(form: ReplicateForm | None, columns: tuple[str, ...]) -> Iterator[Fault]:
    """Yield everything in which columns of replicate weights and their form do not fit.

    Parameters
    ----------
    form : ReplicateForm or None
    columns : tuple of str
        The columns of the replicate weights.
    """
    where = "design, replicates"
    if form is None:
        if columns:
            yield Fault(where, "the kind of the replicate weights is not given", f"write {EXAMPLE}")
        return
    if not columns:
        yield Fault(where, "no replicate weights are named", "name design.replicate_weights")
    elif len(columns) < 2:
        yield Fault(where, "one replicate gives no variance", "name all replicate weights")
    if form.kind not in KINDS:
        yield Fault(f"{where}, kind", f"{form.kind!r} is not known", nearest(form.kind, KINDS))
    if form.around not in (None, *get_args(Around)):
        fix = nearest(str(form.around), get_args(Around))
        yield Fault(f"{where}, around", f"{form.around!r} is not known", fix)
    yield from _fay_faults(where, form)
    yield from _scale_faults(where, form, len(columns))


def _fay_faults(where: str, form: ReplicateForm) -> Iterator[Fault]:
    if form.fay is None:
        if form.kind == "fay" and form.scale is None:
            yield Fault(
                where, "Fay's coefficient is not given", 'write { kind = "fay", fay = 0.5 }'
            )
    elif form.kind != "fay":
        yield Fault(f"{where}, fay", f"it has no part in {form.kind!r}", "take fay or kind out")
    elif not 0 <= form.fay < 1:
        yield Fault(f"{where}, fay", f"{form.fay:g} is not from 0 to below 1", "correct it")
    elif form.scale is not None:
        yield Fault(f"{where}, scale", "fay and scale say the same twice", "give one of the two")


def _scale_faults(where: str, form: ReplicateForm, replicates: int) -> Iterator[Fault]:
    if form.scale is not None and not 0 < form.scale < math.inf:
        yield Fault(f"{where}, scale", f"{form.scale:g} is not a positive number", "correct it")
    if form.kind == "jkn" and not form.rscales:
        yield Fault(
            where,
            "the jackknife of several strata needs the factor of each replicate",
            "write rscales = [...], (n - 1) / n with n the units of the replicate's stratum",
        )
    if not form.rscales:
        return
    if len(form.rscales) != replicates:
        yield Fault(
            f"{where}, rscales",
            f"{len(form.rscales)} factors for {replicates} replicates",
            "give one for each replicate weight, in their order",
        )
    if not all(0 <= factor < math.inf for factor in form.rscales) or not any(form.rscales):
        yield Fault(
            f"{where}, rscales",
            "a factor is negative or not finite, or all are zero",
            "give positive numbers",
        )


def expanded(columns: tuple[str, ...]) -> tuple[str, ...]:
    """Return columns with a shorthand such as ``rw_{1-80}`` written out.

    Parameters
    ----------
    columns : tuple of str

    Returns
    -------
    tuple of str
        Zeros in front are kept: ``{01-12}`` starts with ``01``.

    Examples
    --------
    >>> expanded(("full", "rw{08-11}"))
    ('full', 'rw08', 'rw09', 'rw10', 'rw11')
    """
    names: list[str] = []
    for column in columns:
        found = _RANGE.match(column)
        if found is None or not 0 <= int(found[3]) - int(found[2]) < _MOST:
            names.append(column)
            continue
        width = len(found[2]) if found[2].startswith("0") else 1
        numbers = range(int(found[2]), int(found[3]) + 1)
        names += [f"{found[1]}{number:0{width}d}{found[4]}" for number in numbers]
    return tuple(names)
