"""Templates into rule files. The only file of the package that knows Jinja2.

A template is a rule file with `${threshold}` for a number, `<% ... %>` for what repeats and `<# ... #>` for remarks:
Jinja2's own braces belong to Prometheus, whose annotations are templates too. YAML's comments stay in what is built.
"""

from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError

from pantau.alerting.errors import AlertingError
from pantau.alerting.rules.city import NO_CITY, RulesCity
from pantau.alerting.rules.conventions import applied, breaches
from pantau.alerting.rules.thresholds import Thresholds
from pantau.alerting.rules.windows import half_open
from pantau.alerting.rules.wording import FILTERS
from pantau.alerting.yaml_file import parse_mapping
from pantau.states import ASIDE, JUDGED, NOT_SERVING, SERVING, UNSERVED, State, matcher, numbers_of

TEMPLATES = Path(__file__).parent / "templates"
HEAD = """\
# Made by `pantau rules build` from config/thresholds.yml and the template of this name in
# pantau/alerting/rules/templates/: edit those, build again.
#
"""
"""Above each file; also what tells ours from an operator's own."""


def environment(thresholds: Thresholds, templates: Path = TEMPLATES, city: RulesCity = NO_CITY) -> Environment:
    """Where each threshold is a name, as are the sets of states and what is the city's; no other is known."""
    made = Environment(
        loader=FileSystemLoader(templates),
        autoescape=False,  # noqa: S701 - what comes out is YAML, and figures are numbers and durations only
        undefined=StrictUndefined,
        variable_start_string="${",
        variable_end_string="}",
        block_start_string="<%",
        block_end_string="%>",
        comment_start_string="<#",
        comment_end_string="#>",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.globals.update(thresholds, half_open=half_open, **city.names())
    made.globals.update(
        serving=matcher(SERVING), not_serving=matcher(NOT_SERVING), judged=matcher(JUDGED), aside=matcher(ASIDE)
    )
    made.globals.update(serving_numbers=numbers_of(SERVING), unserved_numbers=numbers_of(UNSERVED))
    made.globals.update({state.label: int(state) for state in State})
    made.filters.update(FILTERS)
    return made


def rendered(
    thresholds: Thresholds, templates: Path = TEMPLATES, city: RulesCity = NO_CITY
) -> Iterator[tuple[str, str]]:
    """Name and text of each rule file: one for each template at the top of the folder.

    Raises `AlertingError` if a template is not one, or what it makes is no rule file by our conventions.
    """
    made = environment(thresholds, templates, city)
    for path in sorted(templates.glob("*.yml.j2")):
        try:
            text = made.get_template(path.name).render()
        except TemplateSyntaxError as error:
            raise AlertingError(f"{templates / (error.name or path.name)}:{error.lineno}: {error.message}") from error
        except TemplateError as error:
            raise AlertingError(f"{path}: {error}; mend the template") from error
        whole = HEAD + applied(text.lstrip("\n"))
        if wrong := list(breaches(parse_mapping(whole, f"what {path} makes"))):
            raise AlertingError("\n".join(f"{path}: {sentence}" for sentence in wrong))
        yield path.name.removesuffix(".j2"), whole
