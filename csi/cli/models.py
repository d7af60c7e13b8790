"""``csi models``: the catalogue of published models."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rich_click as click

from csi.cli import options, parts
from csi.cli.console import results, say
from csi.cli.options import examples
from csi.cli.tables import table
from csi.cli.words import phrase
from csi.text import Language

if TYPE_CHECKING:
    from csi.model import Model

FORMS = ("toml", "lavaan", "python")


@click.group(
    cls=click.RichGroup,
    invoke_without_command=True,
    epilog=examples(
        "csi models",
        "csi models show acsi",
        "csi models show ccsi --questionnaire --lang zh",
        "csi models show ecsi --form toml > model.toml",
    ),
)
@options.LANG
@options.DEBUG
@click.pass_context
def models(ctx: click.Context, lang: Language) -> None:
    """List the published models, or show one."""
    if ctx.invoked_subcommand is None:
        _print_list(lang)


@models.command("list", epilog=examples("csi models list --lang zh"))
@options.LANG
@options.DEBUG
def list_models(lang: Language) -> None:
    """List the published models."""
    _print_list(lang)


@models.command(
    epilog=examples(
        "csi models show acsi",
        "csi models show ccsi --questionnaire --lang zh",
        "csi models show ecsi --form lavaan",
    )
)
@click.argument("name", shell_complete=options.complete_models)
@click.option(
    "--questionnaire", is_flag=True, help="Print a questionnaire ready to field (Markdown)."
)
@click.option("--form", type=click.Choice(FORMS), help="Print the model in this form instead.")
@options.LANG
@options.DEBUG
def show(name: str, questionnaire: bool, form: str | None, lang: Language) -> None:
    """Print constructs, items, paths and sources of a model."""
    if questionnaire and form:
        raise click.UsageError("--questionnaire and --form do not go together; give one of them")
    entry = parts.models.entry(name)
    if questionnaire:
        text = parts.models.questionnaire(entry, lang)
    elif form is not None:
        text = _as_form(entry.model, form)
    else:
        text = parts.models.show(entry, lang)
    click.echo(text, nl=False)


def _as_form(model: Model, form: str) -> str:
    if form == "toml":
        return parts.model.model_to_toml(model)
    if form == "lavaan":
        return parts.model.model_to_lavaan(model)
    return parts.python_form.model_to_python(model)


def _print_list(language: Language) -> None:
    rows = []
    for name in parts.models.names():
        entry = parts.models.entry(name)
        model = entry.model
        sizes = (len(model.names), len(model.columns), len(model.paths))
        rows.append(
            (
                name,
                model.title.within(language),
                entry.since,
                *(str(size) for size in sizes),
            )
        )
    keys = ("name", "title", "since", "constructs", "items", "n_paths")
    heads = [phrase(key, language) for key in keys]
    results().print(table(phrase("catalogue", language), heads, rows, right=(3, 4, 5), wrap=(1,)))
    say(phrase("more", language))
