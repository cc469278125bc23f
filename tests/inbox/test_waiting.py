"""What waits for a role follows from the declarations alone."""

import pytest

from app.inbox.waiting import main_act, states_for
from workflows import ALL, CONTEST, DOCUMENT, ENTRY, HANDOVER, SCORECARD, TEMPLATE
from workflows.spec import Role

WAITS = {
    (CONTEST, Role.OFFICE): ("preparing", "ranked"),
    (CONTEST, Role.SECRETARY): ("screening",),
    (CONTEST, Role.HEAD_OF_JURY): ("judging",),
    (ENTRY, Role.AUTHOR): ("draft", "returned"),
    (ENTRY, Role.UNIT): ("draft", "returned"),
    (ENTRY, Role.OFFICE): ("submitted",),
    (ENTRY, Role.HEAD_OF_JURY): ("screened",),
    (ENTRY, Role.UPPER_CLERK): ("received",),
    (SCORECARD, Role.JUDGE): ("pending", "draft"),
    (DOCUMENT, Role.OFFICE): ("draft", "initialled", "returned"),
    (DOCUMENT, Role.SECRETARY): ("draft", "initialled", "returned"),
    (DOCUMENT, Role.SIGNER): ("awaiting_signature",),
    (DOCUMENT, Role.CLERK): ("signed", "numbered", "sealed"),
    (TEMPLATE, Role.OFFICE): ("proposed",),
    (TEMPLATE, Role.CHAIRMAN): ("proposed",),
    (TEMPLATE, Role.CLERK): ("proposed",),
    (TEMPLATE, Role.ADMIN): ("proposed",),
    (HANDOVER, Role.OFFICE): ("prepared",),
    (HANDOVER, Role.UPPER_CLERK): ("sent",),
}


@pytest.mark.parametrize("workflow", ALL, ids=lambda workflow: workflow.name)
@pytest.mark.parametrize("role", Role)
def test_states_that_wait(workflow, role):
    assert states_for(workflow, role) == WAITS.get((workflow, role), ())


def test_the_act_that_is_named():
    assert main_act(ENTRY, "submitted", Role.OFFICE).action == "screen"
    assert main_act(ENTRY, "submitted", Role.AUTHOR) is None
    assert main_act(DOCUMENT, "returned", Role.OFFICE) is None
