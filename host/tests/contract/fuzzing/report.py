"""What was asked and answered, read from the events that schemathesis writes down."""

import collections
import json


class Report:
    def __init__(self):
        self.scenarios = collections.Counter()
        # For each phase, how many requests were answered how: `2xx`, `4xx`.
        self.answers = collections.defaultdict(collections.Counter)
        # For each phase, the operations that took a request.
        self.took = collections.defaultdict(set)
        self.links = set()

    def read(self, file):
        with open(file, encoding="utf-8") as lines:
            for line in lines:
                event = json.loads(line)
                if "ScenarioFinished" in event:
                    self._scenario(event["ScenarioFinished"])

    def _scenario(self, scenario):
        phase, recorder = scenario["phase"], scenario["recorder"]
        if scenario["status"] != "skip":
            self.scenarios[phase] += 1
        answers = recorder.get("interactions", {})
        for key, case in recorder.get("cases", {}).items():
            request = case["value"]
            operation = f"{request['method']} {request['path']}"
            transition = case.get("transition")
            if transition:
                self.links.add(transition["id"])
            response = answers.get(key, {}).get("response")
            if response:
                self.answers[phase][f"{response['status_code'] // 100}xx"] += 1
                if response["status_code"] < 400 and not is_of_no_operation(request):
                    self.took[phase].add(operation)

    def missed(self, operations):
        """Those that refused everything."""
        return set(operations) - set().union(*self.took.values())

    def __str__(self):
        lines = []
        for phase, answers in self.answers.items():
            counts = ", ".join(f"{count} {status}" for status, count in sorted(answers.items()))
            lines.append(
                f"{phase}: {self.scenarios[phase]} scenarios, {answers.total()} requests ({counts}), "
                f"{len(self.took[phase])} operations took one"
            )
        lines.append(f"stateful: {len(self.links)} ways from one operation to another")
        return "\n".join(lines)


def is_of_no_operation(request):
    """A method that the document does not have there."""
    made_for = request.get("meta", {}).get("phase", {}).get("data", {})
    return made_for.get("scenario") == "unspecified_http_method"
