"""Drops the failures that explained.json explains, and counts them: one JSON object, number by explanation.

An explanation names a class of failures and narrows it: `operations` and `at` (pointer, parameter or header of a
mistake) by regular expressions, `codes` by those of the problem document, `phase` by that of the run, `only` by
attributes of the failure.
"""

import atexit
import json
import os
import pathlib
import re
from collections import Counter

import schemathesis

explanations = json.loads(pathlib.Path(__file__).with_name("explained.json").read_text("utf-8"))
counts = Counter()


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


@atexit.register
def report():
    pathlib.Path(os.environ["EXPLAINED_COUNTS"]).write_text(json.dumps(counts), "utf-8")
