"""What the claims pages may be asked by address, and what they send."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from claims.core.attachments import LARGEST_BYTES


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


class SeveralFiles(forms.ClearableFileInput):
    """A file field that takes several."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """Files, none or several, none larger than one that can be kept."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """The files as they came. Raises ValidationError for one that is too large or empty, and for none where some must be."""
        given = [each for each in (data if isinstance(data, list | tuple) else [data]) if each]
        if self.required and not given:
            raise forms.ValidationError(self.error_messages["required"])
        for each in given:
            if not 0 < (each.size or 0) <= LARGEST_BYTES:
                raise forms.ValidationError(_("A file is empty or larger than 15 MB. Send a smaller one."))
        return given


class PapersForm(forms.Form):
    """More papers for an open appeal."""

    papers = FilesField(error_messages={"required": _("Choose at least one file.")})


class AppealForm(forms.Form):
    """Why the member disagrees, with papers. ground: of a review outside of the plan only."""

    reason = forms.CharField(
        label=_("Why should we decide otherwise?"),
        max_length=8_000,
        min_length=5,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Say in a few words why you disagree.")},
    )
    urgent = forms.BooleanField(
        label=_("Waiting would endanger life or health, or leave severe pain untreated"), required=False
    )
    papers = FilesField(
        label=_("Papers that help"),
        help_text=_("PDF or photos, at most 5 files of 15 MB each."),
        required=False,
    )

    def __init__(self, *args: Any, outside: bool, grounds: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["papers"].widget.attrs |= {
            "multiple": True,
            "accept": "application/pdf,image/png,image/jpeg,image/tiff",
        }
        if outside:
            self.fields["ground"] = forms.ChoiceField(
                label=_("What the refusal rests on"),
                choices=grounds,
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose what the refusal rests on.")},
            )
            self.order_fields(["ground", "reason", "urgent", "papers"])
