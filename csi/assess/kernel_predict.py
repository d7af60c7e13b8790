"""Prediction of items as linear maps, batched: arrays in, arrays out.

Whatever predicts an item, a PLS path model, a linear regression or the mean, is linear in the
answers: ``m_k + (x - m) G[:, k]`` with the means m of the training respondents. The functions
below give the slopes G from moments and estimates of any batch of training samples.

Letters: p items, q constructs, e predicted items, n respondents, b training samples.

Source: [shmueli2016elephant], [shmueli2019predictive].
"""

from __future__ import annotations

import numpy as np

from csi.arrays import Array, BoolArray, IntArray

COLLINEAR = 1e-10
"""Predictors of which one is left with a smaller share of its variance have no regression."""


def pls_slopes(weights: Array, inner: Array, loadings: Array, of: IntArray) -> Array:
    r"""Return the slopes by which a path model predicts every item from every item.

    Parameters
    ----------
    weights : (*batch, p) weights of items in points that give every composite variance one
    inner : (*batch, q, q) slopes of constructs, by column, on composites, by row
    loadings : (*batch, p) points by which each item moves with one unit of its construct
    of : (p) number of the construct of each item

    Returns
    -------
    (*batch, p, p) slopes [predictor, predicted]

    Notes
    -----
    .. math:: G_{ik} = w_i \, T_{c(i), c(k)} \, l_k

    Source: [shmueli2016elephant].

    Examples
    --------
    >>> of = np.array([0, 0, 1])
    >>> inner = np.array([[0.0, 0.5], [0.0, 0.0]])
    >>> pls_slopes(np.array([0.4, 0.6, 1.0]), inner, np.array([1.0, 1.0, 2.0]), of)[:, 2].tolist()
    [0.4, 0.6, 0.0]
    """
    between = inner[..., of[:, None], of[None, :]]
    return np.asarray(weights[..., :, None] * between * loadings[..., None, :])


def earliest_slopes(total: Array, exogenous: BoolArray) -> Array:
    """Return the slopes of constructs on the exogenous ones alone, through all chains of paths.

    Parameters
    ----------
    total : (*batch, q, q) total effects [source, target]
    exogenous : (q) True for constructs that no path leads to

    Notes
    -----
    Predicting construct after construct from predicted antecedents comes to the same
    [danks2021piggy].

    Examples
    --------
    >>> total = np.array([[0.0, 0.5, 0.3], [0.0, 0.0, 0.6], [0.0, 0.0, 0.0]])
    >>> earliest_slopes(total, np.array([True, False, False])).tolist()
    [[0.0, 0.5, 0.3], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
    """
    return np.asarray(np.where(exogenous[:, None], total, 0.0))


def factor_slopes(corr: Array, reliability: Array, inner: Array, antecedents: BoolArray) -> Array:
    r"""Turn slopes of factors on factors (PLSc) into slopes of factors on composites.

    Parameters
    ----------
    corr : (*batch, q, q) correlations of the factors, corrected for attenuation
    reliability : (*batch, q) squared correlation of each composite with its factor
    inner : (*batch, q, q) slopes of factors, by column, on factors, by row
    antecedents : (q, q) True where the row's construct predicts the column's

    Returns
    -------
    (*batch, q, q) slopes of factors, by column, on composites, by row

    Notes
    -----
    A respondent's factors are not observed; his composites are. With A the antecedents of
    construct j, P their factor correlations, Q the square roots of reliabilities and C the
    correlations of the composites (``Q P Q`` with ones on the diagonal), the best linear
    prediction of the factor is

    .. math:: E[\eta_j \mid c_A] = c_A \, C_A^{-1} Q_A P_A \, b_{A j}

    Coefficients of factors put straight on composites, as some programs do, predict too far from
    the mean: they take all of a composite's spread for spread of its factor. Source: the model of
    [dijkstra2015consistent].

    Examples
    --------
    One antecedent of reliability 0.64: the slope is the correlation times 0.8.

    >>> corr = np.array([[1.0, 0.5], [0.5, 1.0]]); b = np.array([[0.0, 0.5], [0.0, 0.0]])
    >>> found = factor_slopes(corr, np.array([0.64, 0.81]), b, b > 0)
    >>> float(found[0, 1].round(12))
    0.4
    """
    root = np.sqrt(reliability)
    composite = corr * root[..., :, None] * root[..., None, :]
    q = corr.shape[-1]
    composite[..., np.arange(q), np.arange(q)] = 1.0
    out = np.zeros_like(inner)
    for target in range(q):
        own = np.flatnonzero(antecedents[:, target])
        if not len(own):
            continue
        shared = root[..., own, None] * corr[..., own[:, None], own]
        right = (shared @ inner[..., own, target, None])[..., 0]
        out[..., own, target] = regression_slopes(
            composite[..., own[:, None], own], right[..., None]
        )[..., 0]
    return out


