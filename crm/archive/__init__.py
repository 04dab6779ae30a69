"""Everything of one client as one file."""
