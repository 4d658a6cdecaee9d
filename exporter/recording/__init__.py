"""What the exporter writes into the journal, and what it takes up from it at a start."""
