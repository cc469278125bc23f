"""What every route answers to every role, tried on the demonstration. `tests/test_routes.py` runs all of it."""
