"""The life of one official paper.

The order of signature, number, seal and release follows Nghị định 30/2020/NĐ-CP, Điều 14–19 and 32.
"""

from workflows import guards as g
from workflows.spec import N_, Comment, Notify, Role, State, Transition, Workflow

OFFICE = frozenset({Role.OFFICE, Role.SECRETARY})
SIGNER = frozenset({Role.SIGNER})
CLERK = frozenset({Role.CLERK})

DOCUMENT = Workflow(
    "document",
    title=N_("Văn bản"),
    initial="draft",
    states=(
        State("draft", N_("Dự thảo"), tone="neutral", edit=OFFICE),
        State("initialled", N_("Đã ký nháy"), tone="info"),
        State("awaiting_signature", N_("Trình ký"), tone="warn"),
        State("returned", N_("Trả lại"), tone="danger", edit=OFFICE),
        State("signed", N_("Đã ký, chờ cấp số"), tone="violet"),
        State("issued", N_("Đã phát hành"), tone="success"),
        State("replaced", N_("Đã thay thế"), tone="neutral", final=True),
        State("revoked", N_("Đã thu hồi"), tone="danger", final=True),
    ),
    transitions=(
        Transition(
            "initial",
            source=("draft",),
            dest="initialled",
            by=OFFICE,
            label=N_("Ký nháy"),
            done=N_("ký nháy"),
            tone="primary",
            guards=(g.paper_needs_signature, g.paper_ready),
        ),
        Transition(
            "request_signature",
            source=("initialled",),
            dest="awaiting_signature",
            by=OFFICE,
            label=N_("Trình ký"),
            done=N_("trình ký"),
            tone="primary",
            comment=Comment.OPTIONAL,
            guards=(g.paper_ready,),
            effects=(Notify(Role.SIGNER),),
        ),
        Transition(
            "sign",
            source=("awaiting_signature",),
            dest="signed",
            by=SIGNER,
            label=N_("Duyệt và ký"),
            done=N_("duyệt và ký"),
            tone="primary",
            guards=(g.paper_ready,),
            form="sign",
            effects=(Notify(Role.CLERK), Notify(Role.OFFICE)),
        ),
        Transition(
            "return",
            source=("initialled", "awaiting_signature"),
            dest="returned",
            by=SIGNER,
            label=N_("Trả lại"),
            done=N_("trả lại văn bản"),
            comment=Comment.REQUIRED,
            effects=(Notify(Role.OFFICE),),
        ),
        Transition(
            "revise",
            source=("returned", "initialled"),
            dest="draft",
            by=OFFICE,
            label=N_("Soạn lại"),
            done=N_("đưa văn bản về dự thảo để soạn lại"),
            comment=Comment.OPTIONAL,
        ),
        Transition(
            "issue",
            source=("signed",),
            dest="issued",
            by=CLERK,
            label=N_("Cấp số và phát hành"),
            done=N_("cấp số và phát hành"),
            tone="primary",
            form="issue",
            effects=(Notify(Role.OFFICE),),
        ),
        Transition(
            "release",
            source=("draft",),
            dest="issued",
            by=frozenset({Role.SYSTEM, Role.OFFICE, Role.SECRETARY}),
            label=N_("Phát hành"),
            done=N_("phát hành"),
            guards=(g.paper_needs_no_signature, g.paper_ready),
        ),
        Transition(
            "replace",
            source=("issued",),
            dest="replaced",
            by=frozenset({Role.CLERK, Role.SYSTEM}),
            label=N_("Thay thế"),
            done=N_("thay thế bằng văn bản khác"),
            offered=False,
        ),
        Transition(
            "revoke",
            source=("draft", "returned", "issued"),
            dest="revoked",
            by=frozenset({Role.SIGNER, Role.SYSTEM}),
            label=N_("Thu hồi"),
            done=N_("thu hồi văn bản"),
            tone="danger",
            comment=Comment.REQUIRED,
            hint=N_("Số đã cấp được giữ trong sổ đăng ký với ghi chú thu hồi."),
            effects=(Notify(Role.OFFICE), Notify(Role.CLERK)),
        ),
    ),
)
