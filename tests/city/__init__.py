"""The city tier: real packets, in a network namespace that answers for a whole city and fails on request."""
