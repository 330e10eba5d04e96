"""Which fixes are made together? Those that do not touch each other."""

from rnnlint.finding import Edit, Fix
from rnnlint.report.applying import compatible, edits_of
from rnnlint.report.run import is_hidden, is_offered


def fix(*edits, applicability="safe"):
    return Fix("x", applicability, edits)


def test_fixes_that_share_characters_are_not_made_together(make):
    first = make(row=1, fix=fix(Edit(1, 1, 1, 5, "a")))
    inside = make(row=2, fix=fix(Edit(1, 3, 1, 4, "b")))
    beside = make(row=3, fix=fix(Edit(1, 5, 1, 7, "c")))
    for order in ([first, inside, beside], [beside, inside, first]):
        assert compatible(order) == [first, beside]


def test_all_edits_of_a_fix_are_made_or_none(make):
    first = make(row=1, fix=fix(Edit(2, 1, 2, 5, "")))
    both = make(row=2, fix=fix(Edit(1, 1, 1, 2, ""), Edit(2, 4, 2, 6, "")))
    assert compatible([first, both]) == [both]


def test_texts_that_go_to_one_place_wait_for_each_other(make):
    one, other = (make(row=row, fix=fix(Edit(1, 1, 1, 1, text))) for row, text in ((1, "x"), (2, "y")))
    assert len(compatible([one, other])) == 1


def test_an_edit_that_several_fixes_ask_for_is_made_once(make):
    shared = Edit(1, 1, 1, 1, "import x\n")
    found = [make(row=row, fix=fix(shared, Edit(row, 1, row, 2, "y"))) for row in (2, 3)]
    assert compatible(found) == found
    assert edits_of(found) == {None: [shared, Edit(2, 1, 2, 2, "y"), Edit(3, 1, 3, 2, "y")]}


def test_cells_do_not_touch(make):
    found = [make(cell=cell, fix=fix(Edit(1, 1, 1, 5, ""))) for cell in (1, 2)]
    assert compatible(found) == found
    assert set(edits_of(found)) == {1, 2}


def test_what_is_offered_is_what_may_be_made(make):
    offers = {kind: make(fix=fix(Edit(1, 1, 1, 2, ""), applicability=kind)) for kind in ("safe", "unsafe", "display")}
    assert [kind for kind, one in offers.items() if is_offered(one, False)] == ["safe"]
    assert [kind for kind, one in offers.items() if is_offered(one, True)] == ["safe", "unsafe"]
    assert [kind for kind, one in offers.items() if is_hidden(one)] == ["unsafe"]
    assert not is_offered(make(), True)
    assert compatible([make()]) == []
