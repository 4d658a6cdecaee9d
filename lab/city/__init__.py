"""A city of real packets in network namespaces, and what spoils it."""
