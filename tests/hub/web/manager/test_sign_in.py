"""Alice is an operator, Bob a manager, Charlie a stranger to these pages."""

import pytest

from hub.store import people
from tests.peers.manager_hub import PASSWORD, running, visit


@pytest.fixture
def hub(manager_hub):
    for name, role in (("Alice", "operator"), ("Bob", "manager"), ("Charlie", "staff")):
        manager_hub.person(name, role)
    return manager_hub


def test_whoever_has_not_signed_in_is_sent_to_the_door_and_back(hub):
    with visit(hub) as someone:
        turned = someone.see("/manager/alerts?lang=en")
        assert (turned.status_code, turned.headers["Location"]) == (
            303,
            "/sign-in?next=/manager/alerts%3Flang%3Den",
        )
        welcomed = someone.sign_in("Alice", next="/manager/alerts?lang=en")
        assert (welcomed.status_code, welcomed.headers["Location"]) == (303, "/manager/alerts?lang=en")
        assert someone.see("/manager/alerts").status_code == 200


@pytest.mark.parametrize("there", ["https://evil.example/", "//evil.example", "/managers\\evil", "/t/x", ""])
def test_signing_in_leads_nowhere_else(hub, there):
    with visit(hub) as someone:
        assert someone.sign_in("Bob", next=there).headers["Location"] == "/manager"


def test_the_first_visit_tells_how_to_get_a_link(manager_hub):
    with visit(manager_hub, language="zh-CN") as someone:
        text = someone.see("/sign-in").text
    assert "还没有用户" in text
    assert "taploop-hub user add" in text
    assert "taploop-hub sign-in-link" in text
    assert "<form" not in text


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(hub):
    with visit(hub) as someone:
        cookie = someone.sign_in("Alice").headers["Set-Cookie"].split("taploop_session", 1)[1]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie.split("taploop_form")[0]


def test_over_https_the_cookie_is_never_sent_in_the_open(tmp_path):
    with running(tmp_path, public_url="https://pj.example") as hub:
        hub.person("Alice", "operator")
        with visit(hub) as someone:
            form = someone.get(hub.url + "/sign-in", timeout=20)
            assert "; Secure" in form.headers["Set-Cookie"]


def test_a_wrong_password_and_an_unknown_name_read_the_same(hub):
    with visit(hub) as someone:
        wrong = someone.sign_in("Alice", "not this one")
        unknown = someone.sign_in("Mallory", "not this one")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text.replace("Alice", "") == unknown.text.replace("Mallory", "")


def test_five_wrong_passwords_lock_the_right_one_out_for_fifteen_minutes(hub):
    with visit(hub) as someone:
        for _ in range(5):
            assert someone.sign_in("Alice", "not this one").status_code == 401
        locked = someone.sign_in("Alice", PASSWORD)
        assert locked.status_code == 429
        assert "in about 15 min" in locked.text
        assert someone.sign_in("Bob").status_code == 303
        hub.clock += 15 * 60_000
        assert someone.sign_in("Alice").status_code == 303


def test_a_locked_user_still_gets_in_by_a_link(hub):
    user_id = hub.person("Alice", "operator")
    with visit(hub) as someone:
        for _ in range(5):
            someone.sign_in("Alice", "not this one")
        path = hub.link(user_id).removeprefix(hub.url)
        assert someone.submit(path, someone.csrf(path)).status_code == 303


def test_a_link_signs_in_once_by_its_button_and_not_by_being_opened(hub):
    path = hub.link(hub.person("Bob", "manager")).removeprefix(hub.url)
    with visit(hub) as robot:
        assert robot.see(path).status_code == 200
    with visit(hub) as someone:
        word = someone.csrf(path)
        assert "Bob" in someone.see(path).text
        assert someone.submit(path, word).headers["Location"] == "/manager"
        assert someone.see("/manager/letters").status_code == 200
        assert someone.see(path).status_code == 410
    with visit(hub) as late:
        word = late.csrf("/sign-in")
        assert late.submit(path, word).status_code == 410


def test_a_link_that_is_too_old_says_what_to_do(hub):
    path = hub.link(hub.person("Bob", "manager"), 600_000).removeprefix(hub.url)
    hub.clock += 600_000
    with visit(hub) as someone:
        gone = someone.see(path)
    assert gone.status_code == 410
    assert "taploop-hub sign-in-link" in gone.text


def test_a_form_without_its_word_is_refused(hub):
    link = hub.link(hub.person("Bob", "manager")).removeprefix(hub.url)
    with visit(hub) as someone:
        for path in ("/sign-in", link):
            assert someone.submit(path, name="Alice", password=PASSWORD).status_code == 403
            someone.see(path)
            assert someone.submit(path, "forged", name="Alice", password=PASSWORD).status_code == 403
        assert someone.submit(link, someone.csrf(link)).status_code == 303
        assert someone.submit("/sign-out").status_code == 403
        assert someone.see("/manager/letters").status_code == 200


def test_signing_out_ends_the_sign_in_for_good(hub):
    with visit(hub, "Alice") as someone:
        kept = someone.cookies["taploop_session"]
        assert someone.submit("/sign-out", someone.csrf("/manager/letters")).headers["Location"] == "/sign-in"
        someone.cookies.set("taploop_session", kept)
        assert someone.see("/manager/letters").status_code == 303


def test_a_role_without_these_pages_is_told_so(hub):
    with visit(hub, "Charlie") as charlie:
        for path in ("/manager", "/manager/terminals", "/manager/live"):
            refused = charlie.see(path)
            assert refused.status_code == 403
            assert "Ask an operator" in refused.text


def test_a_sign_in_that_has_ended_asks_a_live_part_of_the_page_to_leave(hub):
    with visit(hub) as someone:
        answer = someone.see("/manager/terminals", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/sign-in")


def test_the_token_in_the_cookie_is_not_in_the_store(hub):
    with visit(hub, "Alice") as someone, hub.database.reading() as connection:
        token = someone.cookies["taploop_session"]
        assert people.signed_in(connection, token, hub.clock) is not None
        rows = connection.exec_driver_sql("SELECT token_hash, csrf FROM sign_ins").all()
    assert all(token not in row for row in rows)
