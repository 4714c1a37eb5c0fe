"""The commands for people: the first administrator, a new password, and goodbye."""

import subprocess
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, func, select

from app.db import db, writing
from app.organisation.models import CalendarDay, Organisation, PauseWeek
from app.organisation.queries import facts
from app.people import actions
from app.people.models import Membership, Person, SignIn, Team
from tests.cast import PASSWORD
from tests.conftest import NOW
from tests.running import BIN, ROOT, environment

NEW = "nyt og langt kodeord"


@pytest.fixture
def run(app, tmp_path):
    """`run("leave", "anna@…", password="…")` runs a command of `flask people`; its result."""

    def command(*arguments, password=None, typed=""):
        db.session.rollback()
        if password is not None:
            file = tmp_path / "password"
            file.write_bytes(password if isinstance(password, bytes) else password.encode())
            arguments = (*arguments, "--password-file", str(file))
        result = app.test_cli_runner().invoke(args=["people", *arguments], input=typed)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        db.session.rollback()
        return result

    return command


def sign_in(client, email, password):
    return client.post("/sign-in", data={"email": email, "password": password}).status_code


def people_count():
    return db.session.scalar(select(func.count()).select_from(Person))


# create-admin


def test_the_first_administrator_comes_with_the_organisation(run, client):
    with writing():
        for table in (Organisation, CalendarDay, PauseWeek):
            db.session.execute(delete(table))
    result = run("create-admin", "--name", " Ida Ny ", "--email", "Ida@Ny.example", "--organisation", "Ny Kommune",
                 password=f"{NEW}\n")  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "ida@ny.example" in result.output
    ida = db.session.scalars(select(Person).where(Person.email == "ida@ny.example")).one()
    assert (ida.name, ida.is_admin, ida.curates_for) == ("Ida Ny", True, None)
    assert (facts().name, facts().disclosure("da")) == ("Ny Kommune", "Jeg arbejder i Ny Kommune")
    assert date(2026, 12, 25) in facts().holidays
    assert sign_in(client, "ida@ny.example", NEW) == 303


def test_a_second_administrator_joins_the_organisation_that_is_there(run, client, cast):
    result = run("create-admin", "--name", "Ida", "--email", "ida@fjordby.example", "--organisation", "En anden",
                 password=NEW)  # fmt: skip
    assert result.exit_code == 0
    assert facts().name == "Fjordby Kommune"
    assert sign_in(client, "ida@fjordby.example", NEW) == 303


def test_what_is_not_given_is_asked_for(run, client):
    result = run("create-admin", typed=f"Ida Ny\nida@fjordby.example\n{NEW}\n{NEW}\n")
    assert result.exit_code == 0, result.output
    assert NEW not in result.output
    assert sign_in(client, "ida@fjordby.example", NEW) == 303


@pytest.mark.parametrize(
    ("name", "email", "password", "said"),
    [
        ("Ida", "anna@fjordby.example", NEW, "belongs to somebody"),
        ("Ida", " ANNA@fjordby.example ", NEW, "belongs to somebody"),
        ("Ida", "ida", NEW, "not an e-mail address"),
        ("Ida", "", NEW, "not an e-mail address"),
        ("Ida", "i da@ny.example", NEW, "not an e-mail address"),
        ("Ida", "i" * 250 + "@ny.example", NEW, "not an e-mail address"),
        ("", "ida@ny.example", NEW, "1 to 120 characters"),
        (" ", "ida@ny.example", NEW, "1 to 120 characters"),
        ("I" * 121, "ida@ny.example", NEW, "1 to 120 characters"),
        ("Ida", "ida@ny.example", "kort", "10 to 200 characters"),
        ("Ida", "ida@ny.example", "k" * 201, "10 to 200 characters"),
        ("Ida", "ida@ny.example", b"\xff\xfe" * 20, "UTF-8"),
    ],
)
def test_what_cannot_be_an_administrator_is_refused_with_a_sentence(run, cast, name, email, password, said):
    before = people_count()
    result = run("create-admin", "--name", name, "--email", email, password=password)
    assert result.exit_code == 1
    assert said in result.output
    assert "Traceback" not in result.output
    assert people_count() == before


def test_an_organisations_name_that_is_too_long_is_refused_and_nothing_is_made(run):
    with writing():
        db.session.execute(delete(Organisation))
    before = people_count()
    result = run("create-admin", "--name", "Ida", "--email", "ida@ny.example", "--organisation", "K" * 121,
                 password=NEW)  # fmt: skip
    assert result.exit_code == 1
    assert "1 to 120 characters" in result.output
    assert people_count() == before


# set-password


def test_a_new_password_signs_every_device_out_and_lets_in_anew(run, cast, client, app):
    browser = app.test_client()
    assert sign_in(client, cast.anna.email, PASSWORD) == 303
    assert client.get("/me").status_code == 200
    result = run("set-password", cast.anna.email.upper(), password=NEW)
    assert result.exit_code == 0, result.output
    assert client.get("/me").status_code == 303
    assert sign_in(browser, cast.anna.email, PASSWORD) == 422
    assert sign_in(browser, cast.anna.email, NEW) == 303


