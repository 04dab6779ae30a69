from crm.core import inputs


def test_the_door_sends_everybody_home(sign_in, cast):
    homes = {"ben": "/today", "ada": "/practice", "abe": "/settings", "cora": "/portal", "vic": "/portal"}
    assert {who: sign_in(getattr(cast, who)).get("/").location for who in homes} == homes


def test_a_stranger_is_sent_to_sign_in_and_back(app, cast):
    answer = app.test_client().get("/menu?x=1")
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/menu?x%3D1")
    assert inputs.own_path("/menu?x=1")


def test_health_says_that_the_database_works(app, cast):
    answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.json["status"]) == (200, "ok")


def test_a_page_costs_one_statement_for_session_and_viewer(sign_in, cast, statements):
    with statements() as seen:
        assert sign_in(cast.ben).get("/menu").status_code == 200
    assert seen == []
