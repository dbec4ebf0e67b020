"""Every fixture that starts a real part lives in `tests/peers`."""

pytest_plugins = [
    "tests.peers.mosquitto",
    "tests.peers.postgres",
    "tests.peers.receiver",
    "tests.peers.browser",
    "tests.peers.survey_door",
    "tests.peers.display",
    "tests.peers.manager_hub",
]
