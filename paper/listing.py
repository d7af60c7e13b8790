# ruff: noqa: D100
# %% read
from importlib.resources import files

import csi

folder = files("csi") / "data" / "mobile"
codebook = csi.read_codebook(folder / "codebook.toml")
survey = csi.read_survey(folder / "survey.csv", codebook)
print(len(survey.answers), "respondents;", len(survey.codebook.items), "items")

# %% model
model = csi.models.ecsi_mobile()
print(repr(model))

# %% moments
moments = csi.moments_of(survey, model, by="company")
print(repr(moments))
print(repr(csi.fit_pls(model, moments)))

# %% yearly
options = csi.IndexOptions(draws=1000, seed=1)
yearly = csi.yearly(survey, model, group="company", options=options)
columns = ["year", "group", "index", "moe", "change", "change_lower", "change_upper"]
print(yearly.headline()[columns].tail(6).round(1).to_string(index=False))

# %% league
league = csi.league_table(yearly.joint, construct=model.index)
columns = ["rank", "group", "index", "moe", "rank_low", "rank_high", "letters"]
print(league[columns].round(1).to_string(index=False))

# %% split
split = csi.change_split(yearly.joint, model.index)
last = split[(split["year"] == "2025") & (split["group"] == "sorbeck")]
print(last[["part", "points", "lower", "upper"]].round(1).to_string(index=False))

# %% map
drivers = csi.importance_performance(yearly.joint, model.index)
last = drivers[(drivers["year"] == "2025") & (drivers["group"] == "sorbeck")]
columns = ["construct", "importance", "importance_se", "performance", "quadrant"]
print(last[columns].round(2).to_string(index=False))

# %% comparable
last = {"year": "2025"}
print(csi.comparability(survey, model, by="company", where=last, permutations=999))
