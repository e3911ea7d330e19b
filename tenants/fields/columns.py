"""Columns that hold sealed values. The plaintext exists only while it is read or written, never in a query."""

from typing import Any
from uuid import UUID

from django.core import checks
from django.core.exceptions import FieldDoesNotExist
from django.db import connection, models
from django.db.models.query_utils import DeferredAttribute

from aso_portal.kernel.errors import DomainError
from tenants.core.ciphers import Place
from tenants.fields import keyring
from tenants.fields.keyring import WrongSchema


class NeverInPlaintext(DomainError):
    """An encrypted column was used like an ordinary one: filtered, updated in bulk, or written out."""


class Sealed:
    """A value as it is stored, and the schema it was read from."""

    __slots__ = ("scope", "value")

    def __init__(self, value: bytes, scope: str) -> None:
        self.value, self.scope = value, scope

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and (self.value, self.scope) == (other.value, other.scope)

    def __hash__(self) -> int:
        return hash((self.value, self.scope))

    def __repr__(self) -> str:
        return f"<sealed in {self.scope}>"


class Unsealed:
    """A value given by the program and not saved yet. It shows itself to nobody and cannot be pickled."""

    __slots__ = ("plain", "scope")

    def __init__(self, plain: bytes, scope: str) -> None:
        self.plain, self.scope = plain, scope

    def __repr__(self) -> str:
        return f"<unsealed for {self.scope}>"

    def __copy__(self) -> "Unsealed":
        return self

    def __deepcopy__(self, memo: object) -> "Unsealed":
        return self

    def __reduce__(self) -> Any:
        raise NeverInPlaintext("A row with an unsaved encrypted value cannot be cached or sent: save it first.")


class SealedAttribute(DeferredAttribute):
    """Reading opens the stored value; setting keeps the plaintext aside until the row is saved."""

    def __get__(self, instance: models.Model | None, cls: Any = None) -> Any:
        if instance is None:
            return self
        return self.field.open_for(instance, super().__get__(instance, cls))

    def __set__(self, instance: models.Model, value: Any) -> None:
        if value is not None and not isinstance(value, Sealed):
            value = Unsealed(self.field.to_bytes(value), connection.schema_name)
        instance.__dict__[self.field.attname] = value


class EncryptedField(models.Field):
    """A sealed column, bound to its schema, table, column and the row's `uuid`, which must be known before the save.

    Null stays null. Renaming the table or the column makes the values unreadable: such a migration seals them anew.
    """

    empty_strings_allowed = False
    descriptor_class = SealedAttribute

    def __init__(self, *args: Any, row: str = "uuid", **kwargs: Any) -> None:
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)
        self.row = row

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        if self.row != "uuid":
            kwargs["row"] = self.row
        return name, path.replace("tenants.fields.columns", "tenants.fields"), args, kwargs

    def get_internal_type(self) -> str:
        return "BinaryField"

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        return [*super().check(**kwargs), *self._check_row()]

    def _check_row(self) -> list[checks.CheckMessage]:
        try:
            row = self.model._meta.get_field(self.row)
        except FieldDoesNotExist:
            row = None
        if not isinstance(row, models.UUIDField) or not (row.has_default() or row.primary_key):
            hint = "Give it a UUIDField with default=uuid4: the ciphertext is bound to it."
            problem = f"{self.model.__name__}.{self.row} is not known before the save."
            return [checks.Error(problem, hint, self, "aso.E001")]
        if self.unique or self.db_index or self.has_default():
            hint = "Equal values look different each time. Search with a BlindIndexField."
            return [checks.Error("An encrypted column has no index and no default.", hint, self, "aso.E002")]
        return []

    # Between the program and the database ---------------------------------------------------------------------------

    def to_bytes(self, value: Any) -> bytes:
        raise NotImplementedError

    def from_bytes(self, plain: bytes) -> Any:
        raise NotImplementedError

    def place(self) -> Place:
        """Where the value lives now. The schema is the connection's."""
        return Place(str(connection.schema_name), self.model._meta.db_table, str(self.column))

    def seal(self, value: Any, row: UUID) -> bytes:
        """The bytes to store for one row, for writers that do not save rows one by one (COPY). Raises MissingKey."""
        return keyring.current().seal(self.to_bytes(value), self.place(), row)

    def open(self, sealed: "Sealed | bytes", row: UUID) -> Any:
        """The value of one row read with `values_list` or raw SQL. Raises WrongSchema, MissingKey, CannotOpen."""
        if isinstance(sealed, Sealed):
            self._same_schema(sealed.scope)
            sealed = sealed.value
        return self.from_bytes(keyring.open_sealed(bytes(sealed), self.place(), row))

    def open_for(self, instance: models.Model, stored: Any) -> Any:
        """The value as the program sees it."""
        if stored is None:
            return None
        if isinstance(stored, Unsealed):
            self._same_schema(stored.scope)
            return self.from_bytes(stored.plain)
        return self.open(stored, getattr(instance, self.row))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        stored = model_instance.__dict__.get(self.attname)
        if stored is None:
            return None
        self._same_schema(stored.scope)
        if isinstance(stored, Sealed):
            return stored
        row = getattr(model_instance, self.row)
        return Sealed(keyring.current().seal(stored.plain, self.place(), row), stored.scope)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | None:
        return None if value is None else Sealed(bytes(value), connection.schema_name)

    def get_prep_value(self, value: Any) -> Any:
        if value is None or isinstance(value, Sealed):
            return value
        raise NeverInPlaintext(
            f"{self.model.__name__}.{self.name} is encrypted: set it on the row and save the row; "
            "a bulk update or a filter would carry the value in SQL."
        )

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        value = value if prepared else self.get_prep_value(value)
        return connection.Database.Binary(value.value) if isinstance(value, Sealed) else value

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise NeverInPlaintext(
                f"{self.model.__name__}.{self.name} is encrypted and cannot be searched by {lookup_name!r}. "
                "Search its blind index, or ask with isnull."
            )
        return super().get_lookup(lookup_name)

    def value_from_object(self, obj: models.Model) -> Any:
        """What generic code (serialisers, forms, admin history) is given: never the plaintext."""
        return obj.__dict__.get(self.attname)

    def value_to_string(self, obj: models.Model) -> str:
        raise NeverInPlaintext(f"{self.model.__name__}.{self.name} is encrypted and is not written out.")

    def formfield(self, *args: Any, **kwargs: Any) -> None:
        return None

    def _same_schema(self, scope: str) -> None:
        if scope != connection.schema_name:
            raise WrongSchema(
                f"{self.model.__name__}.{self.name} belongs to {scope}, but the connection is in "
                f"{connection.schema_name}. Read and save a row inside its own employer."
            )


class EncryptedTextField(EncryptedField):
    """Text, sealed as UTF-8."""

    def to_bytes(self, value: Any) -> bytes:
        if not isinstance(value, str):
            raise TypeError(f"{self.model.__name__}.{self.name} takes text, not {type(value).__name__}.")
        return value.encode()

    def from_bytes(self, plain: bytes) -> str:
        return plain.decode()


class EncryptedBytesField(EncryptedField):
    """Bytes as they are."""

    def to_bytes(self, value: Any) -> bytes:
        if not isinstance(value, bytes | bytearray | memoryview):
            raise TypeError(f"{self.model.__name__}.{self.name} takes bytes, not {type(value).__name__}.")
        return bytes(value)

    def from_bytes(self, plain: bytes) -> bytes:
        return plain
