"""What schemathesis cannot know of a host: which ids exist, and which requests would take from others what they need."""

import collections
import json
import os

import httpx
import schemathesis
from schemathesis.core.parameters import ParameterLocation as In
from schemathesis.generation.meta import TestPhase
from schemathesis.transport.serialization import Binary, serialize_binary

from refusals import is_of_the_moment
from things import ID, PASSWORD, Things

world = json.loads(os.environ["OMNICHAT_WORLD"])
things = Things(world["url"], world["access_token"])
# One of each sort, for requests that name one which was never there.
lasting = world["lasting"]
# What others need, so that no request may change it.
kept = set(world["kept"])
# What is gone is asked for as well.
things.seen.update(world["seen"])
# A small one that asks for something.
PLUGIN = "order-status"
# Stands for the bytes of a plugin: bytes that are put into a request count as wrong ones.
THE_PLUGIN = "the plugin itself"
turns = collections.Counter()
# How often each operation is asked on behalf of another organisation.
PROBES = 5
probes = collections.Counter()


class Request:
    """A request before it is sent. What was made wrong on purpose stays as it is."""

    def __init__(self, case):
        self.case = case
        self.name = case.operation.definition.raw["operationId"]
        self.is_step = case.meta is not None and case.meta.phase.name == TestPhase.STATEFUL

    def _is_right(self, location):
        return self.case.meta is None or not self.case.meta.is_negative_at(location)

    def path(self, **values):
        if self._is_right(In.PATH):
            self.case.path_parameters = {**self.case.path_parameters, **values}

    def query(self, **values):
        if self._is_right(In.QUERY):
            self.case.query = {**self.case.query, **values}

    def body(self, **fields):
        if self._is_right(In.BODY) and isinstance(self.case.body, dict):
            self.case.body = {**self.case.body, **fields}

    def text(self, content):
        if self._is_right(In.BODY):
            self.case.body = content

    def header(self, name, value):
        self.case.headers[name] = value

    def needs_its_own(self):
        """Whether it would change what others need, or names what was never there; in a scenario, what no step before named."""
        named = self.case.path_parameters.get("id")
        is_new = "id" not in self.case._override.path_parameters if self.is_step else named not in things.seen
        return is_new or (named in kept and self.case.method != "GET")

    def is_signed_in(self):
        return self.case.headers.get("Authorization") == f"Bearer {things.token}"

    def is_to_succeed(self, most=None):
        """Every other time, so that what schemathesis made up is sent too; so many times at most, where it takes long.

        A scenario may be begun again at any of its steps, and is given up where an answer is then another: there it is always so.
        """
        if self.is_step:
            return most is None
        turns[self.name] += 1
        return turns[self.name] % 2 == 1 and (most is None or turns[self.name] < 2 * most)

    def name_what_there_is(self):
        """Replaces well-formed ids of what never was."""
        case = self.case
        if case.path_parameters and self._is_right(In.PATH):
            case.path_parameters = there(case.path_parameters)
        if case.query and self._is_right(In.QUERY):
            case.query = there(case.query)
        if isinstance(case.body, dict) and self._is_right(In.BODY):
            case.body = there(case.body)


def there(value):
    match value:
        case dict():
            return {name: there(inner) for name, inner in value.items()}
        case list():
            return [there(inner) for inner in value]
        case str() if ID.fullmatch(value) and value not in things.seen:
            return lasting.get(value.split("_")[0], value)
        case _:
            return value


# Makes what a part of a path names.
MAKE = {
    "api-keys": things.api_key,
    "automations": things.automation,
    "conversations": lambda: things.conversation(world["practice"])["conversation_id"],
    "customers": lambda: things.customer(world["practice"]),
    "inboxes": things.inbox,
    "messages": lambda: things.note(lasting["conv"]),
    "operators": things.operator,
    "phrases": things.phrase,
    "plugins": lambda: world["bot"],
    "quarantine": lambda: things.quarantined(world["platform"]),
    "tags": things.tag,
    "roles": things.role,
    "views": things.view,
}


def give_its_own(request):
    """Something of its own for each request that would else end or change what others need."""
    before_id, found, _ = request.case.path.partition("/{id}")
    make = MAKE.get(before_id.rsplit("/", 1)[-1])
    if found and make and request.needs_its_own():
        request.path(id=make())


def leave_with_own_session(request):
    """Who signs out is a colleague of whom nothing else is asked."""
    if request.is_signed_in():
        _, session = things.session()
        request.header("Authorization", f"Bearer {session['access_token']}")


def change_own_password(request):
    leave_with_own_session(request)
    if request.is_to_succeed():
        request.body(current=PASSWORD)


def sign_in(request):
    if request.is_to_succeed():
        email, _ = things.session()
        request.body(email=email, password=PASSWORD, organisation_id=None)


def refresh(request):
    if request.is_to_succeed():
        _, session = things.session()
        request.body(refresh_token=session["refresh_token"])


def accept(request):
    if request.is_to_succeed():
        request.body(token=things.invitation()[1])


def install(request):
    if request.is_to_succeed(most=2):
        request.text(THE_PLUGIN)
        request.case.query = {}


def decide(request):
    if request.is_to_succeed(most=2):
        plugin = things.waiting_plugin(PLUGIN)
        request.path(id=plugin["id"])
        request.body(digest=plugin["waiting"]["digest"])


def snooze(request):
    if request.is_to_succeed():
        request.body(until=things.tomorrow())


def deliver(request):
    """Half of it means something; all of it is signed."""
    request.path(inbox_id=world["api"])
    if request.is_to_succeed():
        request.text(things.message())
    body = request.case.body
    if isinstance(body, str):
        for name, value in things.signature(body.data if isinstance(body, Binary) else body.encode()).items():
            request.header(name, value)


