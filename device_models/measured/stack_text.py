"""A stack file's tables as text."""

from typing import Any

HEAD = "# Written by device_models.stack_from_measurements; written anew by the next call."
File = dict[str, dict[str, Any]]


def stack_text(tables: File, name: str) -> str:
    """A stack file; its [stack] first."""
    tables = {"stack": {"name": name, "title": "as measured",
                        **tables.get("stack", {})},
              **{key: value for key, value in tables.items() if key != "stack"}}
    lines = [HEAD]
    for table, entries in tables.items():
        lines += ["", f"[{table}]", *(f"{key} = {_toml(value)}" for key, value in entries.items())]
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(each)}" for key, each in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(each) for each in value) + "]"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'"{escaped}"'
    return str(value).lower() if isinstance(value, bool) else repr(value)
