"""The screens: each draws one view, reports touches, decides nothing."""
