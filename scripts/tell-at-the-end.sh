#!/bin/sh
# Run a command beside others that print: what it says is shown whole when it has ended, also if it is ended from outside.
told=$(mktemp)
trap 'cat "$told"; rm -f "$told"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
"$@" >"$told" 2>&1
