"""The page of a slip: what became of one answer, for whoever holds its code."""
