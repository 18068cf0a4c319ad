"""What this room does when news reaches it."""
