"""The life of one package of entries sent to the body above, and of the answer."""

from workflows import guards as g
from workflows.spec import N_, Comment, Issue, Notify, Role, State, Transition, Workflow

OFFICE = frozenset({Role.OFFICE})
UPPER = frozenset({Role.UPPER_CLERK})

HANDOVER = Workflow(
    "handover",
    title=N_("Gói hồ sơ gửi cấp trên"),
    initial="prepared",
    states=(
        State("prepared", N_("Đang chuẩn bị"), tone="neutral", edit=OFFICE),
        State("sent", N_("Đã gửi"), tone="info"),
        State("acknowledged", N_("Đã tiếp nhận"), tone="violet"),
        State("decided", N_("Đã có kết quả"), tone="success", final=True),
        State("refused", N_("Từ chối tiếp nhận"), tone="danger", final=True),
        State("returned", N_("Trả lại"), tone="warn", final=True),
        State("recalled", N_("Đã lấy lại"), tone="neutral", final=True),
    ),
    transitions=(
        Transition(
            "draft_paper",
            source=("prepared",),
            dest=None,
            by=OFFICE,
            label=N_("Tạo tờ trình"),
            done=N_("tạo tờ trình gửi cấp trên"),
            guards=(g.has_entries,),
            effects=(Issue("forwarding"),),
        ),
        Transition(
            "send",
            source=("prepared",),
            dest="sent",
            by=OFFICE,
            label=N_("Gửi cấp trên"),
            done=N_("gửi gói hồ sơ lên cấp trên"),
            tone="primary",
            guards=(g.results_published, g.has_entries, g.forwarding_paper_issued),
            effects=(Notify(Role.UPPER_CLERK),),
        ),
        Transition(
            "acknowledge",
            source=("sent",),
            dest="acknowledged",
            by=UPPER,
            label=N_("Xác nhận đã nhận"),
            done=N_("xác nhận đã nhận gói hồ sơ"),
            tone="primary",
            comment=Comment.OPTIONAL,
            effects=(Notify(Role.OFFICE),),
        ),
        Transition(
            "refuse",
            source=("sent",),
            dest="refused",
            by=UPPER,
            label=N_("Từ chối tiếp nhận"),
            done=N_("từ chối tiếp nhận gói hồ sơ"),
            tone="danger",
            comment=Comment.REQUIRED,
            effects=(Notify(Role.OFFICE),),
        ),
        Transition(
            "recall",
            source=("prepared", "sent"),
            dest="recalled",
            by=OFFICE,
            label=N_("Lấy lại"),
            done=N_("lấy lại gói hồ sơ"),
            tone="danger",
            comment=Comment.REQUIRED,
            effects=(Notify(Role.UPPER_CLERK),),
        ),
        Transition(
            "decide",
            source=("acknowledged",),
            dest="decided",
            by=frozenset({Role.SYSTEM, Role.UPPER_CLERK}),
            label=N_("Đủ kết quả"),
            done=N_("ghi đủ kết quả của gói hồ sơ"),
            offered=False,
            effects=(Notify(Role.OFFICE),),
        ),
        Transition(
            "hand_back",
            source=("acknowledged",),
            dest="returned",
            by=frozenset({Role.SYSTEM, Role.UPPER_CLERK}),
            label=N_("Trả lại cả gói"),
            done=N_("trả lại cả gói hồ sơ"),
            offered=False,
            effects=(Notify(Role.OFFICE),),
        ),
    ),
)
