"""Pages are tested as doctests; the settings of Sphinx are not."""

collect_ignore_glob = ["*.py", "_extensions/*"]
