"""The one root of every refusal this portal makes on purpose."""


class DomainError(Exception):
    """A rule of the trade refuses this.

    The message says what was wrong, with which record (ids and numbers only, never a person's name, diagnosis or
    social security number), and what to do. Subclasses sit beside the function that raises them.
    """
