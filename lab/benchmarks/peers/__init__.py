"""The probers that are compared: one file each, which knows how its prober is started, fed and read."""
