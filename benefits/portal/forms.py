"""What the pages about people and coverage send."""

from django import forms


class ShareForm(forms.Form):
    """Which adult of the family, and whether he is shown the claims from now on."""

    person = forms.UUIDField()
    show = forms.TypedChoiceField(choices=[("yes", "yes"), ("no", "no")], coerce=lambda answer: answer == "yes")
