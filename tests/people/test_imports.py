"""A list of people: however a spreadsheet writes it, all of it becomes true, or nothing does and each line says why."""

import threading
import time
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from app.clock import now
from app.db import db, writing
from app.people import actions, imports, sheets, sign_ins
from app.people.enrolment import NotEnrolled, enrol, register
from app.people.models import Membership, Person, SignIn, Team
from app.people.plans import Register
from tests.conftest import NOW
from tests.running import ROOT

TODAY = date(2026, 11, 25)
HEAD = "name,email,team,title,manager,roles,working days,employed from,language\n"


def planned(text):
    """What a list would do, without doing it."""
    content = text if isinstance(text, bytes) else text.encode()
    return imports.plan(sheets.read(content), register(TODAY))


def imported(text):
    """The same, done."""
    content = text if isinstance(text, bytes) else text.encode()
    with writing():
        return enrol(sheets.read(content), now(), TODAY)


def wrong(text):
    """Each problem of a list that is not imported: its line, column and reason."""
    before = everyone()
    with pytest.raises(NotEnrolled) as nothing:
        imported(text)
    assert everyone() == before
    return [(one.line, one.column, one.reason) for one in nothing.value.plan.problems]


def everyone():
    db.session.rollback()
    return [tuple(row) for table in (Person, Team, Membership)
            for row in db.session.execute(select(table.__table__).order_by(table.id))]  # fmt: skip


def by_email(email):
    db.session.expire_all()
    return db.session.scalars(select(Person).where(Person.email == email)).one()


def team_of(person):
    return db.session.scalar(
        select(Team.name)
        .join(Membership, Membership.team_id == Team.id)
        .where(Membership.person_id == person.id, Membership.to_date.is_(None))
    )


# What comes true


def test_a_newcomer_has_all_that_the_list_says(cast):
    imported(HEAD + "Ida Juhl,Ida@Fjordby.example,Hjemmepleje Nord,Sygeplejerske,mads@fjordby.example,"
             "\"leder, redaktør hr\",\"ma,ti,to\",1-12-2026,en\n")  # fmt: skip
    ida = by_email("ida@fjordby.example")
    assert (ida.name, ida.title, ida.manager_id, ida.working_days) == (
        "Ida Juhl",
        "Sygeplejerske",
        cast.mads.id,
        0b1011,
    )
    assert (ida.is_manager, ida.is_leader, ida.is_admin, ida.curates_for) == (True, False, False, "hr")
    assert (ida.employed_from, ida.locale, ida.left_at, ida.is_demo) == (date(2026, 12, 1), "en", None, False)
    assert team_of(ida) == "Hjemmepleje Nord"
    assert db.session.scalar(select(Membership.from_date).where(Membership.person_id == ida.id)) == date(
        2026, 12, 1
    )


def test_a_list_needs_no_more_than_names_and_addresses(cast):
    imported("navn;e-mail\nIda Juhl;ida@fjordby.example\n")
    ida = by_email("ida@fjordby.example")
    assert (ida.working_days, ida.employed_from, ida.title, team_of(ida)) == (31, TODAY, "", None)


def test_the_same_list_a_second_time_changes_nothing_and_says_so(cast):
    text = HEAD + (
        "Ida Juhl,ida@fjordby.example,Fjordby Kommune / Sundhed / Nat,Sygeplejerske,bo@fjordby.example,leder,1-4,1-2-2026,da\n"
        "Bo Krag,bo@fjordby.example,Nat,Leder,mads@fjordby.example,-,ma-fr,,en\n"
        "Anna Holm,anna@fjordby.example,Bibliotekerne,Bibliotekar,,,,,\n"
    )
    first = imported(text)
    assert [first.count(kind) for kind in ("new", "moved", "changed", "unchanged")] == [2, 1, 0, 0]
    before = everyone()
    second = imported(text)
    assert (second.changes, second.tree.new, second.count("unchanged")) == ([], [], 3)
    assert everyone() == before


