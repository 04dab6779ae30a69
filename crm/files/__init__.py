"""Files: kept outside the web root under random names, served through the permission check, shown as pictures."""
