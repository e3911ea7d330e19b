"""What ASO staff keep about people and plans at the desk of one employer."""

from benefits.admin import other_coverage, plan_versions

__all__ = ["other_coverage", "plan_versions"]
