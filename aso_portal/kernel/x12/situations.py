"""Listed rules over the parts of a transaction set: what a guide, a line of business or a partner asks of some blocks only.

A rule stands in a loop: `2300` is asked of every claim, `2300/PWK` of every PWK of a claim by itself. When its `when` holds
and its `needs` does not, the block has a fault at `at`. Conditions and places: `conditions.py`.

    book = RuleBook(rules, guide, component=":")
    for fault in book.check(block, below=lines): ...

Made for streams: what a rule can mean for a block of one shape is worked out once a shape, and what the few codes it looks
at decide is remembered, so a plain claim costs one look-up.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any

from aso_portal.kernel.x12.blocks import Block
from aso_portal.kernel.x12.conditions import Atom, Condition, Place, Scene, block_of, holds, read_condition, read_place
from aso_portal.kernel.x12.faults import Fault
from aso_portal.kernel.x12.guide import Guide
from aso_portal.kernel.x12.structure import Layout

MISSING, INVALID, CONFLICT = "missing", "invalid", "conflict"
KINDS = {MISSING: "situation", INVALID: "rule", CONFLICT: "relation"}
"""What a broken rule means, with the fault code that says so."""

MOST_LAYOUTS, MOST_ANSWERS = 8_192, 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. guides: names of those it is for ("837P"). loop: where it stands. kind: missing, invalid or conflict.

    status, entity: claim status code and entity of an answer. words: what is wrong, without a full stop.
    """

    id: str
    snip: int
    guides: tuple[str, ...]
    loop: str
    when: str
    needs: str
    at: str
    kind: str
    words: str
    status: str = ""
    entity: str = ""


def read_rules(text: str, *, guides: Mapping[str, str]) -> tuple[Rule, ...]:
    """Rules from a table, one a line: id | guides | loop | when | needs | at | kind status entity | words.

    The SNIP type is the id's first digit. guides: letters that stand for guide names. Raises ValueError with the line.
    """
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) != 8:
            raise ValueError(f"line {number}: {len(cells)} cells, not 8")
        name, letters, loop, when, needs, at, answer, words = cells
        kind, status, entity = (*answer.split(), "", "")[:3]
        if kind not in KINDS:
            raise ValueError(f"line {number}: {kind!r} is not one of {', '.join(KINDS)}")
        of = tuple(guides[letter] for letter in letters)
        snip = int(name.strip("ABCDEFGHIJKLMNOPQRSTUVWXYZ-")[0])
        found.append(
            Rule(
                id=name, snip=snip, guides=of, loop=loop, when=when, needs=needs, at=at, kind=kind, words=words,
                status=status, entity=entity,
            )
        )  # fmt: skip
    return tuple(found)


@dataclass(frozen=True, slots=True, eq=False)
class _Compiled:
    rule: Rule
    block: str
    scope: Place | None
    when: Condition
    needs: Condition
    at: Place


@dataclass(frozen=True, slots=True, eq=False)
class _Candidate:
    """A rule that may be broken in blocks of one shape. when, needs: the part of either that the codes in the plan's key
    decide; whole: that is all it needs. filled: when one of these values is there, the rule is kept; empty where that is
    not all it needs."""

    compiled: _Compiled
    when: Condition
    needs: Condition
    whole: bool
    filled: tuple[int, ...]


@dataclass(slots=True, eq=False)
class _Plan:
    """For one shape: what to look at (key), the answers so far, and the rules in question. Where there is no end to
    different answers they are kept no longer (`varied`)."""

    key: Any
    answers: dict[Any, tuple[_Candidate, ...]]
    candidates: tuple[_Candidate, ...]
    varied: bool = False


class RuleBook:
    """Rules made ready for one guide and one component separator. Raises ValueError for one that makes no sense there."""

    def __init__(self, rules: Iterable[Rule], guide: Guide, *, component: str) -> None:
        self.component = component
        self._by_block: dict[str, list[_Compiled]] = {}
        self._plans: dict[Layout, _Plan | None] = {}
        for compiled in _compiled(tuple(rules), guide):
            self._by_block.setdefault(compiled.block, []).append(compiled)

    def check(self, block: Block, below: Sequence[Block] = ()) -> Sequence[Fault]:
        """What is wrong with a block that has no other fault. below: blocks inside it."""
        layout = block.layout
        try:
            plan = self._plans[layout]
        except KeyError:
            plan = self._learn(layout)
        if plan is None:
            return ()
        key = plan.key(block.values)
        broken = plan.answers.get(key)
        if broken is None:
            broken = self._answer(plan, key, block, below)
        if not broken:
            return ()
        values = block.values
        found: list[Fault] = []
        for candidate in broken:
            filled = candidate.filled
            if filled and (values[filled[0]] is not None or any(values[slot] is not None for slot in filled)):
                continue
            found.extend(self._faults(candidate.compiled, block, below))
        return found

    def _learn(self, layout: Layout) -> _Plan | None:
        if len(self._plans) >= MOST_LAYOUTS:
            self._plans.clear()
        candidates = []
        slots: set[int] = set()
        for compiled in self._by_block.get(layout.loop.loop_id, ()):
            if _may_break(compiled, layout):
                coded = _coded(compiled, layout)
                slots |= coded
                candidates.append(_candidate(compiled, layout, coded))
        plan = None
        if candidates:
            plan = _Plan(itemgetter(*(sorted(slots) or (layout.width,))), {}, tuple(candidates))
        self._plans[layout] = plan
        return plan

    def _answer(self, plan: _Plan, key: Any, block: Block, below: Sequence[Block]) -> tuple[_Candidate, ...]:
        """The rules that these codes do not settle; remembered for them."""
        if plan.varied:
            return plan.candidates
        if len(plan.answers) >= MOST_ANSWERS:
            plan.answers.clear()
            plan.varied = True
        scene = Scene(block, below, self.component)
        found = tuple(
            candidate
            for candidate in plan.candidates
            if holds(candidate.when, scene) and not (candidate.whole and holds(candidate.needs, scene))
        )
        plan.answers[key] = found
        return found

    def _faults(self, compiled: _Compiled, block: Block, below: Sequence[Block]) -> Iterator[Fault]:
        scope = compiled.scope
        places = [None] if scope is None else list(scope.indexes(block, self.component))
        for only in places:
            scene = Scene(block, below, self.component, only, scope)
            if holds(compiled.when, scene) and not holds(compiled.needs, scene):
                yield _fault(compiled, scene)


