"""Sign-in: what Django, allauth and axes call."""
