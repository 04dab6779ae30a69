"""From the button to the letter: who is asked, who hears of the answer, and what a letter never says."""

from crm.deliverables.states import State


def test_whoever_is_asked_comes_to_the_page_and_the_team_hears_of_the_yes(sign_in, cast, owe, tell, stage):
    owed = owe(State.READY)
    sent = sign_in(cast.ben).send(
        f"/deliverables/{owed.id}/submission", version=owed.version, asked_id="1", review_days="10"
    )
    assert sent.status_code == 303
    asked = tell()
    assert list(asked) == [cast.cora.email]
    assert asked[cast.cora.email].subject.startswith("For your sign-off by ")
    address = f"/portal/deliverables/{owed.id}"
    assert "Review and sign off: http://127.0.0.1:8000/sign/" in asked[cast.cora.email].body
    cora = sign_in(cast.cora)
    assert "Sign off version 1" in cora.get(address).text
    stage.expire_all()
    version = owed.versions[-1]
    yes = cora.send(f"{address}/versions/{version.id}/acceptance", version=version.version, remark="Well done")
    assert yes.status_code == 303
    told = tell()
    assert {cast.ben.email, cast.tess.email} <= told.keys()
    for ours in (cast.ben.email, cast.tess.email):
        assert told[ours].subject == f"Signed off: {owed.code} Supplier exit plan"
        assert "Cora writes: Well done" in told[ours].body


def test_the_team_reads_what_should_be_different(sign_in, cast, owe, tell):
    owed = owe(State.SUBMITTED)
    version = owed.versions[-1]
    sign_in(cast.cora).send(
        f"/portal/deliverables/{owed.id}/versions/{version.id}/changes",
        **{f"comments-{version.criteria[0].id}": "It says nothing of the price", "remark": "Else good"},
    )
    told = tell()
    assert set(told) == {cast.ben.email, cast.tess.email}
    body = told[cast.tess.email].body
    assert "On “The board can act on it”: It says nothing of the price" in body
    assert "Else good" in body


def test_the_lead_hears_what_the_client_asks_for(sign_in, cast, tell):
    wish = {"title": "Which telephone system", "area": "VEN", "purpose": "The lease ends in June."}
    sign_in(cast.cora).send("/portal/deliverables/new/1", **wish)
    told = tell()
    assert set(told) == {cast.ben.email}
    assert told[cast.ben.email].subject == "Cora asks for: Which telephone system"
    assert "The lease ends in June." in told[cast.ben.email].body


def test_what_the_team_proposes_itself_is_told_to_nobody(sign_in, cast, tell):
    assert sign_in(cast.ben).send("/deliverables/new/1", title="Exit plan", area="VEN").status_code == 303
    assert tell() == {}
