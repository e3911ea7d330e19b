"""What the claims pages may be asked by address."""

from urllib.parse import urlencode
from uuid import UUID

from django import forms


class ClaimsQuery(forms.Form):
    """Whose claims, and on which side of which claim to go on."""

    person = forms.UUIDField(required=False)
    older = forms.UUIDField(required=False)
    newer = forms.UUIDField(required=False)

    def address(self, path: str, **turn: UUID | None) -> str:
        """The address of the page on one side of a claim, for the same person; "" when there is none."""
        if None in turn.values():
            return ""
        person = self.cleaned_data["person"]
        return f"{path}?{urlencode({**({'person': person} if person else {}), **turn})}"
