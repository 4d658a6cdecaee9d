"""Host names: who resolves them, and the present address of each target."""
