"""Labels followed through PromQL: what an expression answers, and what nobody offers."""

import pytest

from dashboards.contract import UnknownSeriesError, labels_of, offered

SERIES = offered()
POINT = {"hotspot", "kecamatan", "isp"}
SCRAPED = {"job", "instance"}

ANSWERS = [
    ("hotspot_up", POINT | SCRAPED),
    ("isp:hotspot_up:ratio", {"isp"}),
    ("city:hotspot_state:count", {"state"}),
    ("rate(hotspot_probe_rtt_seconds_bucket[$__rate_interval])", POINT | SCRAPED | {"le"}),
    ("histogram_quantile(0.5, sum by (isp, le) (kecamatan_isp:hotspot_probe_rtt_seconds_bucket:rate5m))", {"isp"}),
    ("sum(hotspot_up)", set()),
    ("sum without (instance, job) (hotspot_up)", POINT),
    ("bottomk(3, max by (hotspot) (hotspot_up))", {"hotspot"}),
    ("max by (hotspot) (hotspot_up) * on (hotspot) group_left (name) hotspot_info", {"hotspot", "name"}),
    ("max by (hotspot) (hotspot_up) and on (hotspot) hotspot_info", {"hotspot"}),
    ('count_values by (isp) ("since", isp:outage_since:timestamp_seconds)', {"isp", "since"}),
    ('label_replace(vector(0), "fault", "none", "", "")', {"fault"}),
    ("absent(hotspot_up == 0)", set()),
    ("max_over_time((sum by (isp) (isp:outage:ratio))[$__range:1m])", {"isp"}),
    ("vector(1)", set()),
]


@pytest.mark.parametrize(("expression", "labels"), ANSWERS, ids=[expression for expression, _labels in ANSWERS])
def test_the_labels_of_an_answer(expression: str, labels: set[str]) -> None:
    """Selectors, aggregations, matchings and functions keep, drop and add labels as Prometheus does."""
    assert labels_of(expression, SERIES) == labels


REFUSED = [
    ("hotspot_upp", "asks for 'hotspot_upp', which is neither in the catalogue nor recorded"),
    ('hotspot_up{town="bitung"}', "uses the label town, which hotspot_up does not have"),
    ("sum by (le) (hotspot_up)", "uses the label le, which the argument of sum does not have"),
    ("isp:hotspot_up:ratio * on (hotspot) hotspot_up", "uses the label hotspot, which the left of * does not have"),
    (
        "hotspot_up * on (hotspot) group_left (town) hotspot_info",
        "uses the label town, which the one side of * does not have",
    ),
    ("sum(hotspot_up", "is no PromQL: unclosed left parenthesis"),
]


@pytest.mark.parametrize(("expression", "problem"), REFUSED, ids=[expression for expression, _problem in REFUSED])
def test_what_nobody_offers_is_refused(expression: str, problem: str) -> None:
    """A name or a label that does not exist would be an empty panel for ever."""
    with pytest.raises(UnknownSeriesError) as refused:
        labels_of(expression, SERIES)
    assert str(refused.value) == problem
