"""Pages about a life cycle, made from its declaration: a Mermaid diagram and tables of states and acts."""

from workflows.spec import Comment, Issue, Notify, Role, Start, Workflow

_COMMENT = {Comment.NONE: "–", Comment.OPTIONAL: "tùy chọn", Comment.REQUIRED: "bắt buộc"}


def mermaid(workflow: Workflow) -> str:
    """State diagram text that renders without Graphviz."""
    lines = ["stateDiagram-v2", f"    [*] --> {workflow.initial}"]
    for t in workflow.transitions:
        lines += [f"    {source} --> {t.target(source)}: {t.action}" for source in t.source]
    lines += [f"    {s.name} --> [*]" for s in workflow.states if s.final]
    return "\n".join(lines)


def page(workflow: Workflow) -> str:
    """The whole Markdown page of one life cycle."""
    parts = [
        f"# {workflow.title} (`{workflow.name}`)",
        f"Generated from `workflows/{workflow.name}.py` by `flask --app wsgi workflows docs`.",
        f"```mermaid\n{mermaid(workflow)}\n```",
        "## States\n\n" + _state_table(workflow),
        "## Acts\n\n" + _act_table(workflow),
    ]
    return "\n\n".join(parts) + "\n"


def _state_table(workflow: Workflow) -> str:
    rows = ["| State | Staff read | Authors read | Edited by | Final |", "| --- | --- | --- | --- | --- |"]
    rows += [
        f"| `{s.name}` | {s.label} | {s.author_label} | {_roles(workflow, s.edit)} | {'yes' if s.final else ''} |"
        for s in workflow.states
    ]
    return "\n".join(rows)


def _act_table(workflow: Workflow) -> str:
    rows = [
        "| Act | Button | From → to | By | Reason | Conditions | Effects |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for t in workflow.transitions:
        path = "<br>".join(f"{source} → {t.target(source)}" for source in t.source)
        button = t.label if t.offered else f"({t.label})"
        guards = "<br>".join((guard.__doc__ or guard.__name__).strip() for guard in t.guards)
        effects = "<br>".join(_effect(workflow, e) for e in t.effects)
        timed = f"<br>at `{t.after}`" if t.after else ""
        rows.append(
            f"| `{workflow.action_id(t.action)}` | {button} | {path}{timed} | {_roles(workflow, t.by)} "
            f"| {_COMMENT[t.comment]} | {guards} | {effects} |"
        )
    return "\n".join(rows)


def _roles(workflow: Workflow, roles: frozenset[Role]) -> str:
    return ", ".join(workflow.role_label(role) for role in Role if role in roles)


def _effect(workflow: Workflow, effect: Notify | Issue | Start) -> str:
    if isinstance(effect, Notify):
        return f"báo cho {workflow.role_label(effect.role)}"
    if isinstance(effect, Issue):
        return f"tạo văn bản `{effect.template}`"
    return f"chạy `{effect.job}`"
