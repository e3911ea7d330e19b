"""The employer's own keys."""

from tenants.fields.data_keys import KeyRow


class DataKey(KeyRow):
    """A key of this employer, wrapped by the master key."""

    class Meta(KeyRow.Meta):
        pass
