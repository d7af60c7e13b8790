"""Population sizes and supplied replicate weights: codebook, file, variance, faults.

Reference values: R 4.2.2, package survey 4.1.1, calls beside them.
"""

from pathlib import Path

import numpy as np
import pytest

from csi.errors import CodebookError
from csi.survey import check_survey, codebook_from_text, codebook_to_text, read_survey
from csi.survey.fractions import fractions_of, units_in
from csi.survey.replicate_form import ReplicateForm, expanded, replicate_factors
from csi.survey.supplied import looks_bare
from csi.survey.survey import Survey
from tests.survey.helpers import small_codebook, written

Y = np.array([3.0, 7, 5, 9, 4, 8])
W = np.array([1.0, 2, 1.5, 2, 1, 2.5])
HALVES = np.array(
    [[2, 0, 2, 0], [0, 2, 0, 2], [2, 2, 0, 0], [0, 0, 2, 2], [2, 0, 0, 2], [0, 2, 2, 0]]
)
FORMS = {
    # svrepdesign(repweights = w * cbind(...), weights = w, type = ..., mse = ...) and
    # SE(svymean(~y, design))
    "brr": (ReplicateForm(kind="brr"), 1.35154261916),
    "fay": (ReplicateForm(kind="fay", fay=0.3), 1.93077517023),
    "bootstrap": (ReplicateForm(kind="bootstrap"), 1.53952930993),  # mse = FALSE
    "jkn": (ReplicateForm(kind="jkn", rscales=(0.5, 0.75, 0.5, 0.75)), 1.93564916258),
    "jk1": (ReplicateForm(kind="jk1"), 2.34094048499),
}


@pytest.mark.parametrize("kind", FORMS)
def test_factors_give_the_standard_errors_of_r_survey(kind: str) -> None:
    form, expected = FORMS[kind]
    weights = W[:, None] * HALVES
    means = Y @ weights / weights.sum(axis=0)
    center = Y @ W / W.sum() if form.center == "estimate" else means.mean()
    variance = replicate_factors(form, 4) @ (means - center) ** 2
    assert np.sqrt(variance) == pytest.approx(expected, rel=1e-10)  # digits of the reference


def survey_of(folder: Path, rows: str, **changes: object) -> Survey:
    """Read rows of ``year, id, h, psu, N, w, r1, r2, q1, q2``."""
    parts: dict[str, object] = {"items": small_codebook().items[:2], "groups": (), "weight": None}
    return read_survey(written(folder, PLAIN + rows), small_codebook(**(parts | changes)))


PLAIN = "year,id,h,psu,N,w,r1,r2,q1,q2\n"
STRATA = "".join(
    f"2020,{k},{h},{k},{size},{size / n},1,1,{y},{k + 1}\n"
    for k, (h, size, n, y) in enumerate(
        [(1, 10, 3, y) for y in (3, 7, 5)] + [(2, 40, 4, y) for y in (9, 4, 8, 6)]
    )
)


def test_population_sizes_give_the_standard_error_of_r_survey(tmp_path: Path) -> None:
    """``svymean(~y, svydesign(~1, strata = ~h, fpc = ~N, data = d))``."""
    found = survey_of(tmp_path, STRATA, stratum="h", weight="w", fpc="N")
    assert found.design.fractions is not None
    np.testing.assert_allclose(found.design.fractions, [0.3] * 3 + [0.1] * 4)
    y, f = found.answers[:, 0], found.design.fractions
    variance = 0.0
    for h, size in ((0, 10), (1, 40)):
        here = found.design.strata == h
        n = int(here.sum())
        variance += (size / 50) ** 2 * (1 - f[here][0]) * y[here].var(ddof=1) / n
    assert np.sqrt(variance) == pytest.approx(0.863326898303, rel=1e-10)
    assert "finite population (N): 10 % to 30 % of the units were sampled" in found.notes
    assert "finite population" in repr(found)
    assert "finite population" in found.summary().title


def test_units_are_clusters_and_periods_are_apart(tmp_path: Path) -> None:
    rows = "".join(
        f"{year},{year}{k},1,{psu},{size},1,1,1,{k + 1},{5 - k}\n"
        for year, size in ((2020, 8), (2021, 0.1))
        for k, psu in enumerate("aabc")
    )
    found = survey_of(tmp_path, rows, stratum="h", cluster="psu", fpc="N")
    assert found.design.fractions is not None
    np.testing.assert_allclose(found.design.fractions, [3 / 8] * 4 + [0.1] * 4)
    alone = survey_of(tmp_path, rows, stratum="h", fpc="N")
    assert alone.design.fractions is not None
    np.testing.assert_allclose(alone.design.fractions, [4 / 8] * 4 + [0.1] * 4)