def test_who_is_not_in_the_list_is_left_alone_and_an_empty_cell_changes_nothing(cast):
    before = {row[0]: row for row in db.session.execute(select(Person.__table__))}
    imported(HEAD + "Anna Juhl Holm,anna@fjordby.example,,,,,,,en\n")
    after = {row[0]: row for row in db.session.execute(select(Person.__table__))}
    assert {key for key, row in after.items() if row != before[key]} == {cast.anna.id}
    anna = by_email(cast.anna.email)
    assert (anna.name, anna.title, anna.locale) == ("Anna Juhl Holm", "Social- og sundhedsassistent", "da")
    assert team_of(anna) == "Hjemmepleje Nord"


def test_a_dash_empties(cast):
    imported(HEAD + "Anna Holm,anna@fjordby.example,,,mads@fjordby.example,leder,,,\n")
    imported(HEAD + "Anna Holm,anna@fjordby.example,-,-,-,-,,,\n")
    anna = by_email(cast.anna.email)
    assert (anna.title, anna.manager_id, anna.is_manager, team_of(anna)) == ("", None, False, None)


def test_whoever_moves_is_in_the_new_team_from_today_and_was_in_the_old_one_until_yesterday(cast):
    moving = HEAD + "Anna Holm,anna@fjordby.example,Bibliotekerne,,,,,,\n"
    assert planned(moving).count("moved") == 1
    imported(moving)
    rows = db.session.execute(
        select(Membership.team_id, Membership.from_date, Membership.to_date)
        .where(Membership.person_id == cast.anna.id)
        .order_by(Membership.id)
    ).all()
    assert [row[1:] for row in rows] == [(date(2024, 3, 4), TODAY - timedelta(days=1)), (TODAY, None)]
    imported(HEAD + "Anna Holm,anna@fjordby.example,Hjemmepleje Nord,,,,,,\n")
    assert team_of(by_email(cast.anna.email)) == "Hjemmepleje Nord"


def test_a_manager_may_stand_further_down_and_need_not_be_there_yet(cast):
    imported(HEAD + "Ida,ida@fjordby.example,,,bo@fjordby.example,,,,\nBo,bo@fjordby.example,,,,,,,\n")
    assert by_email("ida@fjordby.example").manager_id == by_email("bo@fjordby.example").id


def test_a_path_makes_the_teams_that_are_missing_and_others_may_name_them(cast):
    made = imported(
        HEAD + "Ida,ida@fjordby.example,Natten,,,,,,\n"
        "Bo,bo@fjordby.example,Fjordby Kommune / Sundhed / Natten,,,,,,\n"
        "Eva,eva@fjordby.example,/ Havnen,,,,,,\n"
    )
    assert [team.name for team in made.tree.new] == ["Sundhed", "Natten", "Havnen"]
    night = db.session.scalars(select(Team).where(Team.name == "Natten")).one()
    health = db.session.get_one(Team, night.parent_id)
    assert health.parent_id == cast.teams["top"]
    assert night.path == f"/{cast.teams['top']}/{health.id}/{night.id}/"
    assert db.session.scalars(select(Team).where(Team.name == "Havnen")).one().parent_id is None
    assert team_of(by_email("ida@fjordby.example")) == "Natten"


def test_who_left_comes_back_with_the_same_address_and_history_but_not_with_old_roles(cast):
    with writing():
        db.session.get_one(Person, cast.omar.id).is_admin = True
        db.session.get_one(Person, cast.liv.id).manager_id = cast.omar.id
        sign_ins.begin(cast.omar.id, "Firefox, Linux", NOW)
    with writing():
        actions.leave(cast.omar.id, NOW, TODAY)
    made = imported(HEAD + "Omar Aziz,omar@fjordby.example,Hjemmepleje Nord,Elev,mads@fjordby.example,,,,\n")
    omar = by_email("omar@fjordby.example")
    assert made.count("back") == 1
    assert (omar.id, omar.left_at, omar.employed_to, omar.employed_from) == (cast.omar.id, None, None, TODAY)
    assert (omar.is_admin, omar.title, team_of(omar)) == (False, "Elev", "Hjemmepleje Nord")
    assert by_email(cast.liv.email).manager_id is None
    assert (
        db.session.scalar(select(func.count()).where(SignIn.person_id == omar.id, SignIn.ended_at.is_(None)))
        == 0
    )
    assert sign_ins.account_of(omar.email) == (omar.id, None, False)
    days = db.session.execute(
        select(Membership.from_date, Membership.to_date)
        .where(Membership.person_id == omar.id)
        .order_by(Membership.id)
    ).all()
    assert days == [(date(2024, 3, 4), TODAY), (TODAY + timedelta(days=1), None)]


