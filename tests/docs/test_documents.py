"""The documents say what the code does: links lead somewhere, names exist, nothing is left out."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *(ROOT / "deploy").rglob("*.md")])
FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef
RULE = re.compile(r"\bTL-[A-Z]+-\d\d\b")


def text_of(path: Path) -> str:
    return path.read_text("utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_to_a_file(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)", text_of(page))
    lost = [t for t in targets if "://" not in t and not (page.parent / t).exists()]
    assert not lost, f"{page.relative_to(ROOT)} links to {lost}"


def test_every_page_can_be_reached_from_the_index() -> None:
    seen: set[Path] = set()
    waiting = [DOCS / "index.md"]
    while waiting:
        page = waiting.pop()
        if page in seen or page.suffix != ".md" or not page.is_file():
            continue
        seen.add(page)
        links = re.findall(r"\]\(([^)#\s]+)", text_of(page))
        waiting += [(page.parent / link).resolve() for link in links if "://" not in link]
    assert not set(DOCS.rglob("*.md")) - seen


def test_both_readmes_show_the_same_pictures_links_and_commands() -> None:
    english, chinese = text_of(ROOT / "README.md"), text_of(ROOT / "README.zh-CN.md")
    for pattern in (r"\]\((docs[^)]*|[A-Z]+)\)", r"`make [^`]*`|^    make \w+"):
        found = [set(re.findall(pattern, text, re.MULTILINE)) for text in (english, chinese)]
        assert {one.replace(".zh-CN", "") for one in found[0]} == {
            one.replace(".zh-CN", "") for one in found[1]
        }


def functions_of(path: Path) -> set[str]:
    """Every function, method (`Class.method`) and class of a Python file."""
    names: set[str] = set()
    for node in ast.parse(text_of(path)).body:
        if isinstance(node, ast.ClassDef):
            names |= {node.name}
            names |= {f"{node.name}.{part.name}" for part in node.body if isinstance(part, FUNCTION)}
        elif isinstance(node, FUNCTION):
            names.add(node.name)
            # routes are functions inside the function that builds their router
            names |= {
                f"{node.name}.{part.name}"
                for part in ast.walk(node)
                if isinstance(part, FUNCTION) and part is not node
            }
    return names


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_function_that_a_page_names_exists(page: Path) -> None:
    for file, name in re.findall(r"`([\w/]+\.py):([\w.]+)`", text_of(page)):
        path = ROOT / file
        assert path.is_file(), f"{file} is no file"
        assert name in functions_of(path), f"{file} has no {name}; it has {sorted(functions_of(path))}"


def test_the_walk_of_a_tap_goes_through_at_least_ten_named_functions() -> None:
    assert len(re.findall(r"`[\w/]+\.py:[\w.]+`", text_of(DOCS / "walk-of-a-tap.md"))) >= 10


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_path_of_the_tree_that_a_page_names_exists(page: Path) -> None:
    tops = r"(?:link|hub|kiosk|demo|tests|bench|scripts|docs|deploy|requirements)"
    named = re.findall(rf"`({tops}/[\w./-]*\w/?)`", text_of(page))
    lost = [path for path in named if not (ROOT / path).exists()]
    assert not lost, f"{page.relative_to(ROOT)} names {lost}"


def test_every_rule_of_the_contract_is_named_by_a_test() -> None:
    rules = RULE.findall(text_of(DOCS / "contract.md"))
    assert len(rules) == len(set(rules)), "an id is given twice"
    named: set[str] = set()
    for path in (ROOT / "tests").rglob("*.py"):
        named |= set(RULE.findall(text_of(path)))
    assert not set(rules) - named, "rules that no test names"
    assert not named - set(rules), "ids that the contract does not have"


def test_every_reason_and_trouble_of_the_line_stands_in_the_documents() -> None:
    from hub.store import quarantine
    from link import topics

    everything = "".join(text_of(page) for page in DOCS.rglob("*.md"))
    for word in (*topics.UP_KINDS, *topics.DOWN_KINDS, *quarantine.REASONS):
        assert f"`{word}`" in everything or f"/{word}`" in everything, word


def test_every_setting_of_a_screen_stands_in_the_documents() -> None:
    from link.kiosk_settings import KioskSettings

    page = text_of(DOCS / "screens.md")
    for name in KioskSettings.__struct_fields__:
        assert f"| `{name}` |" in page, name


def test_a_decision_record_has_its_three_parts() -> None:
    records = sorted((DOCS / "decisions").glob("*.md"))
    numbers = [int(record.name[:4]) for record in records]
    assert numbers == list(range(1, len(records) + 1))
    for record in records:
        text = text_of(record)
        assert re.search(r"^Date: \d{4}-\d\d-\d\d$", text, re.MULTILINE), record.name
        assert re.search(r"^Status: (accepted|replaced by \d{4})$", text, re.MULTILINE), record.name
        assert "\n## Outcome\n" in text, record.name


def test_the_glossary_has_no_word_twice() -> None:
    words = re.findall(r"^\| ([a-zA-Z][^|]*?) \|", text_of(DOCS / "glossary.md"), re.MULTILINE)
    assert len(words) == len(set(words))


def test_every_target_of_the_makefile_stands_in_contributing_or_the_readme() -> None:
    targets = re.findall(r"^([a-z]+): .*##", text_of(ROOT / "Makefile"), re.MULTILINE)
    told = text_of(ROOT / "README.md") + text_of(ROOT / "CONTRIBUTING.md")
    assert not [t for t in targets if f"make {t}" not in told and t != "help"]
