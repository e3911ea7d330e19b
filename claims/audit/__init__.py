"""The second evaluator: works out a decided claim's cost share again, from the plan document alone, and says what differs.

Written apart from the engine, by the same pages (docs/domain/audit.md says what it judges and what it takes as told),
and deliberately plain: no tables built beforehand, no shortcuts, one rule after the other. It imports nothing of the
engine; import-linter holds it to that. Money is integer cents, rates are basis points, days are half-open.
"""
