"""The policy: who may use which route. A route without a row here fails."""

import pytest
from werkzeug.routing import Rule

ROUTES = {
    "public": """
        health.alive health.ready links.ask links.begin_with_code links.begin_with_link links.code links.link
        people.begin_sign_in people.choose_language people.sign_in pwa.manifest
        pwa.offline pwa.service_worker onward.short_link photo.onward stories.picture
    """,
    "signed_in": """
        photo.change photo.choose photo.own photo.remove stories.download_picture
        boards.how boards.teams feed.bring_back feed.not_for_me feed.today feed.why_this_one
        me.change_zone me.choose me.data me.end_sign_in me.follow_topics me.me_page me.own_sign_ins me.points
        me.settings me.stored me.topics reminders.answer reminders.change_hours reminders.choose reminders.hours
        reminders.page people.sign_out people.sign_out_everywhere push.decline push.messages push.remove push.rename
        push.send_test push.subscribe pwa.badge pwa.install
        sharing.count_clicks sharing.new_share sharing.not_yet sharing.own_share sharing.own_shares sharing.own_words sharing.posting
        sharing.say_posted sharing.share sharing.thanks sharing.withdraw stories.all_stories
        stories.answer stories.new_answer stories.save stories.say_useful stories.story
        shoutouts.correct shoutouts.decide shoutouts.edit shoutouts.one shoutouts.smile shoutouts.undo
        shoutouts.wall shoutouts.withdraw
    """,
    "manager": """
        shoutouts.coverage shoutouts.find shoutouts.give shoutouts.lead shoutouts.new
    """,
    "admin": """
        desk.about desk.add_name desk.bad_rows desk.bring_back_name desk.bring_list desk.change_setting
        desk.create_person desk.create_question desk.create_team desk.departure desk.import_list
        desk.invitations desk.invite desk.invite_all desk.leave desk.lift desk.names desk.new_list
        desk.new_person desk.organisation desk.organisation_settings desk.people_list
        desk.people_list_preview desk.person desk.question_list desk.rename desk.retire desk.sample_list
        desk.save_about desk.save_person desk.save_team desk.start desk.team desk.team_list
        desk.turn_question
    """,
    "curator": """
        desk.find_right desk.let_go desk.preview desk.stories desk.unpublish desk.wait_again
        editor.create_story editor.edit_story editor.import_link editor.new_story editor.save_story
        feeds.add feeds.bring_back feeds.pause feeds.read_now feeds.remove feeds.resume feeds.show
        queue.bring_back queue.decline queue.discard queue.draft_from_answer queue.publish queue.show
        queue.take_up_again
    """,
}
AUDIENCE = {endpoint: audience for audience, names in ROUTES.items() for endpoint in names.split()}
ARGUMENTS = {"story_id": 1, "share_id": 1, "answer_id": 1, "question_id": 1, "sign_in_id": 999, "device_id": 1, "feed_id": 1, "shoutout_id": 1, "what": "theme", "link_token": "a" * 43,
             "token": "abcdefghijk", "name": "nothing-480.webp", "person_id": 999, "team_id": 999, "list_id": 999,
             "identity": 999, "kind": "purposes", "key": "utm", "turn": "retirement"}  # fmt: skip
CAST = ("anna", "mads", "karen", "henrik", "birgit", "omar", "liv", "astrid")
LET_IN = {
    "manager": {"mads", "birgit"},
    "curator": {"karen", "henrik"},
    "admin": {"astrid"},
    "desk": {"karen", "henrik", "astrid"},
}


def address(app, rule: Rule) -> str:
    with app.test_request_context():
        return app.url_map.bind("localhost").build(
            rule.endpoint,
            {name: ARGUMENTS[name] for name in rule.arguments},
            method=min(rule.methods or []),
        )


def asked(browser, app, rule):
    method = "POST" if "POST" in rule.methods else "GET"
    return (browser.post if method == "POST" else browser.get)(address(app, rule))


def test_each_route_has_its_row_and_declares_the_same(app):
    declared = {name: view.__dict__.get("audience") for name, view in app.view_functions.items()}
    assert declared == AUDIENCE


def test_a_stranger_is_sent_to_sign_in(app, client, story):
    story()
    for rule in app.url_map.iter_rules():
        if AUDIENCE[rule.endpoint] != "public":
            answer = asked(client, app, rule)
            assert answer.status_code == 303, rule
            assert answer.location.startswith("/sign-in"), rule


@pytest.mark.parametrize("name", CAST)
def test_each_of_the_cast_gets_in_where_the_table_says(app, sign_in, story, name):
    story()
    browser = sign_in(name)
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("people.sign_out"):
            continue
        status = asked(browser, app, rule).status_code
        if name not in LET_IN.get(AUDIENCE[rule.endpoint], CAST):
            assert status == 403, rule
        else:
            assert status in (
                200,
                204,
                302,
                303,
                404,
                409,
                410,
                422,
                503 if rule.endpoint == "health.ready" else 200,
            ), (rule, status)
