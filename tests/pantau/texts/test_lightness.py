"""What the exporter carries of the words: catalogues only, and those once somebody reads."""

import subprocess
import sys

from tests.patience import PATIENCE_SECONDS

_HEAVY = ("babel", "num2words", "grafanalib")


def test_the_exporter_carries_no_tables_of_dates_and_numbers() -> None:
    """8 MB of CLDR and number words are for reports; the page's months come from its catalogue."""
    program = (
        "import sys, exporter.app, exporter.web.page\n"
        f"print([name for name in {_HEAVY} if name in sys.modules])\n"
        "from pantau.states import State, word_of\n"
        "assert word_of(State.UNKNOWN, 'id') == 'Tak diketahui'\n"
        "print('num2words' in sys.modules, 'pantau.texts.formats' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS
    )
    assert (done.stderr, done.stdout) == ("", "[]\nFalse False\n")
