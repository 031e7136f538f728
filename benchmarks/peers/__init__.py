"""One small model written for each tool that a user might take instead, each run in an environment of its own."""
