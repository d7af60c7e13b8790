"""PLS on moments equals PLS as the books tell it: scores of respondents, step by step."""

from typing import Any

import numpy as np
import pytest

from csi.arrays import Array
from csi.estimate.pls import PLSOptions, fit_pls
from csi.model.grammar import composite, formative, items, paths
from csi.model.model import Model
from csi.moments.groups import moments_of_rows


def by_scores(model: Model, rows: Array, scheme: str) -> tuple[Array, Array]:
    """Weights and paths from scores of respondents; standardised, positive dominant items."""
    data = (rows - rows.mean(axis=0)) / rows.std(axis=0)
    blocks = [[model.items.index(item) for item in c.items] for c in model.constructs]
    names = model.names
    weights = [np.ones(len(block)) for block in blocks]

    def scores() -> Array:
        made = np.column_stack([data[:, b] @ w for b, w in zip(blocks, weights, strict=True)])
        return np.asarray(made / made.std(axis=0))

    for _ in range(500):
        found = scores()
        for j, (block, construct) in enumerate(zip(blocks, model.constructs, strict=True)):
            proxy = np.zeros(len(data))
            before = [names.index(name) for name in model.predecessors(construct.name)]
            after = [names.index(name) for name in model.successors(construct.name)]
            if scheme == "path" and before:
                proxy += found[:, before] @ np.linalg.lstsq(found[:, before], found[:, j])[0]
            for k in after if scheme == "path" else before + after:
                r = np.corrcoef(found[:, j], found[:, k])[0, 1]
                proxy += (np.sign(r) if scheme == "centroid" else r) * found[:, k]
            own = data[:, block]
            weights[j] = np.linalg.lstsq(own, proxy)[0] if construct.mode == "B" else own.T @ proxy
    found = scores()
    for j, block in enumerate(blocks):
        loadings = data[:, block].T @ found[:, j] / len(data)
        sign = np.sign(loadings[np.argmax(np.abs(loadings))])
        weights[j] *= sign / (data[:, block] @ weights[j]).std()
    found = scores()
    coefficients = np.zeros((len(names), len(names)))
    for j, name in enumerate(names):
        before = [names.index(other) for other in model.predecessors(name)]
        if before:
            coefficients[before, j] = np.linalg.lstsq(found[:, before], found[:, j])[0]
    return np.concatenate(weights), coefficients


@pytest.mark.parametrize("scheme", ["path", "factorial", "centroid"])
@pytest.mark.parametrize("build", [composite, formative])
def test_signs_that_no_turning_removes(build: Any, scheme: Any) -> None:
    # A with B and B with C positive, A with C negative: some sign stays whatever is turned
    rng = np.random.default_rng(60)
    corr = np.array([[1.0, 0.5, -0.4], [0.5, 1.0, 0.3], [-0.4, 0.3, 1.0]])
    scores = rng.multivariate_normal(np.zeros(3), corr, size=300)
    owner = np.repeat([0, 1, 2], [3, 4, 2])
    strength = rng.uniform(0.5, 0.9, 9)
    rows = strength * scores[:, owner] + np.sqrt(1 - strength**2) * rng.normal(size=(300, 9))
    model = Model(
        [build("A", items("a", 1, 3)), build("B", items("b", 1, 4)), build("C", items("c", 1, 2))],
        [paths("A", to=["B", "C"]), paths("B", to="C")],
        "C",
    )
    moments = moments_of_rows(rows, np.ones(300), model.items, "complete")
    fit = fit_pls(model, moments, PLSOptions(scheme=scheme, tolerance=1e-12, max_steps=2000))
    assert fit.converged
    assert fit.paths[0, 2] < -0.1
    assert fit.paths[0, 1] > 0.1
    assert fit.paths[1, 2] > 0.1
    weights, coefficients = by_scores(model, rows, scheme)
    np.testing.assert_allclose(fit.weights, weights, rtol=0, atol=1e-9)
    np.testing.assert_allclose(fit.paths, coefficients, rtol=0, atol=1e-9)


@pytest.mark.parametrize("scheme", ["path", "factorial", "centroid"])
def test_mobi(ecsi: Model, mobi_rows: Array, scheme: Any) -> None:
    moments = moments_of_rows(mobi_rows, np.ones(250), ecsi.items, "complete")
    fit = fit_pls(ecsi, moments, PLSOptions(scheme=scheme, tolerance=1e-12))
    weights, coefficients = by_scores(ecsi, mobi_rows, scheme)
    np.testing.assert_allclose(fit.weights, weights, rtol=0, atol=1e-9)
    np.testing.assert_allclose(fit.paths, coefficients, rtol=0, atol=1e-9)
