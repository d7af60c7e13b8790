"""Measurement on mobi equals seminr, cSEM and plspm; where they differ, says from whom."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from csi.assess.blocks import item_correlations
from csi.assess.collinearity import collinearity_table
from csi.assess.dimensions import dimensions_table
from csi.assess.discriminant import discriminant_table, fornell_larcker
from csi.assess.kernel_discriminant import item_construct_correlations
from csi.assess.loadings import cross_loadings, weight_matrix
from csi.assess.measurement import Measurement
from csi.assess.redundancy import redundancy_table
from csi.index.replicated import Replicated
from csi.model.model import Model

SAFE = 1e-6  # stopping rules of the R packages; plspm stops at 1e-6 in a weight: 1e-5 for it
Read = Callable[[dict[str, Any]], pd.DataFrame]


def wide(table: pd.DataFrame) -> pd.DataFrame:
    return table.pivot_table("estimate", "construct", "measure", dropna=False)


@pytest.mark.parametrize("name", ["modeA_path", "plsc_path"])
def test_reliability_is_that_of_seminr(
    measured: Measurement,
    measured_plsc: Measurement,
    reference: dict[str, Any],
    named: Read,
    name: str,
) -> None:
    found = wide((measured if name == "modeA_path" else measured_plsc).reliability)
    theirs = named(reference["seminr"][name]["reliability"])
    for construct in theirs.index:
        own = found.loc[construct, ["alpha", "rho_C", "AVE", "rho_A"]].to_numpy(dtype=float)
        if construct == "Complaints":  # seminr prints 1 for a single item; here it has none
            assert np.isnan(own).all()
        else:
            np.testing.assert_allclose(own, theirs.loc[construct], atol=SAFE)


def test_reliability_is_that_of_csem(
    measured_plsc: Measurement, ecsi: Model, reference: dict[str, Any]
) -> None:
    found = wide(measured_plsc.reliability)
    for construct in ecsi.names:
        if construct == "Complaints":
            continue
        theirs = reference["cSEM"]
        assert found.loc[construct, "rho_C"] == pytest.approx(theirs["RhoC"][construct], abs=SAFE)
        assert found.loc[construct, "AVE"] == pytest.approx(theirs["AVE"][construct], abs=SAFE)
        rho = theirs["Reliability"]["Dijkstra-Henselers_rho_A"][construct]
        assert found.loc[construct, "rho_A"] == pytest.approx(rho, abs=SAFE)


def test_htmt_is_that_of_csem_and_htmt_plus_that_of_seminr(
    by_pls: Replicated, reference: dict[str, Any], named: Read
) -> None:
    found = discriminant_table(by_pls).set_index(["measure", "construct", "other"])["estimate"]
    sources = {
        "HTMT": named(reference["cSEM"]["HTMT"]["htmts"]),
        "HTMT2": named(reference["cSEM"]["HTMT2"]["htmts"]),
        "HTMT+": named(reference["seminr"]["modeA_path"]["htmt"]),
    }
    for measure, theirs in sources.items():
        for construct, other in found[measure].index:
            own, known = found[measure, construct, other], theirs.loc[other, construct]
            # HTMT2 of Quality and Loyalty: a correlation is negative, cSEM has none either
            assert own == pytest.approx(known, abs=SAFE, nan_ok=True)
    # where the two differ: item correlations of both signs
    assert found["HTMT", "Quality", "Loyalty"] < found["HTMT+", "Quality", "Loyalty"] - 0.03


def test_fornell_larcker_is_that_of_seminr_and_of_csem(
    by_pls: Replicated, by_plsc: Replicated, reference: dict[str, Any], named: Read
) -> None:
    theirs = named(reference["seminr"]["modeA_path"]["fl"]).to_numpy()
    margin = fornell_larcker(by_pls.fit)
    root = np.diag(theirs)
    several = [k for k, name in enumerate(by_pls.model.names) if name != "Complaints"]
    for i in several:
        for j in several:
            if i > j:
                by_hand = min(root[i], root[j]) - abs(theirs[i, j])
                assert margin[i, j] == pytest.approx(by_hand, abs=SAFE)
    # cSEM: AVE on the diagonal, squared correlations beside it, both corrected under PLSc
    theirs = named(reference["cSEM"]["Fornell-Larcker"]).to_numpy()
    margin = fornell_larcker(by_plsc.fit)
    for i in several:
        for j in several:
            if i > j:
                by_hand = np.sqrt(min(theirs[i, i], theirs[j, j])) - np.sqrt(theirs[i, j])
                assert margin[i, j] == pytest.approx(by_hand, abs=SAFE)


def test_cross_loadings_are_those_of_seminr(
    by_pls: Replicated, by_plsc: Replicated, reference: dict[str, Any], named: Read
) -> None:
    theirs = named(reference["seminr"]["modeA_path"]["cross_loadings"])
    np.testing.assert_allclose(cross_loadings(by_pls.fit), theirs.to_numpy(), atol=SAFE)
    # under PLSc seminr correlates items with uncorrected scores
    theirs = named(reference["seminr"]["plsc_path"]["cross_loadings"])
    fit = by_plsc.fit
    plain = item_construct_correlations(item_correlations(fit), weight_matrix(fit))
    np.testing.assert_allclose(plain, theirs.to_numpy(), atol=SAFE)
    corrected = cross_loadings(fit)
    off = ~fit.model.blocks
    np.testing.assert_allclose(corrected[off], (plain / np.sqrt(fit.reliability))[off], atol=1e-12)
    np.testing.assert_allclose(corrected[~off], fit.loadings, atol=0)


def test_inflation_is_that_of_seminr_and_of_csem(
    by_pls: Replicated, by_plsc: Replicated, reference: dict[str, Any]
) -> None:
    keys = ["measure", "construct", "predictor"]
    found = collinearity_table(by_pls).set_index(keys)["estimate"]
    theirs = reference["seminr"]["modeA_path"]
    for construct, items in theirs["vif_items"].items():
        for item, value in items.items():
            own = found["item_VIF", construct, item]
            if construct == "Complaints":  # seminr prints 1
                assert np.isnan(own)
            else:
                assert own == pytest.approx(value, abs=SAFE)
    for target, causes in theirs["vif_antecedents"].items():
        for source, value in causes.items():
            known = np.nan if value is None else value
            own = found["cause_VIF", target, source]
            assert own == pytest.approx(known, abs=SAFE, nan_ok=True)
    # PLSc: corrected correlations, as cSEM; seminr keeps those of the uncorrected scores
    corrected = collinearity_table(by_plsc).set_index(keys)["estimate"]
    matrix = reference["cSEM"]["VIF"]
    for target, row in zip(matrix["rows"], matrix["values"], strict=True):
        for source, value in zip(matrix["cols"], row, strict=True):
            if value:
                own = corrected["cause_VIF", target, source]
                # its inverse is near singular: the stopping rule counts more
                assert own == pytest.approx(value, rel=1e-6)


def test_dimensions_and_redundancy_are_those_of_plspm(
    by_pls: Replicated, reference: dict[str, Any]
) -> None:
    found = wide(dimensions_table(by_pls))
    for row in reference["plspm"]["unidim"]:
        if row["LV"] == "Complaints":
            continue
        assert found.loc[row["LV"], "first_eigenvalue"] == pytest.approx(row["eig.1st"], abs=1e-9)
        assert found.loc[row["LV"], "second_eigenvalue"] == pytest.approx(row["eig.2nd"], abs=1e-9)
    table = redundancy_table(by_pls)
    items = table[table["item"] != ""].set_index("item")["estimate"]
    for row in reference["plspm"]["outer"]:
        known = row["redundancy"] or np.nan  # plspm prints 0 where there are no causes
        assert items[row["name"]] == pytest.approx(known, abs=1e-5, nan_ok=True)
    means = table[table["item"] == ""].set_index("construct")["estimate"]
    for row in reference["plspm"]["inner_summary"]:
        known = row["Mean_Redundancy"] or np.nan
        assert means[row["LV"]] == pytest.approx(known, abs=1e-5, nan_ok=True)


def test_bootstrap_errors_of_htmt_are_those_of_seminr(
    replicate: Callable[..., Replicated], ecsi: Model, reference: dict[str, Any], named: Read
) -> None:
    rep = replicate(ecsi, draws=1000)
    found = discriminant_table(rep)
    own = found[found["measure"] == "HTMT+"].set_index(["construct", "other"])["se"]
    theirs = named(reference["seminr_boot_htmt"]["modeA_path"])
    ratios = []
    for pair, row in theirs.iterrows():
        source, other = (name.strip() for name in str(pair).split("->"))
        ratios.append(own[source, other] / row["Bootstrap SD"])
    # the error of a standard deviation is 1 / sqrt(2 d): 2.2 % for 1000, 1 % for 5000 draws, more
    # with heavy tails; four times that for one pair, and no drift over all 21
    assert np.max(np.abs(np.log(ratios))) < 0.12
    assert abs(np.mean(ratios) - 1) < 0.03
