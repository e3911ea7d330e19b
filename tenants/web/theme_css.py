"""The employer's stylesheet: nothing but derived colour tokens, laid over the portal's own."""

import hashlib

from tenants.core.theme import Theme, Tokens

_CSS = """:root,[data-bs-theme="light"]{{{light}}}
[data-bs-theme="dark"]{{{dark}}}
@media screen and (prefers-color-scheme:dark){{:root:not([data-bs-theme]){{{dark}}}}}
@media print{{:root,[data-bs-theme]{{{light}}}}}
"""


def stylesheet(theme: Theme) -> str:
    """CSS of both modes; print always uses the light tokens."""
    return _CSS.format(light=_declarations(theme.light), dark=_declarations(theme.dark))


def version(theme: Theme) -> str:
    """A short digest of the stylesheet: the `v` of its address, so that a changed colour is a new address."""
    return hashlib.sha256(stylesheet(theme).encode()).hexdigest()[:12]


def _declarations(tokens: Tokens) -> str:
    return (
        f"--brand:{tokens.brand};--brand-hover:{tokens.hover};--brand-tint:{tokens.tint};--on-brand:{tokens.on_brand}"
    )
