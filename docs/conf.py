"""Settings of Sphinx. The pages work without a network: no fonts, scripts or formulas from afar."""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_extensions"))

from sphinx.application import Sphinx

import csi

project = "csi"
author = "The csi authors"
copyright = "2026, The csi authors"
release = version = csi.__version__

extensions = [
    "mathml",
    "myst_nb",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx_copybutton",
    "sphinxcontrib.bibtex",
    "sources",
]
bibtex_bibfiles = ["../paper/references.bib"]
bibtex_default_style = "plain"
bibtex_reference_style = "author_year"
exclude_patterns = ["_build"]
html_math_renderer = "mathml"
myst_enable_extensions = ["dollarmath", "deflist"]
myst_heading_anchors = 3
nb_execution_mode = "off"  # `make notebooks` ran them; these are copies with outputs
nb_merge_streams = True

autosummary_generate = True
autodoc_typehints = "none"  # the docstrings say types and shapes
numpydoc_show_class_members = False
numpydoc_xref_param_type = False

copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True

html_theme = "pydata_sphinx_theme"
html_title = "csi"
html_static_path = ["_static"]
html_css_files = ["csi.css"]
html_show_sourcelink = False
html_sidebars = {page: [] for page in ("index", "changelog", "zh/*")}
html_theme_options = {
    "navbar_end": ["theme-switcher"],
    "show_prev_next": False,
    "secondary_sidebar_items": ["page-toc"],
    "header_links_before_dropdown": 6,
    "footer_start": [],
    "footer_end": [],
}


def keep_batch_axes(
    app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]
) -> None:
    """Write the star of shapes such as ``(*batch, p)`` as a star, not as the start of emphasis."""
    for number, line in enumerate(lines):
        if not line.lstrip().startswith((">>>", "...")):
            lines[number] = re.sub(r"(?<!`)\(\*(?=\w)", r"(\\*", line)


def setup(app: Sphinx) -> None:
    app.connect("autodoc-process-docstring", keep_batch_axes, priority=400)
