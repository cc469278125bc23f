"""The ground floor: database, clock, ids, errors, text. Imports nothing of the application above it."""
