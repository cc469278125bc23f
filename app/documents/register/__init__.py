"""The register of outgoing papers: its numbers, its columns, its series, its printed book."""
