"""Fills a host with something to ask for, and lets schemathesis ask.

    run.py URL EMAIL STRANGER PASSWORD [what `schemathesis run` takes]

EMAIL and STRANGER are administrators of two organisations, with the same password.
What was asked and answered is left in the working folder as `events-*.ndjson`.
"""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import httpx

from report import Report
from things import Things

FOLDER = Path(__file__).parent


def fill(url, email, stranger, password):
    """Puts one of everything into the host."""
    things = Things.signed_in(url, email, password)
    practice, site, api = things.inbox(), things.inbox("widget"), things.api_inbox()
    platform = things.platform()
    bot = things.plugin("order-bot")["id"]
    said = things.conversation(practice)
    conversation = things.ask("GET", f"/api/v1/conversations/{said['conversation_id']}")
    visitor_token = things.visitor(site)
    visiting = things.ask("GET", f"/api/v1/conversations?inbox_id={site}")["items"][0]
    me = things.ask("GET", "/api/v1/me")["operator"]["id"]
    lasting = {
        "auto": things.automation(),
        "conv": conversation["id"],
        "cust": conversation["customer"]["id"],
        "file": things.file(),
        "inb": practice,
        "key": things.api_key(),
        "msg": said["message_id"],
        "op": things.operator(),
        "phr": things.phrase(),
        "tag": things.tag(),
        "role": things.role(),
        "view": things.view(),
        "quar": things.quarantined(platform),
    }
    kept = [practice, site, api, platform, bot, me, visiting["id"], visiting["customer"]["id"], *lasting.values()]
    return {
        "url": url,
        "access_token": things.token,
        "stranger_token": Things.signed_in(url, stranger, password).token,
        "visitor_token": visitor_token,
        "practice": practice,
        "site": site,
        "api": api,
        "platform": platform,
        "bot": bot,
        "attachment": things.attachment(api),
        "visitor_file": things.visitor_file(site, visitor_token),
        "lasting": lasting,
        "kept": kept,
        "seen": sorted(things.seen),
    }


SETTINGS = FOLDER / "schemathesis.toml"
# Hypothesis gives a search up where a scenario that is begun again is answered in another way, and says nothing: then it is begun
# anew with the next seed, until there were so many scenarios.
SCENARIOS = 50
ROUNDS = 8
# Operations of which no request can be taken here, each for its reason.
OUT_OF_REACH = {
    # An upgrade is no request that schemathesis can make; host/tests/it/ws.rs says what is said there.
    "GET /api/v1/ws",
    "GET /widget/v1/{inbox_id}/ws",
    # The host has its first administrator.
    "POST /api/v1/setup",
    # Links that the host seals for platforms; no answer has one.
    "GET /shared/{tenant}/{file}/{expires}/{seal}/{name}",
    # The API channel asks for no confirmation, and sets its webhook up by itself; others would have to reach their platform.
    "GET /webhooks/{inbox_id}",
    # No channel that is built in has one app for many accounts.
    "GET /webhooks/apps/{kind}/{app}",
    "POST /webhooks/apps/{kind}/{app}",
    "POST /api/v1/inboxes/{id}/webhook",
    "DELETE /api/v1/inboxes/{id}/webhook",
    # There is one version of each plugin.
    "POST /api/v1/plugins/{id}/rollback",
    # Nothing that was sent here can fail.
    "POST /api/v1/messages/{id}/retry",
}


def main():
    url, *who, password = sys.argv[1:5]
    more = sys.argv[5:]
    schemathesis = Schemathesis(url, fill(url, *who, password))
    if more:
        schemathesis.run(*more)
        print(f"\n{schemathesis.report}")
        sys.exit(schemathesis.failed)
    schemathesis.run("--phases", "examples,coverage,fuzzing")
    seed = tomllib.loads(SETTINGS.read_text())["seed"]
    for round in range(ROUNDS):
        schemathesis.run("--phases", "stateful", "--seed", str(seed + round))
        if schemathesis.failed or schemathesis.report.scenarios["stateful"] >= SCENARIOS:
            break
    print(f"\n{schemathesis.report}")
    missing = list(gaps(schemathesis.report, operations(url)))
    for gap in missing:
        print(gap)
    sys.exit(schemathesis.failed or bool(missing))


class Schemathesis:
    """Runs against one host, and all that was asked and answered."""

    def __init__(self, url, world):
        self.failed = False
        self.report = Report()
        self._arguments = [f"{url}/api/openapi.json", "--url", url]
        self._environment = {
            **os.environ,
            "PYTHONPATH": str(FOLDER),
            "OMNICHAT_FUZZING": str(FOLDER),
            "OMNICHAT_ACCESS_TOKEN": world["access_token"],
            "OMNICHAT_VISITOR_TOKEN": world["visitor_token"],
            "OMNICHAT_WORLD": json.dumps(world),
        }
        self._runs = 0

    def run(self, *options):
        self._runs += 1
        events = f"events-{self._runs}.ndjson"
        program = Path(sys.executable).with_name("schemathesis")
        command = [program, "--config-file", SETTINGS, "run", *self._arguments]
        command += ["--report", "ndjson", "--report-ndjson-path", events, *options]
        sys.stdout.flush()
        ended = subprocess.run(command, env=self._environment, check=False)
        self.failed |= ended.returncode != 0
        self.report.read(events)


def gaps(report, operations):
    """What has to have been seen and was not."""
    for operation in sorted(report.missed(operations) - OUT_OF_REACH):
        yield f"{operation} took no request: nothing is known of what it does with a right one"
    if report.scenarios["stateful"] < SCENARIOS:
        yield f"there were fewer than {SCENARIOS} scenarios"


def operations(url):
    paths = httpx.get(f"{url}/api/openapi.json").json()["paths"]
    return {f"{method.upper()} {path}" for path, item in paths.items() for method in item}


main()
