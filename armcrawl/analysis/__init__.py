"""What analysts use: search, export, and web pages."""
