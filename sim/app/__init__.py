"""What a person touches: one command a file, and what the commands share. Heavy imports stay inside the commands."""
