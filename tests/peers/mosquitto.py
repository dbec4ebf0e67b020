"""Fixtures: a real mosquitto for the tests."""
