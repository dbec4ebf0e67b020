"""What staff may do to the terminal itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.staff_acts import AnswersWait, pair_anew


def test_pairing_anew_waits_for_the_answers_of_the_old_identity(tmp_path: Path):
    identity = tmp_path / "identity.json"
    identity.write_text("{}")
    with pytest.raises(AnswersWait) as refused:
        pair_anew(identity, pending=12, sure=False, at=1_795_428_000_000)
    assert "12" in refused.value.words["zh-CN"]
    assert "12" in refused.value.words["en"]
    assert identity.exists()


@pytest.mark.parametrize(("pending", "sure"), [(0, False), (12, True)])
def test_the_old_identity_is_moved_aside_and_not_deleted(tmp_path: Path, pending: int, *, sure: bool):
    identity = tmp_path / "identity.json"
    identity.write_text("{}")
    aside = pair_anew(identity, pending=pending, sure=sure, at=1_795_428_000_000)
    assert aside.name == "identity.json.20261123-100000.old"
    assert (aside.read_text(), identity.exists()) == ("{}", False)
