"""`python -m pantau` is `pantau`."""

from pantau.cli.main import main

main()
