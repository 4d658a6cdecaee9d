"""What every listener of ours shares: sockets, TLS, who may connect and how often, and who makes room for whom."""
