"""Signatures on papers: by a key at the server, by the signer's own software, by hand with a scan."""
