"""Facts of the published models, both languages everywhere, every citation in the bibliography."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path as FilePath

import pytest

from csi.errors import ModelError
from csi.model import models
from csi.model.catalogue_file import parse_entry
from csi.survey.codebook import Meaning

ROOT = FilePath(__file__).parents[2]
NAMES = models.names()
CHINESE = re.compile(r"[\u4e00-\u9fff]")

# items, paths, verified paths: counted by hand from the model sheets
COUNTS = {
    "acsi": (13, 9, 1),
    "acsi_split": (16, 12, 1),
    "ccsi": (17, 12, 0),
    "ecsi": (22, 13, 3),
    "ecsi_mobile": (24, 12, 12),
    "epsi": (21, 13, 5),
    "hkcsi": (17, 11, 0),
    "jcsi": (21, 9, 0),
    "ncsb": (28, 18, 9),
    "scsb": (10, 6, 3),
    "swics": (9, 3, 0),
}


def test_names():
    assert set(NAMES) == set(COUNTS)
    for name in NAMES:
        assert getattr(models, name)() == models.load(name)
        assert name in models.__all__


def test_unknown_name_gives_the_nearest():
    with pytest.raises(ModelError, match="did you mean ecsi_mobile"):
        models.load("ecsi_mobil")


@pytest.mark.parametrize("name", NAMES)
def test_counts(name):
    model = models.load(name)
    verified = sum(path.verified for path in model.paths)
    assert (len(model.columns), len(model.paths), verified) == COUNTS[name]
    assert model.name == name
    assert model.index == "Satisfaction"


def arrows(name):
    return {(p.source, p.target): p.sign for p in models.load(name).paths}


def test_ecsi_mobile_is_the_published_model():
    """Items and paths of the data set mobi, R package semPLS [monecke2012sempls]."""
    model = models.ecsi_mobile()
    blocks = {c.name: c.items for c in model.constructs}
    assert {name: len(block) for name, block in blocks.items()} == {
        "Image": 5,
        "Expectation": 3,
        "Quality": 7,
        "Value": 2,
        "Satisfaction": 3,
        "Complaints": 1,
        "Loyalty": 3,
    }
    assert blocks["Satisfaction"] == ("CUSA1", "CUSA2", "CUSA3")
    assert set(arrows("ecsi_mobile").values()) == {"+"}
    assert model.predecessors("Complaints") == ("Satisfaction",)
    assert model.predecessors("Satisfaction") == ("Image", "Expectation", "Quality", "Value")
    entry = models.entry("ecsi_mobile")
    assert (entry.estimator.metric, entry.estimator.scheme) == ("raw", "centroid")
    assert entry.estimator.published
    assert set(entry.scales.values()) == {(1.0, 10.0)}


def test_only_reproduced_settings_count_as_published():
    assert [name for name in NAMES if models.entry(name).estimator.published] == ["ecsi_mobile"]


def test_incidence_of_complaints_turns_the_sign():
    assert arrows("acsi")["Satisfaction", "Complaints"] == "-"
    assert arrows("acsi")["Complaints", "Loyalty"] == "?"
    assert arrows("ecsi_mobile")["Satisfaction", "Complaints"] == "+"
    assert models.entry("acsi").question("COMP").high == 1


def test_acsi_price_tolerance_routing_as_in_the_public_data():
    """REPUR 6-10 is asked HIGHPTOL, 1-5 LOWPTOL, in all cases of 2015 [hult2023acsi]."""
    entry = models.entry("acsi")
    high, low = entry.question("HIGHPTOL"), entry.question("LOWPTOL")
    assert (high.asked_if.item, high.asked_if.low, high.asked_if.high) == ("REPUR", 6, 10)
    assert (low.asked_if.item, low.asked_if.low, low.asked_if.high) == ("REPUR", 1, 5)
    assert not high.in_model
    assert high.missing == {"98": "dont_know", "99": "refused"}


def test_ccsi_says_that_one_candidate_is_too_many():
    assert "11 paths" in " ".join(note.en for note in models.entry("ccsi").notes)


def test_image_is_an_outcome_in_norway_only():
    assert arrows("ncsb")["Satisfaction", "Image"] == "+"
    for name in set(NAMES) - {"ncsb"}:
        assert ("Satisfaction", "Image") not in arrows(name)


def test_jcsi_blocks_add_up_to_21():
    assert [len(c.items) for c in models.jcsi().constructs] == [3, 4, 3, 3, 4, 4]


def test_hkcsi_characteristics_are_formative():
    assert models.hkcsi().construct("Characteristics").mode == "B"


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_everywhere(name):
    entry = models.entry(name)
    texts = [entry.model.title, entry.country, entry.about, entry.verified, entry.screening]
    texts += [*entry.notes, entry.estimator.note, *(s.what for s in entry.sources)]
    texts += [construct.label for construct in entry.model.constructs]
    for question in entry.questions:
        texts += [question.label, question.wording, question.low_label, question.high_label]
    for text in texts:
        assert re.search("[A-Za-z0-9]", text.en), text
        assert not CHINESE.search(text.en), text
        assert CHINESE.search(text.zh) or text.zh == "0%", text
        assert not re.search(r"[,?;]", text.zh), f"half-width punctuation: {text.zh}"


@pytest.mark.parametrize("name", NAMES)
def test_every_item_is_asked_once_with_a_scale(name):
    entry = models.entry(name)
    asked = [question.item for question in entry.questions]
    assert tuple(asked[: len(entry.model.columns)]) == entry.model.columns
    assert len(asked) == len(set(asked))
    for number, question in enumerate(entry.questions):
        assert question.low < question.high
        assert question.in_model == (question.item in entry.model.columns)
        assert set(question.missing.values()) <= set(Meaning.__args__)
        assert not any(question.low <= float(code) <= question.high for code in question.missing)
        if question.asked_if:
            earlier = entry.question(question.asked_if.item)
            assert asked.index(earlier.item) < number
            assert earlier.low <= question.asked_if.low <= question.asked_if.high <= earlier.high


def test_citations_are_in_the_bibliography_once():
    keys = re.findall(
        r"^@\w+\{([^,]+),", (ROOT / "paper/references.bib").read_text("utf-8"), re.MULTILINE
    )
    cited = {source.key for name in NAMES for source in models.entry(name).sources}
    cited |= set(re.findall(r"\[(\w+)\]\.", FilePath(models.__file__).read_text("utf-8")))
    assert cited <= set(keys)
    assert all(keys.count(key) == 1 for key in cited)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_show_tells_all(name, language):
    entry = models.entry(name)
    text = models.show(entry, language)
    assert entry.model.title.within(language) in text
    for question in entry.questions:
        assert f"    {question.item}" in text
        assert question.wording.within(language) in text
    for path in entry.model.paths:
        assert f"  {path.sign} {path}" in text
    mark = "not verified" if language == "en" else "未核实"
    assert sum(line.endswith((f"({mark})", f"（{mark}）")) for line in text.splitlines()) == sum(
        not path.verified for path in entry.model.paths
    )
    for source in entry.sources:
        assert f"[{source.key}] {source.year}" in text
    assert bool(CHINESE.search(text)) == (language == "zh")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_questionnaire_is_ready_to_field(name, language):
    entry = models.entry(name)
    text = models.questionnaire(entry, language)
    numbers = [int(n) for n in re.findall(r"^\*\*(\d+)\.\*\*", text, re.MULTILINE)]
    assert numbers == list(range(1, len(entry.questions) + 1))
    assert text.count("[98]") == len(entry.questions)
    assert len(re.findall("^## ", text, re.MULTILINE)) == len(
        [c for c in entry.model.constructs if not c.parts]
    )
    assert entry.screening.within(language) in text
    for question in entry.questions:
        assert question.wording.within(language) in text
        assert question.low_label.within(language) in text
    assert bool(CHINESE.search(text)) == (language == "zh")


def test_questionnaire_routes_the_price_questions():
    text = models.questionnaire(models.entry("acsi"), "en")
    assert "Ask only if the answer to 14 (REPUR) was 6 to 10" in text
    assert "**14.** `REPUR`" in text
    assert "Ask only if the answer to 12 (COMP) was 1;" in text
    zh = models.questionnaire(models.entry("acsi"), "zh")
    assert "仅当第14题（REPUR）的回答为1至5时提问" in zh


ENTRY = (ROOT / "csi/model/catalogue/swics.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("before", "after", "where", "what"),
    [
        ("[estimator]", "[estimators]", "model", "unknown key 'estimators'"),
        ('scheme = "path"', 'scheme = "pth"', "[estimator]", "unknown scheme 'pth'"),
        ('since = "1998"', "since = 1998", "[catalogue]", "since is not text but 1998"),
        ('"瑞士" }', '"" }', "[catalogue]", "country is not there in both languages"),
        ("notes = [", "notes = 3\nold = [", "[catalogue]", "notes is not a list"),
        ('item = "DIAL2"', 'item = "DIAL9"', "item DIAL2", "no question asks it"),
        ('item = "DIAL2"', 'item = "DIAL1"', "item DIAL1", "several questions ask it"),
        ('scale = "easy"', 'scale = "eesy"', "question 5 ('DIAL2')", "unknown scale 'eesy'"),
        (
            'scale = "easy"',
            'scale = "easy"\nasked_if = { item = "DIAL8", low = 1, high = 2 }',
            "item DIAL2",
            "asked_if names unknown item 'DIAL8'",
        ),
        ('scale = "easy"', 'scale = "easy"\nasked_if = 3', "question 5 ('DIAL2')", "asked_if is 3"),
        ("year = 2000", 'year = "2000"', "source 1 ('bruhn2000development')", "year is not a num"),
        ("high = 10", "", "[scale.easy]", "high is missing"),
        ('"dont_know"', '"dontknow"', "[scale.easy]", "unknown 98 'dontknow'"),
    ],
)
def test_faults_of_a_catalogue_file(before, after, where, what):
    assert before in ENTRY
    with pytest.raises(ModelError) as caught:
        parse_entry(ENTRY.replace(before, after), where="swics.toml")
    assert [f for f in caught.value.faults if f.where == where and f.what.startswith(what)], (
        caught.value
    )


def test_the_catalogue_needs_no_heavy_library():
    code = (
        "import sys; from csi.model import models; models.show(models.entry('acsi'), 'zh');"
        "sys.exit(bool({'pandas', 'scipy', 'matplotlib'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
