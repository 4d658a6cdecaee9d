"""A network of real packets in namespaces that answers for a whole city, and the faults that tests cause in it."""
