"""Mentions become commitments: events, and the state they fold to on a day. Pure."""
