"""Pages for managers and operators: scores, live taps, terminals, alerts, letters, and signing in."""
