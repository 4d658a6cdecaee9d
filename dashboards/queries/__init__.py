"""All PromQL of the dashboards, in one place: constants and functions that are expressions. Dashboards say `q.NAME`.

What there is to ask is the catalogue (`exporter/metrics/catalogue.yml`) and the recorded series (`config/rules/`);
a test holds every expression against both. Expressions that a table joins are aggregated `by` their labels, because a
bare metric's name would be one more label that differs.
"""

from dashboards.queries.acknowledging import *  # noqa: F403
from dashboards.queries.availability import *  # noqa: F403
from dashboards.queries.city import *  # noqa: F403
from dashboards.queries.common import *  # noqa: F403
from dashboards.queries.faults import *  # noqa: F403
from dashboards.queries.hotspot import *  # noqa: F403
from dashboards.queries.marks import *  # noqa: F403
from dashboards.queries.monitor import *  # noqa: F403
from dashboards.queries.operator import *  # noqa: F403
from dashboards.queries.scope import *  # noqa: F403
from dashboards.queries.shift import *  # noqa: F403
from dashboards.queries.sight import *  # noqa: F403
from dashboards.queries.sla import *  # noqa: F403
from dashboards.queries.users import *  # noqa: F403