# However it is written


@pytest.mark.parametrize(
    "content",
    [
        "name,email,title\nÅse Sørensen,aase@fjordby.example,Pædagog\n".encode(),
        "navn;mail;titel\r\nÅse Sørensen;aase@fjordby.example;Pædagog\r\n".encode("cp1252"),
        "\ufeffNavn;E-mail;Stilling\r\n\r\n;;\r\nÅse Sørensen;AASE@fjordby.example;Pædagog\r\n".encode(),
        "sep=;\nnavn;email;titel\nÅse Sørensen;aase@fjordby.example;Pædagog\n".encode(),
        "Navn\tEmail\tTitel\nÅse Sørensen\taase@fjordby.example\tPædagog\n".encode("utf-16"),
        'titel,"email",navn,Løn\n"Pædagog",aase@fjordby.example,"Åse\nSørensen",999\n'.encode(),
        "name,email,title\rÅse   Sørensen , aase@fjordby.example,Pædagog".encode(),
    ],
    ids=["utf-8", "excel-in-denmark", "mark-and-empty-lines", "sep-line", "utf-16-tabs", "quoted-newline", "old-mac"],
)  # fmt: skip
def test_a_spreadsheet_may_write_it_as_it_likes(cast, content):
    imported(content)
    aase = by_email("aase@fjordby.example")
    assert (aase.name, aase.title) == ("Åse Sørensen", "Pædagog")


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("1,2,3,4,5", 31),
        ("1-5", 31),
        ("ma-fr", 31),
        ("Man – Tors", 15),
        ("mon, tue", 3),
        ("lø+sø", 96),
        ("on", 4),
    ],
)
def test_working_days_are_written_in_many_ways(cast, text, days):
    imported(f'name,email,working days\nIda,ida@fjordby.example,"{text}"\n')
    assert by_email("ida@fjordby.example").working_days == days


def test_a_column_nobody_knows_is_named_and_left_alone(cast):
    assert planned("name,email,salary\nIda,ida@fjordby.example,1\n").unknown == ["salary"]


# What is wrong


def test_each_bad_row_is_told_with_its_line_column_and_reason_and_nothing_is_imported(cast):
    assert wrong(
        "navn,email,hold,leder,roller,arbejdsdage,ansat fra,sprog\n"
        "Ida,ida@fjordby.example,Hjemmepleje Nord,,,,,\n"
        "Mette,mette.holm@,Hjemmepl. Nord,,,,,\n"
        "\n"
        '"Lone\nKrag",lone.krag@fjordby.example,,lone.krag@fjordby.example,,,,\n'
        "Ib,ida@fjordby.example,,,,,,\n"
        ",bo@fjordby.example,,nobody@fjordby.example,chef,man-tirs-ons,31-02-2026,tysk\n"
        "Eva,eva@fjordby.example,,,redaktør,8,1-1-1900,,too many\n"
        'Åse,aase@fjordby.example,,,"redaktør hr, redaktør kommunikation",fr-ma,1-1-1900,\n'
    ) == [
        (3, "email", "not-an-address"),
        (3, "hold", "no-team"),
        (5, "leder", "own-manager"),
        (7, "email", "twice"),
        (8, "navn", "missing"),
        (8, "roller", "no-role"),
        (8, "arbejdsdage", "no-days"),
        (8, "ansat fra", "no-date"),
        (8, "sprog", "no-language"),
        (9, "", "more-cells"),
        (10, "roller", "two-desks"),
        (10, "arbejdsdage", "no-days"),
        (10, "ansat fra", "far-date"),
    ]


