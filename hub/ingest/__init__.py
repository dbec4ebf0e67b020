"""How a tap enters: the MQTT door, the one intake, receipts, presence, quarantine."""
