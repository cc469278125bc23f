"""Papers of one kind made together, and their files for printing."""