def test_fractions_of_numbers() -> None:
    assert units_in(np.array([0, 1, 1]), np.array([0, 0, 0])).tolist() == [1, 1, 1]
    assert fractions_of(np.array([1.0, 4.0]), np.array([9, 1])).tolist() == [1.0, 0.25]


FPC_FAULTS = {
    "many": (",7,", "is not a number: line 2: 'many'"),
    "0": ("", "is zero or negative: line 2: '0'"),
    "-3": ("", "is zero or negative: line 2: '-3'"),
    "": ("", "is missing: line 2: ''"),
    "11": ("", "differ within one stratum of a period (10, 11): line 2: '11'"),
}


@pytest.mark.parametrize("cell", FPC_FAULTS)
def test_faults_of_population_sizes(tmp_path: Path, cell: str) -> None:
    text = PLAIN + STRATA.replace(",0,10,", f",0,{cell},", 1)
    book = small_codebook(
        items=small_codebook().items[:2], groups=(), weight=None, stratum="h", fpc="N"
    )
    faults, survey = check_survey(written(tmp_path, text), book)
    assert survey is None
    assert len(faults) == 1
    assert FPC_FAULTS[cell][1] in str(faults[0])


def test_a_population_below_its_sample_and_a_column_that_is_not_there(tmp_path: Path) -> None:
    book = {"items": small_codebook().items[:2], "groups": (), "weight": None, "stratum": "h"}
    small = written(tmp_path, PLAIN + STRATA.replace(",40,", ",2,"))
    (fault,) = check_survey(small, small_codebook(**book, fpc="N"))[0]
    assert "smaller than the sample of its stratum (4 sampled units of 2): line 5: '2'" in str(
        fault
    )
    (fault,) = check_survey(small, small_codebook(**(book | {"stratum": "hh"}), fpc="N"))[0]
    assert "no such column (stratum of the codebook)" in str(fault)
    (fault,) = check_survey(small, small_codebook(**book, fpc="NN"))[0]
    assert "no such column (population size of the codebook)" in str(fault)


def weighted_rows(*, combined: bool) -> str:
    """Six respondents with unequal weights in the millions."""
    return "".join(
        f"2020,{k},1,{k},1,{w * 1e6},"
        + ",".join(str(f * (w * 1e6 if combined else 1)) for f in half[:2])
        + f",{int(y)},{k + 1}\n"
        for k, (w, half, y) in enumerate(zip(W, HALVES + 0.5, Y, strict=True))
    )


def test_supplied_replicates_are_read(tmp_path: Path) -> None:
    found = survey_of(
        tmp_path,
        weighted_rows(combined=True),
        weight="w",
        replicate_weights=("r1", "r2"),
        replicates=ReplicateForm(kind="fay", fay=0.5),
    )
    supplied = found.design.replicates
    assert supplied is not None
    assert (supplied.kind, supplied.around) == ("fay", "estimate")
    np.testing.assert_allclose(supplied.weights, 1e6 * W[:, None] * (HALVES[:, :2] + 0.5))
    np.testing.assert_allclose(supplied.factors, [2.0, 2.0])  # 1 / (2 * 0.25)
    assert "supplied replicate weights: 2 (fay), around the estimate" in found.notes
    assert "2 replicate weights (fay)" in found.summary().title


def test_bare_factors_are_a_fault_that_explains_combined_weights(tmp_path: Path) -> None:
    book = small_codebook(
        items=small_codebook().items[:2],
        groups=(),
        weight="w",
        replicate_weights=("r1", "r2"),
        replicates=ReplicateForm(kind="brr"),
    )
    path = written(tmp_path, PLAIN + weighted_rows(combined=False))
    (fault,) = check_survey(path, book)[0]
    assert "do not contain the sampling weight" in fault.what
    assert "multiply each by the sampling weight" in fault.fix


def test_combined_weights_are_told_from_bare_ones_at_any_scale() -> None:
    rng = np.random.default_rng(3)
    for spread in (0.2, 0.6, 1.0):
        weights = rng.lognormal(0, spread, 400)
        factors = rng.multinomial(400, np.full(400, 1 / 400), size=200).T.astype(float)
        combined = weights[:, None] * factors
        for scale in (1e-6, 1.0, 1e6):
            assert not looks_bare(weights, scale * combined)
            assert not looks_bare(scale * weights, combined)
        assert looks_bare(1e6 * weights, factors)
        assert looks_bare(weights / weights.mean(), factors)
    assert not looks_bare(np.ones(400), factors)


