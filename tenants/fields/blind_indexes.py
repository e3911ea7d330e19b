"""The searchable shadow of an encrypted column: equal values have equal shadows, and nothing can be read from one."""

from collections.abc import Sequence
from typing import Any, cast

from django.core import checks
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import signals

from tenants.core import ciphers
from tenants.fields import keyring
from tenants.fields.columns import EncryptedTextField, NeverInPlaintext, Unsealed

LOOKUPS = frozenset({"exact", "in", "isnull"})


class BlindIndexField(models.Field):
    """HMAC-SHA256 of the text in `source`, filled whenever that text is saved.

    Search with `Person.objects.filter(ssn_bidx=Person.ssn_bidx.field.index("123-45-6789"))`. A text that normalises to
    nothing has no index: null, which a column without null=True refuses.
    """

    empty_strings_allowed = False

    def __init__(self, *args: Any, source: str, normalise: str = "letters_and_digits", **kwargs: Any) -> None:
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)
        self.source, self.normalise = source, normalise

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        kwargs["source"] = self.source
        if self.normalise != "letters_and_digits":
            kwargs["normalise"] = self.normalise
        return name, path.replace("tenants.fields.blind_indexes", "tenants.fields"), args, kwargs

    def get_internal_type(self) -> str:
        return "BinaryField"

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        if not cls._meta.abstract:
            signals.pre_save.connect(self._saved_together, sender=cls)

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        try:
            source = self.model._meta.get_field(self.source)
        except FieldDoesNotExist:
            source = None
        if isinstance(source, EncryptedTextField) and self.normalise in ciphers.NORMALISERS:
            return super().check(**kwargs)
        hint = f"source names an EncryptedTextField, normalise one of {', '.join(sorted(ciphers.NORMALISERS))}."
        return [checks.Error(f"{self.source!r} cannot be indexed by {self.normalise!r}.", hint, self, "aso.E003")]

    def index(self, text: str) -> bytes | None:
        """What to search for in this schema; None for a text of nothing but punctuation. Raises MissingKey."""
        return self.index_many([text])[0]

    def index_many(self, texts: Sequence[str]) -> list[bytes | None]:
        """The same for many texts, in their order. Raises MissingKey."""
        normalise, key = ciphers.NORMALISERS[self.normalise], keyring.index_key()
        label = f"{self.model._meta.db_table}.{self._source().column}"
        normal = [normalise(text) for text in texts]
        return [ciphers.blind_index(text, key=key, label=label) if text else None for text in normal]

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        source = self._source()
        stored = model_instance.__dict__.get(source.attname)
        if isinstance(stored, Unsealed):
            setattr(model_instance, self.attname, self.index(source.open_for(model_instance, stored)))
        elif stored is None:
            setattr(model_instance, self.attname, None)
        return getattr(model_instance, self.attname)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> bytes | None:
        return None if value is None else bytes(value)

    def get_prep_value(self, value: Any) -> Any:
        if value is None or (isinstance(value, bytes) and len(value) == ciphers.INDEX_BYTES):
            return value
        raise NeverInPlaintext(f"{self.model.__name__}.{self.name} is searched with {self.name}.field.index(text).")

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        value = value if prepared else self.get_prep_value(value)
        return value if value is None else connection.Database.Binary(value)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name not in LOOKUPS:
            raise NeverInPlaintext(f"{self.model.__name__}.{self.name} answers equality only, not {lookup_name!r}.")
        return super().get_lookup(lookup_name)

    def formfield(self, *args: Any, **kwargs: Any) -> None:
        return None

    def _source(self) -> EncryptedTextField:
        return cast(EncryptedTextField, self.model._meta.get_field(self.source))

    def _saved_together(self, update_fields: Any, **_: Any) -> None:
        """A changed text with its old index would be found under the number it had before."""
        if update_fields and self.source in update_fields and self.name not in update_fields:
            raise NeverInPlaintext(f"Save {self.name} together with {self.source}.")