def test_a_password_that_is_too_short_or_for_nobody_is_refused(run, cast, client):
    for arguments, password, said in (
        ((cast.anna.email,), "kort", "10 to 200 characters"),
        (("nobody@fjordby.example",), NEW, "Nobody has the address"),
        (("",), NEW, "Nobody has the address"),
    ):
        result = run("set-password", *arguments, password=password)
        assert result.exit_code == 1
        assert said in result.output
    assert sign_in(client, cast.anna.email, PASSWORD) == 303


# leave


def test_who_leaves_is_signed_out_at_once_and_for_good(run, cast, client, clock):
    assert sign_in(client, cast.anna.email, PASSWORD) == 303
    kept = dict(client._cookies)
    result = run("leave", cast.anna.email)
    assert result.exit_code == 0, result.output
    assert client.get("/me").status_code == 303
    client._cookies = kept
    assert client.get("/me").status_code == 303
    assert sign_in(client, cast.anna.email, PASSWORD) == 422
    with clock(NOW + timedelta(days=1)):
        client._cookies = kept
        assert client.get("/me").status_code == 303
        assert sign_in(client, cast.anna.email, PASSWORD) == 422


def test_who_leaves_leaves_the_team_and_no_password_behind(run, cast):
    run("leave", cast.anna.email)
    anna = db.session.get_one(Person, cast.anna.id)
    assert (anna.password_hash, anna.left_at, anna.employed_to) == (None, NOW, NOW.date())
    membership = db.session.scalars(select(Membership).where(Membership.person_id == anna.id)).one()
    assert membership.to_date == NOW.date()
    assert db.session.scalars(select(SignIn).where(SignIn.ended_at.is_(None))).all() == []


def test_who_has_left_cannot_leave_or_get_a_password_again(run, cast):
    assert run("leave", cast.anna.email).exit_code == 0
    for arguments, password in ((("leave", cast.anna.email), None), (("set-password", cast.anna.email), NEW)):
        result = run(*arguments, password=password)
        assert result.exit_code == 1
        assert "Nobody has the address" in result.output


def test_nobody_in_particular_cannot_leave(run, cast):
    for address in ("", "anna", "anna@fjordby.example; --", "x" * 5000):
        result = run("leave", address)
        assert result.exit_code == 1
        assert "Nobody has the address" in result.output


def test_who_was_to_begin_later_can_leave_before_that(run, cast):
    with writing():
        team = db.session.get_one(Team, cast.teams["north"])
        actions.employ("Per Snart", "per@fjordby.example", NOW, from_date=date(2026, 12, 1), team=team)
    assert run("leave", "per@fjordby.example").exit_code == 0
    per = db.session.scalars(select(Person).where(Person.email == "per@fjordby.example")).one()
    assert per.left_at == NOW
    assert db.session.scalars(select(Membership).where(Membership.person_id == per.id)).all() == []


def test_without_tables_the_first_administrator_is_told_what_to_do_first(tmp_path):
    (tmp_path / "password").write_text("en god lang sætning")
    command = [str(BIN / "flask"), "people", "create-admin", "--name", "Ida", "--email", "ida@ny.example",
               "--password-file", str(tmp_path / "password")]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True)
    assert done.returncode == 1
    assert "flask db upgrade" in done.stderr
    assert "Traceback" not in done.stderr


LIST = "name,email,team\nIda Juhl,ida@fjordby.example,Hjemmepleje Nord\n"


@pytest.fixture
def listed(tmp_path):
    """`listed("name,email\\n…")` is the path of a file that holds that."""

    def write(text):
        file = tmp_path / "people.csv"
        file.write_text(text, encoding="utf-8")
        return str(file)

    return write


def employed(email):
    return db.session.scalar(select(func.count()).where(Person.email == email, Person.left_at.is_(None)))


def test_a_list_is_imported_and_a_second_time_it_changes_nothing(run, listed, cast):
    done = run("import", listed(LIST))
    assert (done.exit_code, done.output) == (0, "1 new.\n")
    assert employed("ida@fjordby.example") == 1
    assert run("import", listed(LIST)).output == "1 unchanged.\n"


def test_a_dry_run_says_what_would_happen_and_does_nothing(run, listed, cast):
    done = run("import", listed(LIST), "--dry-run")
    assert (done.exit_code, done.output) == (0, "Nothing is imported yet: 1 new.\n")
    assert employed("ida@fjordby.example") == 0


@pytest.mark.parametrize("more", [(), ("--dry-run",)])
def test_bad_rows_are_named_by_line_and_nothing_is_imported(run, listed, cast, more):
    done = run("import", listed(f"{LIST}Bo,bo@,Hjemmepl. Nord\n"), *more)
    assert done.exit_code == 1
    assert done.output == (
        "line 3, email, “bo@”: The e-mail address is not whole.\n"
        "line 3, team, “Hjemmepl. Nord”: There is no such team. Did you mean “Hjemmepleje Nord”?\n"
        "Error: 1 row is wrong. Nothing is imported.\n"
    )
    assert employed("ida@fjordby.example") == 0


def test_what_is_no_list_is_refused_with_a_sentence(run, listed, cast):
    done = run("import", listed("PK\x03\x04"))
    assert (done.exit_code, done.output) == (
        1,
        "Error: That is a workbook. Save it as CSV first, then choose the new file.\n",
    )


def test_the_last_administrator_does_not_leave(run, cast):
    done = run("leave", cast.astrid.email)
    assert (done.exit_code, done.output) == (1, "Error: Somebody must stay administrator.\n")
    assert employed(cast.astrid.email) == 1