TEXT = """
title = "t"
[design]
fpc = "N"
weight = "w"
replicate_weights = ["rw_{1-3}", "last"]
replicates = { kind = "jkn", rscales = [0.5, 0.5, 0.75, 1], around = "mean" }
[defaults]
low = 1
high = 10
[[items]]
name = "Q1"
"""


def test_the_codebook_reads_back_as_it_was_written() -> None:
    book = codebook_from_text(TEXT)
    assert book.fpc == "N"
    assert book.replicate_weights == ("rw_1", "rw_2", "rw_3", "last")
    assert book.replicates == ReplicateForm(
        kind="jkn", rscales=(0.5, 0.5, 0.75, 1.0), around="mean"
    )
    assert codebook_from_text(codebook_to_text(book)) == book


def test_only_a_range_is_a_shorthand() -> None:
    assert expanded(("a{9-11}b", "x{3-2}", "{a-b}")) == ("a9b", "a10b", "a11b", "x{3-2}", "{a-b}")


FORM_FAULTS = {
    "": ["the kind of the replicate weights is not given"],
    "replicates = { fay = 0.3 }": ["it is not given"],
    'replicates = { kind = "brrr" }': ["did you mean 'brr'?"],
    'replicates = { kind = "fay" }': ["Fay's coefficient is not given"],
    'replicates = { kind = "fay", fay = 1, around = "man" }': ["did you mean 'mean'", "below 1"],
    'replicates = { kind = "fay", fay = 0.5, scale = 1 }': ["say the same twice"],
    'replicates = { kind = "jk1", fay = 0.5, scale = -1 }': ["no part in 'jk1'", "not a positive"],
    'replicates = { kind = "jkn" }': ["needs the factor of each replicate"],
    'replicates = { kind = "jkn", rscales = [-1] }': ["1 factors for 4", "is negative"],
    'replicates = { kind = "brr", rscales = ["a"], kindd = 1 }': ["list of numbers", "unknown"],
}


@pytest.mark.parametrize("line", FORM_FAULTS)
def test_faults_of_the_form(line: str) -> None:
    text = "\n".join(line if part.startswith("replicates") else part for part in TEXT.split("\n"))
    with pytest.raises(CodebookError) as caught:
        codebook_from_text(text)
    told = [str(fault) for fault in caught.value.faults]
    assert len(told) == len(FORM_FAULTS[line])
    for words in FORM_FAULTS[line]:
        assert any(words in fault for fault in told), told


def test_a_form_without_columns_and_one_replicate_are_faults() -> None:
    with pytest.raises(CodebookError, match="no replicate weights are named"):
        small_codebook(replicates=ReplicateForm(kind="brr"))
    with pytest.raises(CodebookError, match="one replicate gives no variance"):
        small_codebook(replicates=ReplicateForm(kind="brr"), replicate_weights=("r1",))


def test_a_missing_replicate_column_is_told_with_faults_of_the_others(tmp_path: Path) -> None:
    book = small_codebook(
        items=small_codebook().items[:2],
        groups=(),
        weight="w",
        replicate_weights=("r1", "r2", "r3"),
        replicates=ReplicateForm(kind="jkn", rscales=(0.5, 0.5, 0.5)),
    )
    rows = weighted_rows(combined=True).replace(",2500000.0", ",-2500000.0", 1)
    told = [str(f) for f in check_survey(written(tmp_path, PLAIN + rows), book)[0]]
    assert len(told) == 2, told
    assert "column 'r3': the file has no such column (replicate weight" in told[0]
    assert "the replicate weight is negative" in told[1]


@pytest.mark.parametrize("factor", ["1", "3.7"])
def test_replicate_weights_that_never_vary_are_a_fault(tmp_path: Path, factor: str) -> None:
    rows = "".join(
        f"2024,{k},1,{k},10,{w},{w * float(factor)},{w * float(factor)},{k},5\n"
        for k, w in enumerate((1.0, 2.0, 0.7), start=1)
    )
    codebook = small_codebook(
        items=small_codebook().items[:1],
        groups=(),
        weight="w",
        replicate_weights=("r1", "r2"),
        replicates=ReplicateForm(kind="jk1"),
    )
    faults, survey = check_survey(written(tmp_path, PLAIN + rows), codebook)
    assert survey is None
    assert [fault.where for fault in faults] == ["survey.csv, columns 'r1' to 'r2'"]
    assert "nothing varies" in faults[0].what
