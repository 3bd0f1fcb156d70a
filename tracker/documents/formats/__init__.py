"""Bytes to text: one module a format."""
