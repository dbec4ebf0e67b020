"""Fixtures: a real browser for the tests."""
