"""One record against its model: a value and, in our own words, everything that is wrong with it.

A record with mistakes still yields what is right in it, so that the checks between records can go on and nothing is
reported a second time only because something else was wrong first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Generic, TypeVar, cast, get_args

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from pantau.inventory.messages import message
from pantau.inventory.source import Step

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """A mistake at `path` within a record."""

    path: tuple[Step, ...]
    message: str

    @property
    def field(self) -> str:
        """The path as messages have it."""
        return ".".join(map(str, self.path))


@dataclass(frozen=True, slots=True)
class Checked(Generic[Model]):
    """What became of a record."""

    value: Model
    """With `None` in each field that is not usable."""
    problems: tuple[FieldProblem, ...] = ()
    broken: frozenset[str] = frozenset()
    """Dotted paths of the fields that are not usable, and of all that is around them."""

    def usable(self, *fields: str) -> bool:
        """Whether all these fields (dotted paths, no sections) hold what they should."""
        return not self.broken or self.broken.isdisjoint(fields)


def check(model: type[Model], values: Mapping[str, object]) -> Checked[Model]:
    """`values` as a `model`, or as much of it as is right."""
    try:
        return Checked(model.model_validate(values))
    except ValidationError as error:
        details = error.errors(include_url=False)
    problems = tuple(_problem(model, values, detail) for detail in details)
    prefixes = (problem.path[: depth + 1] for problem in problems for depth in range(len(problem.path)))
    return Checked(_salvage(model, values), problems, frozenset(".".join(map(str, path)) for path in prefixes))


def known_keys(model: type[BaseModel]) -> list[str]:
    """The keys that a record may have, as its file writes them."""
    return [field.alias or name for name, field in model.model_fields.items()]


def required_keys(model: type[BaseModel]) -> list[str]:
    """The keys that a record must have, or a file of such records."""
    columns = getattr(model, "columns", ())
    return [key.alias or name for name, key in model.model_fields.items() if key.is_required() or name in columns]


def _problem(model: type[BaseModel], values: Mapping[str, object], detail: ErrorDetails) -> FieldProblem:
    path = detail["loc"]
    around = _model_at(model, path[:-1])
    return FieldProblem(_as_written(values, path), message(detail, known_keys(around)))


def _as_written(values: object, path: tuple[Step, ...]) -> tuple[Step, ...]:
    """`path` without the places of lists that nobody wrote: where one value stands for a list of one."""
    steps: list[Step] = []
    for step in path:
        if isinstance(step, int) and not isinstance(values, list | tuple):
            continue
        steps.append(step)
        if isinstance(values, Mapping):
            values = values.get(step)
        elif isinstance(values, list | tuple) and isinstance(step, int):
            values = values[step] if step < len(values) else None
        else:
            values = None
    return tuple(steps)


def _model_at(model: type[BaseModel], path: tuple[Step, ...]) -> type[BaseModel]:
    """The model that `path` leads into, through sections and lists of sections."""
    for step in path:
        if isinstance(step, str):
            fields = {field.alias or name: field for name, field in model.model_fields.items()}
            model = _model_in(fields[step].annotation) or model
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_in, get_args(annotation))), None)


def _salvage(model: type[Model], values: Mapping[str, object]) -> Model:
    """A `model` of the fields that are right, `None` for those that are wrong or missing, never checked as a whole."""
    right: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        key = field.alias or name
        if key not in values:
            right[key] = None if field.is_required() else field.get_default(call_default_factory=True)
        elif isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            section = values[key]
            right[key] = _salvage(field.annotation, section if isinstance(section, Mapping) else {})
        elif (inner := _model_in(field.annotation)) and isinstance(values[key], list):
            items = cast("list[object]", values[key])
            right[key] = tuple(_salvage(inner, item if isinstance(item, Mapping) else {}) for item in items)
        else:
            right[key] = _field_alone(model, name, values[key])
    return model.model_construct(**right)


def _field_alone(model: type[BaseModel], name: str, value: object) -> Any:
    try:
        return _adapter(model, name).validate_python(value)
    except ValidationError:
        return None


@cache
def _adapter(model: type[BaseModel], name: str) -> TypeAdapter[Any]:
    field = model.model_fields[name]
    kind: Any = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
    return TypeAdapter(kind)
