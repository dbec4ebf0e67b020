"""When to raise an alert: pure rules, and the watch that asks them."""
