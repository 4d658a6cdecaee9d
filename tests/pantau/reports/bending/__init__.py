"""Whatever a report reads is bent, one value at a time: it does not change, refuses, or names what was bent."""