def regression_slopes(cov: Array, with_targets: Array) -> Array:
    """Return least-squares slopes from covariances.

    Parameters
    ----------
    cov : (*batch, k, k) covariances of the predictors
    with_targets : (*batch, k, e) covariances of predictors with targets

    Returns
    -------
    (*batch, k, e) slopes; NaN for samples whose predictors are collinear

    Examples
    --------
    >>> cov, with_targets = np.array([[2.0, 1.0], [1.0, 2.0]]), np.array([[3.0], [3.0]])
    >>> regression_slopes(cov, with_targets).round(12).tolist()
    [[1.0], [1.0]]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        sd = np.sqrt(np.einsum("...ii->...i", cov))
        corr = cov / (sd[..., :, None] * sd[..., None, :])
        right = with_targets / sd[..., None]
    good = _regular(corr)
    k = cov.shape[-1]
    corr = np.where(good[..., None, None], corr, np.eye(k))
    slopes = np.linalg.solve(corr, np.where(good[..., None, None], right, np.nan))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(slopes / sd[..., None])


def _regular(corr: Array) -> BoolArray:
    """Tell for each correlation matrix (*batch, k, k) whether no variable repeats the others."""
    finite = np.asarray(np.isfinite(corr).all(axis=(-2, -1)))
    filled = np.where(finite[..., None, None], corr, np.eye(corr.shape[-1]))
    try:
        pivots = np.einsum("...ii->...i", np.linalg.cholesky(filled)) ** 2
    except np.linalg.LinAlgError:  # one of them is singular: look at each
        return np.asarray(finite & (np.linalg.eigvalsh(filled)[..., 0] > COLLINEAR))
    return np.asarray(finite & (pivots > COLLINEAR).all(axis=-1))


def predictions(rows: Array, fold: IntArray, center: Array, targets: Array, slopes: Array) -> Array:
    """Return what each respondent would answer, by the training sample of his fold.

    Parameters
    ----------
    rows : (n, p) answers without gaps (0 where nothing depends on them)
    fold : (n) number of the training sample that predicts the respondent
    center : (b, p) means of the predictors in the training samples
    targets : (b, e) means of the predicted items
    slopes : (b, p, e)

    Returns
    -------
    (n, e) predicted answers, in points

    Examples
    --------
    >>> one = np.ones((1, 1))
    >>> predictions(np.array([[3.0]]), np.array([0]), one, 5.0 * one, 0.5 * one[None]).tolist()
    [[6.0]]
    """
    out = np.empty((len(rows), targets.shape[-1]))
    order = np.argsort(fold, kind="stable")
    ends = np.flatnonzero(np.diff(fold[order])) + 1
    for own in np.split(order, ends) if len(order) else ():
        b = fold[own[0]]
        out[own] = targets[b] + (rows[own] - center[b]) @ slopes[b]
    return out


def weighted_mean(values: Array, weights: Array) -> Array:
    """Return weighted means over the first axis, NaN passed over.

    Parameters
    ----------
    values : (n, ...)
    weights : (n)

    Examples
    --------
    >>> float(weighted_mean(np.array([1.0, np.nan, 4.0]), np.array([2.0, 9.0, 1.0])))
    2.0
    """
    w = weights.reshape(-1, *(1,) * (values.ndim - 1))
    here = np.isfinite(values)
    with np.errstate(divide="ignore", invalid="ignore"):
        total = np.sum(np.where(here, values, 0.0) * w, axis=0)
        return np.asarray(total / np.sum(here * w, axis=0))


def q2_predict(loss: Array, loss_of_means: Array) -> Array:
    r"""Return the share of the mean's squared error that a prediction saves.

    Parameters
    ----------
    loss, loss_of_means : (...) mean squared errors of the prediction, and of predicting everybody
        by the mean of the training respondents

    Notes
    -----
    .. math:: Q^2_{predict} = 1 - \frac{\sum w (x - \hat x)^2}{\sum w (x - \bar x)^2}

    Source: [shmueli2016elephant].

    Examples
    --------
    >>> float(q2_predict(np.array(3.0), np.array(4.0)))
    0.25
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(1.0 - np.asarray(loss) / loss_of_means)


def skewness(errors: Array, weights: Array) -> Array:
    """Return the weighted skewness of errors about their mean, NaN passed over.

    Parameters
    ----------
    errors : (n, e)
    weights : (n)

    Examples
    --------
    >>> float(skewness(np.array([[-1.0], [-1.0], [2.0]]), np.ones(3))[0].round(6))
    0.707107
    """
    away = errors - weighted_mean(errors, weights)
    with np.errstate(divide="ignore", invalid="ignore"):
        second, third = (weighted_mean(away**power, weights) for power in (2, 3))
        return np.asarray(third / second**1.5)
