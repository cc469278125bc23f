"""Tests of the product, on real databases, real converters and a real browser."""
