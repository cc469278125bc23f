"""The life of one version of a Word template that an office put in place of the built-in one.

Two persons stand behind every template in use: who uploaded it is its AUTHOR and nothing else towards it, so that
another person has to activate it.
"""

from workflows.spec import N_, Comment, Notify, Role, State, Transition, Workflow

ACTIVATORS = frozenset({Role.OFFICE, Role.CHAIRMAN, Role.CLERK, Role.ADMIN})

TEMPLATE = Workflow(
    "template",
    title=N_("Mẫu văn bản"),
    initial="checking",
    called={Role.AUTHOR: N_("Người tải lên")},
    states=(
        State("checking", N_("Đang kiểm tra"), tone="neutral"),
        State("proposed", N_("Chờ người thứ hai kích hoạt"), tone="warn"),
        State("active", N_("Đang dùng"), tone="success"),
        State("refused", N_("Không dùng được"), tone="danger", final=True),
        State("retired", N_("Thôi dùng"), tone="neutral"),
    ),
    transitions=(
        Transition(
            "propose",
            source=("checking",),
            dest="proposed",
            by=frozenset({Role.SYSTEM}),
            label=N_("Đạt kiểm tra"),
            done=N_("kiểm tra mẫu: đạt"),
            offered=False,
            effects=(Notify(Role.OFFICE), Notify(Role.CLERK)),
        ),
        Transition(
            "refuse",
            source=("checking", "proposed"),
            dest="refused",
            by=ACTIVATORS | {Role.AUTHOR, Role.SYSTEM},
            label=N_("Không dùng mẫu này"),
            done=N_("không dùng mẫu"),
            comment=Comment.REQUIRED,
            effects=(Notify(Role.AUTHOR),),
        ),
        Transition(
            "activate",
            source=("proposed",),
            dest="active",
            by=ACTIVATORS,
            label=N_("Kích hoạt mẫu này"),
            done=N_("kích hoạt mẫu"),
            tone="primary",
            hint=N_("Các văn bản tạo từ bây giờ sẽ dùng mẫu này. Văn bản đã tạo giữ mẫu cũ của mình."),
        ),
        Transition(
            "activate",
            source=("retired",),
            dest="active",
            by=ACTIVATORS | {Role.SYSTEM},
            label=N_("Dùng lại mẫu này"),
            done=N_("dùng lại mẫu"),
        ),
        Transition(
            "retire",
            source=("active",),
            dest="retired",
            by=ACTIVATORS | {Role.SYSTEM},
            label=N_("Thôi dùng, trở về mẫu trước"),
            done=N_("thôi dùng mẫu"),
            comment=Comment.OPTIONAL,
        ),
    ),
)
