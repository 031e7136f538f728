"""What is believed, and why: claims, hedges, quantities, correlations and scenarios, with their checker."""
