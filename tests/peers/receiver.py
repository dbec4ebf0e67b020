"""Fixtures: a real receiver for the tests."""
