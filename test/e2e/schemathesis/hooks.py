"""Drops the failures that explained.json explains, and counts them: one JSON object, number by explanation.

An explanation names a class of failures and narrows it: `operations` and `at` (pointer, parameter or header of a
mistake) by regular expressions, `codes` by those of the problem document, `phase` by that of the run, `only` by
attributes of the failure.
"""

import atexit
import base64
import hmac
import json
import os
import pathlib
import re
import time
import uuid
import zlib
from collections import Counter

import requests
import schemathesis

explanations = json.loads(pathlib.Path(__file__).with_name("explained.json").read_text("utf-8"))
counts = Counter()

# By path: the parameters of what the project has.
known = json.loads(os.environ.get("KNOWN", "{}"))


def covers(explanation, failure, case):
    """Whether the explanation speaks of this kind of failure at all."""
    return (
        explanation["failure"] == type(failure).__name__
        and re.search(explanation.get("operations", ""), case.operation.label)
        and explanation.get("phase", case.meta.phase.name.value).lower() == case.meta.phase.name.value.lower()
        and all(getattr(failure, name) == value for name, value in explanation.get("only", {}).items())
    )


def explains(explanation, mistake):
    """Whether it speaks of this mistake, one of those in a problem document."""
    place = mistake.get("pointer") or mistake.get("parameter") or mistake.get("header") or ""
    codes = explanation.get("codes")
    return codes is None or (mistake.get("code") in codes and re.search(explanation.get("at", ""), place))


def mistakes_of(response):
    """What the problem document lists, or itself; one empty mistake for any other answer."""
    kind = response.headers.get("content-type", [""])[0]
    if not kind.startswith("application/problem+json") or not response.content:
        return [{}]
    problem = response.json()
    return problem.get("errors") or [problem]


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """A failure is dropped when each of its mistakes is explained."""
    known = [(number, each) for number, each in enumerate(explanations) if covers(each, failure, case)]
    used = set()
    for mistake in mistakes_of(response):
        number = next((number for number, each in known if explains(each, mistake)), None)
        if number is None:
            return True
        used.add(number)
    counts.update(used)
    return False


def signature(name, body):
    """The headers that make a delivery one of a sender who knows the secret."""
    identifier = str(uuid.uuid4())
    if name == "push":
        digest = hmac.new(os.environ["WEBHOOK_PUSH_SECRET"].encode(), body, "sha256").hexdigest()
        return {"X-GitHub-Delivery": identifier, "X-Hub-Signature-256": f"sha256={digest}"}
    key = base64.b64decode(os.environ["WEBHOOK_DEPLOY_SECRET"].removeprefix("whsec_"))
    stamp = str(int(time.time()))
    digest = hmac.new(key, f"{identifier}.{stamp}.".encode() + body, "sha256").digest()
    return {
        "webhook-id": identifier,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    """What nobody can guess is, every second time, something that exists."""
    choices = known.get(context.operation.path)
    number = zlib.crc32(str(path_parameters).encode())
    if not choices or not path_parameters or number % 2:
        return path_parameters
    return {**path_parameters, **choices[number // 2 % len(choices)]}


@schemathesis.hook
def before_call(context, case, kwargs):
    """Signs deliveries as their senders would; the coverage phase brings signatures of its own, all of them wrong."""
    if case.operation.path != "/webhooks/{name}" or case.method.upper() != "POST":
        return
    if case.meta is None or case.meta.phase.name.value.lower() == "coverage":
        return
    sent = requests.Request(**case.as_transport_kwargs(base_url="http://127.0.0.1")).prepare()
    body = sent.body.encode() if isinstance(sent.body, str) else sent.body or b""
    case.headers.update(signature(case.path_parameters["name"], body))


@atexit.register
def report():
    pathlib.Path(os.environ["EXPLAINED_COUNTS"]).write_text(json.dumps(counts), "utf-8")
