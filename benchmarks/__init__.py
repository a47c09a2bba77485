"""What we learn from the simulator: studies, command line, reports and bundled test data."""
