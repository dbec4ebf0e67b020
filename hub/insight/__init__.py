"""What the answers say: pure figures with their intervals."""
