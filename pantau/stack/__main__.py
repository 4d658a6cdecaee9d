"""`python -m pantau.stack`."""

from pantau.cli.stack import main

main()
