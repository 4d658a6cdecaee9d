"""A contract as large as Bitung's largest: 143 points with long names, and as many outages each as one asks for."""

from functools import cache
from random import Random

from lab.samples.accounting import APRIL, WITA, span
from lab.samples.evidence import Recorded, dark
from pantau.inventory import Assignment, Contract, Hotspot, Inventory, Isp, Kecamatan
from pantau.reports.accounting import Stretch
from pantau.reports.statement import Statement, make_statement, survey

POINTS = 143
CONTRACT = "lembeh-utara-infotek"
WARDS = ("Mawali", "Pintukota", "Binuang", "Motto", "Lirang", "Posokan", "Nusu", "Kareko", "Gunung Woka", "Batukota")
KINDS = ("rt_lingkungan", "pos_kamling", "kantor_kelurahan", "dermaga", "rumah_ibadah_gereja")


def name_of(number: int) -> str:
    """A name as offices write them, more than sixty characters long."""
    ward = WARDS[number % len(WARDS)]
    return f"Balai Pertemuan Umum RT {number:03} Lingkungan II Kelurahan {ward} dekat Dermaga Penyeberangan"


def inventory(points: int) -> Inventory:
    """One contract with that many points."""
    return Inventory(
        isps=(Isp(id="infotek", name="Infotek", legal_name="PT Infotek Global Network Nusantara Telekomunikasi"),),
        kecamatan=(Kecamatan(id="lembeh-utara", name="Lembeh Utara"),),
        contracts=(
            Contract.model_validate(
                {
                    "id": CONTRACT,
                    "kecamatan": "lembeh-utara",
                    "isp": "infotek",
                    "start": "2024-04-01",
                    "end": "2025-01-01",
                    "agreement_number": "PKS/09/2024",
                    "method": "R3",
                    "sla_ratio": "0.98",
                    "repair_limit": "1h",
                    "points": points,
                }
            ),
        ),
        hotspots=tuple(_hotspot(number) for number in range(1, points + 1)),
        assignments=tuple(
            Assignment.model_validate(
                {
                    "hotspot": f"BTG-08-{number:04}-001",
                    "contract": CONTRACT,
                    "start": "2024-04-01",
                    "monthly_fee": "550000",
                }
            )
            for number in range(1, points + 1)
        ),
    )


def _hotspot(number: int) -> Hotspot:
    return Hotspot.model_validate(
        {
            "id": f"BTG-08-{number:04}-001",
            "name": name_of(number),
            "address": f"10.78.{number // 250}.{number % 250}",
            "kecamatan": "lembeh-utara",
            "isp": "infotek",
            "kelurahan": WARDS[number % len(WARDS)],
            "category": KINDS[number % len(KINDS)],
            "contract": CONTRACT,
        }
    )


def _month(random: Random, outages: int) -> list[Stretch]:
    begins = sorted(random.sample(range(0, 2_500_000, 15_000), outages))
    first = APRIL.span(WITA)[0]
    downs = [(first + at, first + at + random.choice([90, 200, 500, 1500, 7200])) for at in begins]
    return dark(*downs, unseen=[span("04-20 02:00", "04-20 03:30")])


@cache
def large(points: int = POINTS, outages: int = 3) -> Statement:
    """Its statement of April 2024; every seventh point was dead for days, the fifth was never seen."""
    random = Random(7178)
    evidence = {f"BTG-08-{number:04}-001": _month(random, outages) for number in range(1, points + 1)}
    for number in range(7, points + 1, 7):
        evidence[f"BTG-08-{number:04}-001"] = dark(
            span("04-08 09:30", "04-11 16:10"), span("04-22 07:00", "04-22 19:00")
        )
    evidence["BTG-08-0005-001"] = dark(unseen=[APRIL.span(WITA)])
    counted = {point: (259_200, 259_200 - random.randrange(9000)) for point in evidence}
    return make_statement(CONTRACT, survey(inventory(points), Recorded(evidence, counted=counted), APRIL, WITA))