def visit(request):
    request.path(inbox_id=world["site"])


def begin_visit(request):
    visit(request)
    if request.is_to_succeed():
        request.body(token=None)


def end_plugin(request):
    """Another plugin than the one that others need, as often as there is time for."""
    if request.is_to_succeed(most=2):
        request.path(id=things.plugin(PLUGIN)["id"])
    elif request.case.path_parameters.get("id") == world["bot"]:
        request.path(id=PLUGIN)


def answer(request):
    """Most conversations are over after a while, and most texts are nothing that a channel carries."""
    if request.is_to_succeed():
        if not request.is_step:
            request.path(id=MAKE["conversations"]())
        request.body(text="Good morning!", spans=[], buttons=[], file_ids=[])


def list_by_condition(request):
    """A condition is JSON in a text, which a schema of texts cannot tell."""
    if "filter" in (request.case.query or {}):
        mine = {"field": "assignee", "op": "is", "value": "me"}
        request.query(filter=json.dumps({"any": [mine, {"field": "unread_count", "op": "at_least", "value": 1}]}))


def list_customers_by_condition(request):
    """The same, over customers."""
    if "filter" in (request.case.query or {}):
        regular = {"field": "tags", "op": "has", "value": "regular"}
        request.query(filter=json.dumps({"any": [regular, {"field": "last_seen_at", "op": "within", "value": 86400}]}))


def keep_condition(request):
    """Which fields a condition can test, and what with, is more than its schema says."""
    if isinstance(request.case.body, dict) and "filter" in request.case.body:
        urgent = {"field": "priority", "op": "in", "value": ["high", "urgent"]}
        request.body(filter={"all": [urgent, {"not": {"field": "tags", "op": "has", "value": "spam"}}]})


def give_rights(request):
    """Which rights there are is more than a pattern tells."""
    if isinstance(request.case.body, dict) and "permissions" in request.case.body and request.is_to_succeed():
        request.body(permissions=["conversations.read_all", "messages.send"])


def fetch_again(request):
    request.path(**world["attachment"])


def read_as_visitor(request):
    if request.is_to_succeed():
        request.path(file_id=world["visitor_file"]["id"])
        request.query(**world["visitor_file"]["query"])


PREPARE = {
    "accept_invite": accept,
    "approve_plugin": decide,
    "change_password": change_own_password,
    "confirm_webhook": deliver,
    "connect_visitor": visit,
    "decline_plugin": decide,
    "create_automation": lambda request: request.is_to_succeed() and request.body(kind="order-bot"),
    "create_api_key": give_rights,
    "create_role": give_rights,
    "create_view": keep_condition,
    "update_api_key": give_rights,
    "update_role": give_rights,
    "update_view": keep_condition,
    "create_operator": lambda request: request.is_to_succeed() and request.body(email=things.email()),
    "create_inbox": lambda request: request.is_to_succeed() and request.body(kind="sandbox"),
    "delete_plugin": end_plugin,
    "disable_plugin": end_plugin,
    "download_visitor_file": read_as_visitor,
    "fetch_attachment": fetch_again,
    "get_widget_config": visit,
    "install_plugin": install,
    "leave_message": visit,
    "list_conversations": list_by_condition,
    "list_customers": list_customers_by_condition,
    "list_visitor_messages": visit,
    "mark_read": visit,
    "receive_webhook": deliver,
    "refresh_session": refresh,
    "roll_back_plugin": end_plugin,
    "send_message": answer,
    "send_visitor_message": visit,
    "sign_in": sign_in,
    "sign_out": leave_with_own_session,
    "sign_out_everywhere": leave_with_own_session,
    "sign_out_visitors": lambda request: request.path(id=things.inbox("widget")),
    "snooze_conversation": snooze,
    "start_session": begin_visit,
    "test_channel": lambda request: request.path(kind="sandbox"),
    "upload_visitor_file": visit,
}


@schemathesis.serializer("application/wasm")
def as_it_is(context, value):
    if value == THE_PLUGIN:
        return things.plugin_file(PLUGIN)
    return serialize_binary(value)


@schemathesis.hook
def before_call(context, case, kwargs):
    # A method that is not there: nothing has to be ready for it.
    if case.method.lower() != case.operation.method.lower():
        return
    request = Request(case)
    give_its_own(request)
    prepare = PREPARE.get(request.name)
    if prepare:
        prepare(request)
    request.name_what_there_is()


@schemathesis.hook
def after_call(context, case, response):
    things.seen.update(match.group() for match in ID.finditer(response.content.decode(errors="ignore")))


@schemathesis.check
def other_organisations_are_closed(context, response, case):
    """What an administrator got or did with ids is asked again by one of another organisation, who gets and does nothing."""
    named = [value for value in case.path_parameters.values() if isinstance(value, str) and ID.fullmatch(value)]
    sent = response.request
    mine = sent.headers.get("Authorization") == f"Bearer {things.token}"
    name = case.operation.definition.raw["operationId"]
    meant = case.method.lower() == case.operation.method.lower()
    if not (named and mine and meant and response.status_code < 300) or probes[name] >= PROBES:
        return
    probes[name] += 1
    headers = {**sent.headers, "Authorization": f"Bearer {world['stranger_token']}"}
    answer = httpx.request(sent.method, sent.url, headers=headers, content=sent.body, timeout=60)
    # What else is wrong for a stranger may be said first.
    assert answer.status_code in (403, 404, 422), f"another organisation's administrator was answered {answer.status_code}"


@schemathesis.hook
def filter_failure(context, failure, case, response):
    if type(failure).__name__ != "RejectedPositiveData" or response.status_code != 422:
        return True
    return not is_of_the_moment(case.operation.definition.raw["operationId"], response.json())
