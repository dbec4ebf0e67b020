"""A believable estate to try the product with: its content, its history, its terminals."""
