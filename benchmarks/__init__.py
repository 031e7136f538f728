"""What suanli costs, measured beside what a user would take instead; ``python -m benchmarks`` runs it all."""
