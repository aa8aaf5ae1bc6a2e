"""What a finished run leaves for people and for tools."""
