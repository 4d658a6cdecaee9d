"""The dashboards as code: definitions in grafanalib, built into the JSON that Grafana reads.

`text` and `place` know the words and the city, `states` and `style` how everything looks, `queries` all PromQL, `extra`
what grafanalib lacks; one module for each dashboard puts panels together, `catalogue` lists them, `building` writes.
"""

from dashboards.building import OUTPUT, build, drift, output_of, rendered
from dashboards.catalogue import DASHBOARDS
from pantau.texts import LANGUAGES

__all__ = ["DASHBOARDS", "LANGUAGES", "OUTPUT", "build", "drift", "output_of", "rendered"]
