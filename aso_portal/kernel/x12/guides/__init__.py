"""The implementation guides the portal reads and writes, found by the id in ST03 (or GS08)."""

from aso_portal.kernel.x12.guide import Guide
from aso_portal.kernel.x12.guides import d837, i837, p837, x270, x271, x276, x277, x277ca, x834, x835, x999

GUIDES: tuple[Guide, ...] = tuple(
    module.GUIDE for module in (p837, i837, d837, x999, x277ca, x834, x835, x270, x271, x276, x277)
)

BY_VERSION: dict[str, Guide] = {
    **{version: guide for guide in reversed(GUIDES) for version in guide.versions},
    **{f"{guide.transaction} {version}": guide for guide in GUIDES for version in guide.versions},
}
"""By the id alone, and, since a question and its answer share one, by set and id ("271 005010X279A1"): that goes first."""
BY_NAME: dict[str, Guide] = {guide.name: guide for guide in GUIDES}
