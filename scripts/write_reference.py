"""Fills the tables of docs/: settings, metrics, commands and topics, from what the programs themselves say.

In: hub.settings, hub.metrics, the click commands named in pyproject.toml, link. Out: the text between
`<!-- written: name -->` and `<!-- end -->` of a page; with --check nothing is written, the exit code tells.
"""

from __future__ import annotations

import importlib
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from write_contract import CHANNELS, file_name  # noqa: E402

from hub.metrics import METRICS  # noqa: E402 the root is on the path only now
from hub.settings import Settings  # noqa: E402

DOCS = ROOT / "docs"
_BLOCK = re.compile(r"(<!-- written: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        value = ", ".join(str(part) for part in value)
    text = str(value)
    if value is None or not text or set(text) == {"*"}:
        return "empty"
    return f"`{text.lower() if isinstance(value, bool) else text}`"


def settings() -> str:
    """Every setting of the hub with its default."""
    return _table(
        ("setting", "default", "what it does"),
        [
            (f"`{name}`", _shown(field.default), field.description or "")
            for name, field in Settings.model_fields.items()
        ],
    )


def metrics() -> str:
    """Every metric of the hub."""
    return _table(
        ("metric", "kind", "what it counts"), [(f"`{line.name}`", line.kind, line.help) for line in METRICS]
    )


def topics() -> str:
    """Every topic of the line."""
    rows = []
    for channel in CHANNELS:
        address = channel.topic("<terminal>") if channel.name != "hub" else channel.topic()
        way = "terminal → hub" if channel.way == "send" else "hub → terminal"
        kind = channel.message.__name__
        rows.append(
            (
                f"`{address}`",
                way,
                f"[`{kind}`](contract/{file_name(channel.message)})",
                "yes" if channel.retained else "no",
                (channel.message.__doc__ or "").strip().split("\n", maxsplit=1)[0],
            )
        )
    return _table(("topic", "way", "message", "retained", "what it is"), rows)


def _tree(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    if command.hidden:
        return
    yield name, command
    if isinstance(command, click.Group):
        for part in command.list_commands(click.Context(command)):
            found = command.get_command(click.Context(command), part)
            if found is not None:
                yield from _tree(f"{name} {part}", found)


def programs() -> dict[str, click.Command]:
    """The programs that installing Taploop brings, by name."""
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    found = {}
    for name, target in sorted(scripts.items()):
        module, _, attribute = target.partition(":")
        parts = vars(importlib.import_module(module))
        # `main` may be a function around the group, which then bears the program's own name
        top = parts[attribute]
        found[name] = top if isinstance(top, click.Command) else parts[name.replace("-", "_")]
    return found


def commands() -> str:
    """What each command says when it is asked with --help."""
    parts: list[str] = []
    for program, top in programs().items():
        for name, command in _tree(program, top):
            settings = {**top.context_settings, "max_content_width": 100, "terminal_width": 100}
            context = click.Context(command, info_name=name, **settings)
            level = "##" if name == program else "###"
            parts.append(f"{level} `{name}`\n\n```text\n{command.get_help(context).rstrip()}\n```")
    return "\n\n".join(parts)


WRITERS: dict[str, Callable[[], str]] = {
    "settings": settings,
    "metrics": metrics,
    "topics": topics,
    "commands": commands,
}


def files() -> dict[Path, str]:
    """Every page that has a written block, with its blocks filled."""
    found = {}
    for page in sorted(DOCS.glob("*.md")):
        text = page.read_text("utf-8")
        if _BLOCK.search(text):
            found[page] = _BLOCK.sub(lambda m: f"{m[1]}\n{WRITERS[m[2]]()}\n\n{m[3]}", text)
    return found


if __name__ == "__main__":
    from written import write

    sys.exit(write(files(), only_check="--check" in sys.argv))
