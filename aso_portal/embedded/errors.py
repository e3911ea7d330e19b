"""What the embedded servers say when they cannot serve."""


class ServerError(Exception):
    """One line for the person at the terminal: what is wrong, where, and what to do about it."""
