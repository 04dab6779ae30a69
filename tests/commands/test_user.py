"""flask --app crm user create: for the practice and for clients, and one clear sentence when it cannot be."""

import pytest
from flask_security import verify_password
from sqlalchemy import func, select

from crm.accounts.models import Account, Standing
from crm.audit.models import AuditEntry
from crm.people.models import Person
from crm.practice.models import Practice
from tests.accounts.keys import account_now, give_app

GOOD = "four walls of old brick"


@pytest.fixture
def run(app):
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=["user", "create", *words])


def accounts(stage):
    return stage.scalars(select(Account).order_by(Account.id)).all()


def test_the_first_account_begins_the_practice(run, stage):
    said = run(
        "--email", "Ada@Lark.example", "--role", "admin", "--name", "Ada Lark", "--practice", "Lark", "--password", GOOD
    )
    assert (said.exit_code, said.output) == (0, "Admin: Ada Lark of the practice. ada@lark.example may sign in.\n")
    assert stage.get(Practice, 1).name == "Lark"
    (ada,) = accounts(stage)
    assert (ada.email, ada.name) == ("ada@lark.example", "Ada Lark")
    assert stage.scalars(select(Person.kind)).all() == ["admin"]
    assert stage.scalars(select(AuditEntry.verb)).all() == ["practice.begin", "account.add"]
    assert stage.scalars(select(AuditEntry.via).distinct()).all() == ["command"]


def test_without_a_name_of_the_practice_nothing_is_made(run, stage):
    said = run("--email", "ada@lark.example", "--role", "admin", "--name", "Ada", "--generate")
    assert said.exit_code == 2
    assert "say its name with --practice" in said.output
    assert accounts(stage) == []


def test_a_password_is_made_and_printed_and_opens_the_door(run, cast, stage, app):
    said = run("--email", "nell@larkmoor.example", "--role", "consultant", "--name", "Nell", "--generate")
    password = said.output.split("Password: ")[1].strip()
    assert len(password) == 19
    with app.app_context():
        assert verify_password(password, accounts(stage)[-1].password)


def test_a_contact_gets_an_account_of_their_client(run, cast, stage):
    said = run("--email", "cora@client1.example", "--role", "sponsor", "--client", "north", "--password", GOOD)
    assert said.output == "Sponsor: Cora of Northwind. cora@client1.example may sign in.\n"
    made = stage.scalars(select(Standing).order_by(Standing.id.desc())).first()
    assert (made.role, made.contact_id, made.client_id, made.person_id) == ("sponsor", 1, 1, None)


def test_somebody_who_has_an_account_gets_one_more_role(run, cast, stage):
    before = len(accounts(stage))
    ben = cast.persons.ben.email
    run("--email", ben, "--role", "consultant", "--password", GOOD)
    said = run("--email", ben, "--role", "admin")
    assert "keeps its password" in said.output
    assert len(accounts(stage)) == before + 1
    again = run("--email", ben, "--role", "admin")
    assert (again.exit_code, again.output) == (1, "Error: Ben has this role already.\n")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--email", "nobody", "--role", "admin", "--name", "N"], "Write a mail address like"),
        (["--email", "new@larkmoor.example", "--role", "partner"], "add them with --name"),
        (["--email", "new@larkmoor.example", "--role", "king"], "'king' is not one of"),
        (["--email", "new@x.example", "--role", "sponsor"], "Say whose contact it is with --client"),
        (
            ["--email", "new@x.example", "--role", "viewer", "--client", "NORTH"],
            "NORTH has no contact with the address",
        ),
        (["--email", "uma@client2.example", "--role", "sponsor", "--client", "NORTH"], "NORTH has no contact"),
        (
            ["--email", "a@larkmoor.example", "--role", "admin", "--client", "NORTH"],
            "--client is for sponsors and viewers",
        ),
        (
            ["--email", "a@larkmoor.example", "--role", "admin", "--name", "A", "--password", "short"],
            "12 to 128 characters",
        ),
        (
            ["--email", "a@larkmoor.example", "--role", "admin", "--name", "A", "--password", "password2026!"],
            "well-known word",
        ),
        (
            ["--email", "amelia@larkmoor.example", "--role", "admin", "--name", "A", "--password", "larkmoor-amelia1"],
            "well-known",
        ),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(words, says, run, cast, stage):
    before = stage.scalar(select(func.count(Person.id))), len(accounts(stage))
    said = run(*words)
    assert said.exit_code != 0
    assert says in said.output
    assert "Traceback" not in said.output
    assert (stage.scalar(select(func.count(Person.id))), len(accounts(stage))) == before


def test_help_explains_itself(run):
    said = run("--help").output
    assert "flask --app crm user create --email" in said
    assert "you are asked" in said


def test_the_terminal_resets_a_lost_second_factor(app, stage, cast):
    phone = give_app(app, stage, cast.abe)
    call = app.test_cli_runner().invoke
    said = call(args=["user", "reset-factors", "--email", cast.abe.email, "--reason", "Lost"])
    assert (said.exit_code, phone.secret in said.output) == (0, False)
    assert stage.scalars(select(AuditEntry.verb)).all() == ["account.reset_factors"]
    assert account_now(stage, cast.abe).has_second_factor is False
    again = call(args=["user", "reset-factors", "--email", cast.abe.email, "--reason", "Lost"])
    assert (again.exit_code, "Abe has no second factor" in again.output) == (2, True)
    assert call(args=["user", "reset-factors", "--email", "nobody@example.test", "--reason", "x"]).exit_code == 2