def test_a_team_that_is_nearly_there_is_asked_after(cast):
    (problem,) = planned("name,email,team\nIda,ida@fjordby.example,Hjemmepl. Nord\n").problems
    assert (problem.given, problem.values) == ("Hjemmepl. Nord", {"near": "Hjemmepleje Nord"})


def test_a_name_that_several_teams_have_is_not_guessed(cast):
    imported("name,email,team\nIda,ida@fjordby.example,Fjordby Kommune / Kultur / Nat\n"
             "Bo,bo@fjordby.example,Fjordby Kommune / Sundhed / Nat\n")  # fmt: skip
    assert wrong("name,email,team\nEva,eva@fjordby.example,Nat\n") == [(2, "team", "several-teams")]
    imported("name,email,team\nEva,eva@fjordby.example,Kultur / Nat\n")


def test_nobody_leads_themselves_through_others(cast):
    imported("name,email,manager\nAnna Holm,anna@fjordby.example,mads@fjordby.example\n")
    circle = "name,email,manager\nMads Toft,mads@fjordby.example,omar@fjordby.example\nOmar Aziz,omar@fjordby.example,anna@fjordby.example\n"
    assert wrong(circle) == [(2, "manager", "circle"), (3, "manager", "circle")]
    assert wrong("name,email,manager\nIda,ida@fjordby.example,nobody@fjordby.example\n") == [
        (2, "manager", "no-manager")
    ]


def test_a_circle_of_thousands_is_told_with_a_few_names(app):
    rows = (f"N,a{number}@x.dk,a{(number + 1) % 3000}@x.dk\n" for number in range(3000))
    made = planned("name,email,manager\n" + "".join(rows))
    assert len(made.problems) == 3000
    assert max(len(one.values["names"]) for one in made.problems) < 120


def test_a_cell_full_of_spaces_is_read_in_no_time(app):
    began = time.monotonic()
    spaces = " " * 100_000
    assert wrong(f"name,email,team\nN,n@x.dk,a{spaces}b\n")
    assert time.monotonic() - began < 2


def test_the_last_administrator_stays_one(cast):
    last = "name,email,roles\nAstrid Friis,astrid@fjordby.example,medarbejder\n"
    assert wrong(last) == [(2, "roles", "last-admin")]
    imported(last + "Omar Aziz,omar@fjordby.example,administrator\n")
    assert not by_email(cast.astrid.email).is_admin


def test_a_quotation_mark_that_never_closes_is_told_where_it_opens(cast):
    assert wrong(
        'name,email\nIda,ida@fjordby.example\n"Bo,bo@fjordby.example\nEva,eva@fjordby.example\n'
    ) == [(3, "", "open-quote")]


