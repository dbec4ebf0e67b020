"""What a new site starts with: five levels, fourteen scenarios, their questions and reasons."""
