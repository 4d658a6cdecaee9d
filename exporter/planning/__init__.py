"""A configuration boiled down to rows, labels and nanoseconds, before anything is probed."""
