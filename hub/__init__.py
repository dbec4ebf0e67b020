"""Where taps become scores, cases and messages."""
