"""How word goes out: pure wording, signing and pace, and the courier that carries letters."""
