"""How long a hotspot's device has been running, as it says itself: whether its power or its link had failed."""
