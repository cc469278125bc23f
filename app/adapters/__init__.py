"""The outside world behind small protocols: files, mail, PDF. Each room holds a protocol and what fulfils it."""
