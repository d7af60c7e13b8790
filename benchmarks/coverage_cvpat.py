"""How often does CVPAT reject two models that predict equally well?

    python benchmarks/coverage_cvpat.py [--samples 1000] [--out FOLDER]

Y depends on X and Z alike. One model predicts Y from X, the other from Z: by symmetry their
expected losses are equal at every size of sample, so that a test at 5 % should reject 5 % of
samples. Counted are rejections of the t test and of the bootstrap, for one and for ten dealings of
ten folds; the share of samples in which two tests, each of one dealing, disagree; and clusters of
ten who share how much X and Z count, with the clusters known to the survey and passed over.
``power``: Z counts two thirds of X.

The second table sets a model against its linear model where both are right: the linear model has
one coefficient more an item, which is nothing but estimated noise. Its expected loss is a little
larger, so rejections are no errors; they show how small a difference the test finds.
"""

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from csi import Model, Survey, read_survey
from csi.arrays import one_thread
from csi.assess.cvpat import CvpatOptions, cvpat
from csi.assess.predict import PredictOptions
from csi.model.grammar import composite, items, paths
from csi.survey.codebook_file import codebook_from_text

HERE = Path(__file__).parent
NAMES = [f"{stem}{k}" for stem in "xzy" for k in (1, 2)]
Result = dict[str, Any]

CASES = (
    # words, n, respondents of a cluster, clusters known, weight of Z over X
    ("simple random", 100, 1, False, 1.0),
    ("simple random", 250, 1, False, 1.0),
    ("simple random", 1000, 1, False, 1.0),
    ("clusters of 10, known", 400, 10, True, 1.0),
    ("clusters of 10, passed over", 400, 10, False, 1.0),
    ("power", 250, 1, False, 2 / 3),
)


def models() -> tuple[Model, Model]:
    """Two models that predict Y: from X, or from Z."""
    x, z, y = (composite(name.upper(), items(name, 1, 2)) for name in "xzy")
    return (
        Model([x, y], [paths("X", to="Y")], "Y", "from_x"),
        Model([z, y], [paths("Z", to="Y")], "Y", "from_z"),
    )


def draw(rng: np.random.Generator, n: int, cluster: int, known: bool, weight: float) -> Survey:
    """Draw one sample of answers."""
    score = rng.normal(size=(n, 2))
    y = 0.5 * score @ np.array([1.0, weight]) + rng.normal(size=n)
    if cluster > 1:
        which = np.repeat(rng.normal(size=(n // cluster, 2)), cluster, axis=0)
        y = y + 0.8 * (which * score).sum(axis=1)
    parts = {"x": score[:, 0], "z": score[:, 1], "y": y}
    columns = {name: parts[name[0]] + 0.5 * rng.normal(size=n) for name in NAMES}
    frame = pd.DataFrame(columns | {"cluster": np.arange(n) // cluster})
    lines = ['title = "twins"', "[defaults]", "low = -50", "high = 50"]
    lines += ["[design]", 'cluster = "cluster"'] if known else []
    lines += [line for name in NAMES for line in ("[[items]]", f'name = "{name}"')]
    return read_survey(frame, codebook_from_text("\n".join(lines)))


def options_of(repetitions: int, seed: int) -> CvpatOptions:
    """Ten folds; 500 bootstrap draws."""
    prediction = PredictOptions(repetitions=repetitions, seed=seed)
    return CvpatOptions(prediction=prediction, draws=500)


def level(case: tuple[str, int, int, bool, float], samples: int) -> Result:
    """Count rejections in one case."""
    words, n, cluster, known, weight = case
    a, b = models()
    rng = np.random.default_rng([n, cluster, known])
    counts = np.zeros((samples, 4))
    for sample in range(samples):
        survey = draw(rng, n, cluster, known, weight)
        rows = [
            cvpat(survey, a, b, options_of(repetitions, seed)).table.iloc[0]
            for repetitions, seed in ((1, 1), (1, 2), (10, 1))
        ]
        p = np.array([row["p"] for row in rows]) < 0.05
        counts[sample] = [p[0], p[2], rows[2]["p_bootstrap"] < 0.05, p[0] != p[1]]
    share = counts.mean(axis=0)
    names = ("t_one", "t_ten", "bootstrap_ten", "disagree")
    return {"case": words, "n": n} | dict(zip(names, share.tolist(), strict=True))


def nested(n: int, samples: int) -> Result:
    """Count results against the linear model where it estimates nothing but noise besides."""
    model = models()[0]
    rng = np.random.default_rng([n, 7])
    better = worse = 0
    for _ in range(samples):
        row = cvpat(draw(rng, n, 1, False, 1.0), model, options=options_of(10, 1)).table
        row = row[(row["against"] == "lm") & (row["about"] == "overall")].iloc[0]
        better += int(row["p"] < 0.05 and row["difference"] < 0)
        worse += int(row["p"] < 0.05 and row["difference"] > 0)
    return {"n": n, "better": better / samples, "worse": worse / samples}


def markdown(found: Result) -> str:
    """Write the results as tables."""
    intro = (__doc__ or "").partition("FOLDER]\n\n")[2]
    samples = found["samples"]
    error = 100 * (0.05 * 0.95 / samples) ** 0.5
    lines = [
        "# CVPAT: level of the test", "", intro,
        f"{samples} samples each: 5 % have a Monte Carlo error of {error:.1f} points.", "",
        "| case | n | t, one dealing | t, ten | bootstrap, ten | two dealings disagree |",
        "|---|---|---|---|---|---|",
    ]  # fmt: skip
    lines += [
        f"| {row['case']} | {row['n']:,} | "
        + " | ".join(
            f"{100 * row[name]:.1f} %" for name in ("t_one", "t_ten", "bootstrap_ten", "disagree")
        )
        + " |"
        for row in found["level"]
    ]
    lines += ["", "Against the linear model, where it adds nothing but estimated noise:", "",
              "| n | path model better beyond chance | linear model better beyond chance |",
              "|---|---|---|"]  # fmt: skip
    lines += [
        f"| {row['n']:,} | {100 * row['better']:.1f} % | {100 * row['worse']:.1f} % |"
        for row in found["nested"]
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Simulate and write."""
    parser = argparse.ArgumentParser(description="Level of CVPAT by simulation.")
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--out", type=Path, default=HERE / "results")
    chosen = parser.parse_args()
    with one_thread():
        found = {
            "samples": chosen.samples,
            "level": [level(case, chosen.samples) for case in CASES],
            "nested": [nested(n, chosen.samples) for n in (100, 250, 1000)],
        }
    chosen.out.mkdir(parents=True, exist_ok=True)
    (chosen.out / "cvpat.json").write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    (chosen.out / "cvpat.md").write_text(markdown(found), "utf-8")
    print(markdown(found))


if __name__ == "__main__":
    main()
