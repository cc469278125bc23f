"""The life of one judge's sheet for one entry."""

from workflows import guards as g
from workflows.spec import N_, Comment, Notify, Role, State, Transition, Workflow

JUDGE = frozenset({Role.JUDGE})
SECRETARY = frozenset({Role.SECRETARY})
HEAD = frozenset({Role.HEAD_OF_JURY})

SCORECARD = Workflow(
    "scorecard",
    title=N_("Phiếu chấm"),
    initial="pending",
    states=(
        State("pending", N_("Chưa chấm"), tone="neutral"),
        State("draft", N_("Đang chấm"), tone="info", edit=JUDGE),
        State("submitted", N_("Đã gửi"), tone="success"),
        State("locked", N_("Đã khóa"), tone="neutral", final=True),
        State("recused", N_("Không chấm (xung đột lợi ích)"), tone="warn"),
        State("abstained", N_("Không chấm (lý do khác)"), tone="warn"),
    ),
    transitions=(
        Transition(
            "accept",
            source=("pending",),
            dest="draft",
            by=JUDGE,
            label=N_("Không có xung đột, bắt đầu chấm"),
            done=N_("cam kết không có xung đột lợi ích và nhận chấm"),
            tone="primary",
            guards=(g.judging_open, g.entry_in_judging),
        ),
        Transition(
            "recuse",
            source=("pending", "draft"),
            dest="recused",
            by=JUDGE,
            label=N_("Có xung đột lợi ích, không chấm"),
            done=N_("từ chối chấm vì xung đột lợi ích"),
            comment=Comment.REQUIRED,
            guards=(g.judging_open,),
            effects=(Notify(Role.SECRETARY),),
        ),
        Transition(
            "abstain",
            source=("pending", "draft"),
            dest="abstained",
            by=JUDGE,
            label=N_("Không chấm vì lý do khác"),
            done=N_("không chấm"),
            comment=Comment.REQUIRED,
            guards=(g.judging_open,),
            effects=(Notify(Role.SECRETARY),),
        ),
        Transition(
            "submit",
            source=("draft",),
            dest="submitted",
            by=JUDGE,
            label=N_("Gửi phiếu"),
            done=N_("gửi phiếu chấm"),
            tone="primary",
            guards=(g.judging_open, g.entry_in_judging, g.every_criterion_scored),
        ),
        Transition(
            "reopen",
            source=("submitted",),
            dest="draft",
            by=frozenset({Role.SECRETARY, Role.HEAD_OF_JURY}),
            label=N_("Mở lại phiếu"),
            done=N_("mở lại phiếu chấm"),
            comment=Comment.REQUIRED,
            guards=(g.judging_open,),
            effects=(Notify(Role.JUDGE), Notify(Role.HEAD_OF_JURY)),
        ),
        Transition(
            "reinstate",
            source=("recused", "abstained"),
            dest="pending",
            by=SECRETARY,
            label=N_("Phân công lại"),
            done=N_("phân công lại"),
            comment=Comment.REQUIRED,
            guards=(g.judging_open, g.entry_in_judging),
            effects=(Notify(Role.JUDGE),),
        ),
        Transition(
            "lock",
            source=("submitted",),
            dest="locked",
            by=HEAD,
            label=N_("Khóa phiếu"),
            done=N_("khóa phiếu chấm"),
            offered=False,
        ),
        Transition(
            "unlock",
            source=("locked",),
            dest="submitted",
            by=HEAD,
            label=N_("Mở khóa phiếu"),
            done=N_("mở khóa phiếu chấm"),
            offered=False,
        ),
    ),
)
