"""Fixtures: a real display for the tests."""
