"""Uses a client that openapi-python-client made of the document: every module must load, and calls must work.

    client.py URL EMAIL PASSWORD, with the client's folder in PYTHONPATH
"""

import importlib
import pkgutil
import sys

import omni_chat_client as package
from omni_chat_client import AuthenticatedClient, Client
from omni_chat_client.api.conversations import list_conversations
from omni_chat_client.api.me import get_me, update_me
from omni_chat_client.api.sessions import sign_in
from omni_chat_client.models import ConversationStatus, MePatchIn, Problem, Session, SignInIn, Transport


def main():
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)
    url, email, password = sys.argv[1:]
    body = SignInIn(email=email, password=password, transport=Transport.BODY)
    session = sign_in.sync(client=Client(base_url=url), body=body)
    assert isinstance(session, Session), session
    client = AuthenticatedClient(base_url=url, token=session.access_token)
    me = get_me.sync(client=client)
    assert me.operator.email == email, me
    page = list_conversations.sync(client=client, status=[ConversationStatus.NEW], limit=1)
    assert page.items == [] and page.next_ is None, page
    problem = update_me.sync(client=client, body=MePatchIn(name=" "))
    assert isinstance(problem, Problem) and problem.errors[0].field == "name", problem


main()