def test_columns_must_be_named_and_named_once(cast):
    assert wrong("Ida,ida@fjordby.example\n") == [(1, "name", "no-column"), (1, "email", "no-column")]
    assert wrong("name,email,mail\nIda,a@b,c@d\n") == [(1, "email", "column-twice")]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"\n ;;\n", "empty"),
        (b"name,email\n", "empty"),
        (b"PK\x03\x04\x14\x00", "workbook"),
        (b"name,email\n\x81\x8d\xff,x", "not-text"),
        (b"x" * (sheets.MOST_BYTES + 1), "too-big"),
        (b"name,email\n" + b"a,a@b\n" * (sheets.MOST_ROWS + 1), "too-many"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_one_reason(content, reason):
    with pytest.raises(sheets.SheetRefused) as refused:
        sheets.read(content)
    assert refused.value.reason == reason


# What people try


STRANGE = [
    "<script>alert(1)</script>", "=HYPERLINK(\"http://evil.example\")", "+45 @SUM(1)", "‮drowssap", "👩🏽‍🚒 Ida",
    "Zoë ‏Ǻ", "{{ 7*7 }}", "%(x)s %s", "'; DROP TABLE people; --",
]  # fmt: skip


@pytest.mark.parametrize("name", STRANGE)
def test_a_name_comes_out_as_it_went_in(cast, name):
    quoted = name.replace('"', '""')
    imported(f'name,email,team\n"{quoted}",ida@fjordby.example,"/ {quoted}"\n')
    ida = by_email("ida@fjordby.example")
    assert (ida.name, team_of(ida)) == (name, name)


def test_what_the_database_cannot_hold_is_refused_and_shown_short(cast):
    text = f"name,email,title\nIda\0,ida@fjordby.example,{'x' * 10_000}\n"
    assert wrong(text) == [(2, "name", "strange-sign"), (2, "title", "too-long")]
    strange, long = planned(text).problems
    assert (strange.given, len(long.given)) == ("Ida�", 80)
    assert wrong("name,email\nIda,ida@fjordby.example\\nBcc:\n")[0][2] == "not-an-address"


def test_only_the_columns_of_a_list_are_set(cast):
    columns = "id,password_hash,is_admin,is_demo,left_at,joined_at,play,created_at,manager_id,team_id"
    made = imported(
        f"name,email,{columns}\nIda,ida@fjordby.example,1,x,1,1,2020-01-01,2020-01-01,off,2020-01-01,1,1\n"
    )
    ida = by_email("ida@fjordby.example")
    assert made.unknown == columns.split(",")
    assert (ida.password_hash, ida.is_admin, ida.is_demo, ida.left_at, ida.play) == (
        None,
        False,
        False,
        None,
        "full",
    )


def test_a_whole_municipality_comes_in_one_go(cast):
    rows = "".join(
        f"Person {n},p{n}@fjordby.example,Hold {n % 40},p{n // 50}@fjordby.example\n" for n in range(1, 2000)
    )
    head = "name,email,team,manager\nPerson 0,p0@fjordby.example,/ Hold 0,\n"
    teams = "".join(f"Leder {n},l{n}@fjordby.example,/ Hold {n},\n" for n in range(1, 40))
    assert imported(head + teams + rows).count("new") == 2039


def test_the_plan_that_was_looked_at_is_the_one_that_comes_true(cast):
    sheet = sheets.read(b"name,email,title\nAnna Holm,anna@fjordby.example,Leder\n")
    seen = imports.plan(sheet, register(TODAY)).fingerprint
    with writing():
        db.session.get_one(Person, cast.anna.id).title = "Vikar"
    with pytest.raises(NotEnrolled) as nothing, writing():
        enrol(sheet, NOW, TODAY, seen)
    assert by_email(cast.anna.email).title == "Vikar"
    with writing():
        enrol(sheet, NOW, TODAY, nothing.value.plan.fingerprint)
    assert by_email(cast.anna.email).title == "Leder"


def test_the_sample_that_ships_can_be_imported_into_an_empty_organisation():
    sheet = sheets.read((ROOT / "docs" / "people.csv").read_bytes())
    made = imports.plan(sheet, Register({}, [], TODAY))
    assert (made.problems, made.unknown, made.count("new")) == ([], [], 6)
    assert set(sheet.headings) == set(sheets.HEADINGS) - {"title_en"}


def test_two_imports_at_once_give_one_result(app, cast):
    rows = "".join(f"Person {n},p{n}@fjordby.example,/ Havnen,p0@fjordby.example\n" for n in range(1, 400))
    sheet = sheets.read(f"name,email,team,manager\nPerson 0,p0@fjordby.example,,\n{rows}".encode())
    barrier, done, times = threading.Barrier(2), [], []

    def one():
        with app.app_context():
            barrier.wait()
            began = time.perf_counter()
            with writing():
                done.append(enrol(sheet, NOW, TODAY))
            times.append((began, time.perf_counter()))
            db.session.remove()

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (first, second) = times
    assert max(first[0], second[0]) < min(first[1], second[1])
    assert sorted(made.count("new") for made in done) == [0, 400]
    assert sorted(made.count("unchanged") for made in done) == [0, 400]
    db.session.rollback()
    assert db.session.scalar(select(func.count()).where(Person.email.like("p%@fjordby.example"))) == 400
    assert db.session.scalar(select(func.count()).where(Team.name == "Havnen")) == 1
