"""What the package carries: words that are used, files of others unchanged, nothing from elsewhere."""

import re
import tomllib
from hashlib import sha256
from pathlib import Path

import pytest

import hub.web
from hub.web.manager.assets import Assets
from hub.web.words import Words

WEB = Path(hub.web.__file__).parent
MANAGER = WEB / "manager"
TEMPLATES = sorted((MANAGER / "templates").glob("*.html"))
VENDOR = WEB / "static" / "vendor"


def sources():
    return [file.read_text() for file in (*TEMPLATES, *MANAGER.glob("*.py"))]


def test_every_wording_that_a_page_asks_for_is_there():
    words = Words.load(MANAGER / "words.toml")
    asked = {
        key for text in sources() for key in re.findall(r"""say\(\s*["']([a-z0-9_.]+)["']\s*[,)]""", text)
    }
    assert len(asked) > 100
    assert sorted(asked - set(words.keys())) == []


def test_no_wording_is_left_over():
    text = "\n".join(sources())
    said = set(re.findall(r"""["']([a-z0-9_.%]+)["']""", text))
    beginnings = tuple(re.findall(r"""["']([a-z0-9_]+\.[a-z0-9_.]*)["{%]""", text)) + tuple(
        one for one in said if one.endswith((".", "_"))
    )
    titled = {f"{one}{part}" for one in said for part in (".title", ".text", "_title")}
    words = Words.load(MANAGER / "words.toml")
    left = [
        key
        for key in words.keys()  # noqa: SIM118 it is no dict
        if key not in said | titled and not key.startswith(beginnings)
    ]
    assert left == []


def test_files_of_others_are_unchanged_and_carry_their_licence():
    listed = tomllib.loads((VENDOR / "VENDOR.toml").read_text())
    there = {file.name for file in VENDOR.iterdir() if file.suffix in (".js", ".css")}
    assert there == set(listed)
    for name, entry in listed.items():
        assert sha256((VENDOR / name).read_bytes()).hexdigest() == entry["sha256"]
        assert entry["version"] in name
        assert (VENDOR / entry["licence_file"]).read_text()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: file.name)
def test_a_template_fetches_nothing_from_elsewhere_and_has_nothing_inline(template):
    text = template.read_text()
    assert "http://" not in text
    assert "https://" not in text
    assert not re.search(r"\sstyle\s*=|<style|\son[a-z]+\s*=|javascript:|<script(?![^>]*\ssrc=)", text)


def test_our_own_scripts_stay_small():
    assert all(len(file.read_text().splitlines()) <= 48 for file in (MANAGER / "static").glob("*.js"))


def test_an_asset_has_its_hash_in_its_address():
    assets = Assets(MANAGER / "static", WEB / "static")
    digest = sha256((VENDOR / "htmx-2.0.11.min.js").read_bytes()).hexdigest()[:16]
    assert assets.url("vendor/htmx-2.0.11.min.js") == f"/manager/assets/{digest}/vendor/htmx-2.0.11.min.js"
