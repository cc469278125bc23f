"""Makers of test data, one module for each slice. They go through the services where these exist."""
