"""The ICMP prober: packets, sockets, schedule. It knows nothing of states."""
