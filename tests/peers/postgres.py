"""Fixtures: a real postgres for the tests."""