@lru_cache(maxsize=32)
def _compiled(rules: tuple[Rule, ...], guide: Guide) -> tuple[_Compiled, ...]:
    return tuple(compile_rule(rule, guide) for rule in rules if guide.name in rule.guides)


def compile_rule(rule: Rule, guide: Guide) -> _Compiled:
    """The rule made ready for a guide. Raises ValueError saying what makes no sense there."""
    loop_id, _, segment = rule.loop.partition("/")
    if loop_id not in guide.loops:
        raise ValueError(f"{guide.name} has no loop {loop_id}")
    scope = read_place(segment, guide, loop_id) if segment else None
    at = read_place(rule.at, guide, loop_id)
    block = scope.block if scope is not None else block_of(guide, loop_id)
    return _Compiled(
        rule, block, scope, read_condition(rule.when, guide, loop_id), read_condition(rule.needs, guide, loop_id), at
    )


def _may_break(compiled: _Compiled, layout: Layout) -> bool:
    """Whether a block of this shape can break the rule at all."""
    here = layout.loop.loop_id
    if compiled.scope is not None and compiled.scope.is_in(layout) is False:
        return False
    for term in compiled.when:
        if all(atom.place.block == here and atom.in_shape(layout) is False for atom in term):
            return False
    kept = all(
        any(atom.place.block == here and atom.in_shape(layout) is True for atom in term) for term in compiled.needs
    )
    return not (kept and compiled.needs)


def _coded(compiled: _Compiled, layout: Layout) -> set[int]:
    """Where in the block the codes stand that the rule looks at."""
    if compiled.scope is not None:
        return set()
    atoms = [atom for term in (*compiled.when, *compiled.needs) for atom in term]
    return {slot for atom in atoms if atom.by_codes and _is_here(atom, layout) for slot in atom.place.slots(layout)}


def _is_here(atom: Atom, layout: Layout) -> bool:
    return atom.place.block == layout.loop.loop_id


def _candidate(compiled: _Compiled, layout: Layout, coded: set[int]) -> _Candidate:
    def settled(atom: Atom) -> bool:
        """Whether the block's shape and these codes decide the atom."""
        if not _is_here(atom, layout) or atom.other is not None:
            return False
        return atom.by_codes or atom.in_shape(layout) is not None or coded.issuperset(atom.place.slots(layout))

    def part(condition: Condition) -> Condition:
        return tuple(term for term in condition if all(map(settled, term)))

    if compiled.scope is not None:
        return _Candidate(compiled, (), (), False, ())
    needs = part(compiled.needs)
    whole = len(needs) == len(compiled.needs)
    return _Candidate(compiled, part(compiled.when), needs, whole, _filled(compiled, layout))


def _filled(compiled: _Compiled, layout: Layout) -> tuple[int, ...]:
    """Values of which one suffices, when that is all the rule needs and it can be read off the block itself."""
    if compiled.scope is not None or len(compiled.needs) != 1:
        return ()
    slots: list[int] = []
    for atom in compiled.needs[0]:
        if atom.test or not atom.place.elements or atom.place.first or atom.place.wanted is not None:
            return ()
        if atom.place.block != layout.loop.loop_id:
            return ()
        slots.extend(atom.place.slots(layout))
    return tuple(slots)


def _fault(compiled: _Compiled, scene: Scene) -> Fault:
    rule, at, block = compiled.rule, compiled.at, scene.block
    index = _where(at, scene)
    missing = rule.kind == MISSING
    code = "element-situation" if missing and at.element else KINDS[rule.kind]
    bad = "" if missing else next(iter(scene.values(at)), "")
    return Fault(
        code, *block.place_of(index), at.segment_id, at.element, at.loop_id, rule.words, rule.snip,
        bad=bad[:99], status=rule.status, entity=rule.entity, rule=rule.id,
    )  # fmt: skip


def _where(at: Place, scene: Scene) -> int:
    """The segment of the block to point at: the place itself, else where its loop begins, else the block's first."""
    if scene.only is not None:
        return scene.only
    block = scene.block
    if at.block == block.layout.loop.loop_id:
        found = next(at.indexes(block, scene.component), None)
        if found is not None:
            return found
    return next((i for i, use in enumerate(block.layout.uses) if use and use.loop_id == at.loop_id), 0)
