"""The keys of the public schema, for files before they are split among employers."""

from tenants.fields.data_keys import KeyRow


class DataKey(KeyRow):
    """A key of the public schema, wrapped by the master key."""

    class Meta(KeyRow.Meta):
        pass
