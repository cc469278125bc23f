"""Fills a Word template: bytes and dictionaries in, bytes out. Runs inside the locked child process.

Nothing here knows the application, the database, the settings or the file system; modules import each other
by relative names, because the child process loads this package without the application around it.
"""
