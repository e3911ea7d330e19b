"""Users, roles, sessions and API keys: staff in the public schema, members and HR in their employer's."""
