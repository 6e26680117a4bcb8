"""What a model wrote leaves only if its figures, names, quotations and strength stand in what it cites."""

from typing import NamedTuple

import pytest

from ingest.register import Register
from ingest.vocabulary import Card, Kind, Role, SourceOrganisation
from service.checking import Cited, refusal
from service.figures import figures_in
from service.strength import changed_strength

REGISTER = Register.load()


def card(title: str, kind: Kind, **organisations: Role) -> Card:
    sources = (SourceOrganisation(slug=slug.replace("_", "-"), role=role) for slug, role in organisations.items())
    return Card(id="a-document", title=title, kind=kind, organisations=tuple(sources))


SEMINAR = card("Listening seminar", Kind.SEMINAR_OUTPUT)
PROFILE = card("Engagement in Durham", Kind.PROFILE, durham=Role.REPORTED_ON)
STRATEGY = card("Engagement strategy", Kind.ENGAGEMENT_STRATEGY, durham=Role.AUTHOR)
INSPECTION = card("Inspection", Kind.INSPECTION, hmicfrs=Role.AUTHOR, durham=Role.REPORTED_ON)


class Case(NamedTuple):
    cited: str
    statement: str
    card: Card = SEMINAR


COUNTS = "Representatives from 8 police forces, 1 police charity and 3 universities took part on 7 th January 2016."
SHOULD = "Police engagement should not be confined to particular wards of the town."
HEDGED = "Listening events may reduce some complaints, and officers should explain what was done."
COSTS = "Turnout rose by 8.5% to 1,240 people in 2016–18 and cost £3.2 million."
PLAN = "The team will publish a plan for rural areas in May 2021."
NEED = "Residents need to be heard on patrols, according to the forces that took part."
HELD = "Durham Constabulary holds a meeting for young people every month."
SAID = "Durham Constabulary said that young people are asked every month."
LISTED = "Reasons for engaging included: To build trust, confidence and legitimacy"
LED = "A panel of residents led by the council questions officers about searches."

HONEST = {
    "the sentence itself": Case(COUNTS, COUNTS),
    "figures in words": Case(COUNTS, "Eight police forces and three universities took part in January 2016."),
    "fewer figures": Case(COUNTS, "Representatives of three universities took part."),
    "a figure that counts nothing": Case(
        SHOULD, "Engagement should not be confined to one or another ward of the town."
    ),
    "per cent": Case(COSTS, "Turnout rose by 8.5 per cent."),
    "thousands and millions": Case(COSTS, "It cost £3.2m and turnout rose to 1240 people between 2016 and 2018."),
    "should kept": Case(SHOULD, "Engagement should not be confined to some wards of the town."),
    "ought for should": Case(SHOULD, "Engagement ought not to be confined to particular wards."),
    "hedge kept": Case(HEDGED, "Listening events may reduce complaints."),
    "hedge added": Case(HELD, "It may be that Durham Constabulary holds a meeting for young people every month."),
    "modal of another clause left out": Case(HEDGED, "Complaints might be reduced through listening events."),
    "May the month": Case(PLAN, "In May 2021 the team will publish a plan."),
    "need kept": Case(NEED, "Residents need to be heard on patrols."),
    "not only is no negation": Case(LISTED, "Engaging is not only a way to build trust but also legitimacy."),
    "lead-in with item": Case(LISTED, "One of the reasons for engaging is to build trust and confidence."),
    "author speaks": Case(HELD, "Durham Constabulary says that it holds a meeting every month.", STRATEGY),
    "inspector speaks": Case(HELD, "According to HMICFRS, a meeting is held every month.", INSPECTION),
    "body that is let speak": Case(SAID, "Durham Constabulary said that young people are asked every month.", PROFILE),
    "body that is only described": Case(HELD, "Durham Constabulary holds a meeting for young people.", PROFILE),
    "source organisation not in the sentence": Case(
        "A meeting is held every month.", "Durham Constabulary holds a meeting every month.", PROFILE
    ),
    "quotation": Case(
        SHOULD, "Participants said that engagement “should not be confined to particular wards”.", SEMINAR
    ),
    "short quotation": Case(LISTED, "Engaging is said to build 'trust' and ‘confidence’."),
    "apostrophes are no quotation": Case(
        HEDGED, "Officers should explain what was done at residents' and shopkeepers' requests."
    ),
    "possessive name": Case(HELD, "Durham Constabulary’s meeting for young people is held every month."),
    "title's words": Case(LED, "At the Listening seminar, a panel of residents was described."),
}

ALTERED = {
    "digit changed": Case(COUNTS, "Representatives from 18 police forces took part."),
    "figure in words changed": Case(COUNTS, "Nine police forces took part."),
    "figures swapped": Case(COUNTS, "Representatives from 3 police forces and 8 universities took part."),
    "year changed": Case(COUNTS, "Representatives of 8 police forces took part on 7 January 2017."),
    "figure added": Case(SHOULD, "Police engagement should not be confined to 2 wards of the town."),
    "one added": Case(SHOULD, "Police engagement should not be confined to particular wards of one town."),
    "ordinal changed": Case("The second year brought more visits.", "The third year brought more visits."),
    "per cent lost": Case(COSTS, "Turnout rose by 8.5 to 1,240 people."),
    "decimal lost": Case(COSTS, "Turnout rose by 85%."),
    "million lost": Case(COSTS, "It cost £3.2."),
    "pound lost": Case(COSTS, "It cost 3.2 million people."),
    "a half made up": Case(LISTED, "Half of the reasons for engaging build trust."),
    "not lost": Case(SHOULD, "Police engagement should be confined to particular wards of the town."),
    "not lost in other words": Case(SHOULD, "It was said that engagement should be confined to sections."),
    "not added": Case(HELD, "Durham Constabulary does not hold a meeting for young people every month."),
    "never added": Case(LED, "A panel of residents never questions officers about searches."),
    "without added": Case(LED, "A panel of residents questions officers without the council."),
    "should to must": Case(SHOULD, "Police engagement must not be confined to particular wards of the town."),
    "should to has to": Case(HEDGED, "Officers have to explain what was done."),
    "should lost": Case(HEDGED, "Officers explain what was done."),
    "should added": Case(LED, "A panel of residents should question officers about searches."),
    "may lost": Case(HEDGED, "Listening events reduce complaints."),
    "need lost": Case(NEED, "The public are involved in policing."),
    "plan made fact": Case(PLAN, "The team publishes a plan for rural areas."),
    "fact made promise": Case(LED, "A panel of residents will question officers about searches."),
    "all added": Case(HEDGED, "Listening events may reduce all complaints."),
    "most added": Case(LED, "Most panels of residents question officers about searches."),
    "only added": Case(LED, "Only a panel of residents questions officers about searches."),
    "hedge dropped in a close match": Case(
        "Residents are generally told of the outcome in writing.", "Residents are told of the outcome in writing."
    ),
    "force made up": Case(COUNTS, "Cheshire Constabulary and seven other police forces took part."),
    "bare place made a force": Case(COUNTS, "Cleveland was among the 8 police forces that took part."),
    "body reported on made to speak": Case(
        "A meeting is held every month.", "Durham Constabulary says that a meeting is held every month.", PROFILE
    ),
    "body described made to speak": Case(HELD, "Durham Constabulary believes in a meeting every month.", PROFILE),
    "according to a body described": Case(HELD, "According to Durham Constabulary, it holds a meeting.", PROFILE),
    "view of a body described": Case(HELD, "Durham Constabulary’s position is a meeting every month.", INSPECTION),
    "seminar made a force's view": Case(SHOULD, "Durham says engagement should not be confined to some wards."),
    "person made up": Case(LED, "Alex Sample said that a panel of residents questions officers."),
    "place made up": Case(LED, "A panel of residents in Ambridge questions officers about searches."),
    "quotation altered": Case(SHOULD, "They said that it “should never be confined to particular wards”."),
    "quotation made up": Case(LED, 'A panel of residents is "a lively and welcome check" on officers.'),
    "word of a quotation cut": Case(LISTED, "Engaging is said to build ‘legitim’."),
    "quotation without an end": Case(SHOULD, "They said that it “should not be confined to particular wards."),
    "nothing to do with it": Case(LED, "Listening events bring trust and confidence to neighbourhood teams."),
    "too long": Case(LED, "A panel of residents questions officers about searches. " * 12),
}


@pytest.mark.parametrize("case", HONEST.values(), ids=HONEST.keys())
def test_an_honest_statement_may_leave(case: Case) -> None:
    assert refusal(case.statement, [Cited(case.cited, case.card)], REGISTER) is None


@pytest.mark.parametrize("case", ALTERED.values(), ids=ALTERED.keys())
def test_an_altered_statement_is_refused_with_a_reason(case: Case) -> None:
    reason = refusal(case.statement, [Cited(case.cited, case.card)], REGISTER)
    assert reason
    assert reason.startswith(("it", "a quotation"))


def test_a_statement_that_cites_nothing_is_refused() -> None:
    assert refusal("Trust matters.", [], REGISTER) == "it cites nothing"


def test_a_statement_may_draw_on_several_sentences() -> None:
    cited = [Cited(COUNTS, SEMINAR), Cited(SHOULD, SEMINAR)]
    statement = "Representatives of 8 police forces took part; engagement should not be confined to particular wards."
    assert refusal(statement, cited, REGISTER) is None
    assert refusal(statement.replace("should", "must"), cited, REGISTER) == "it adds 'must'"


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("8 forces, eight forces, the 8th force, the eighth force", ["8", "8", "8", "8"]),
        ("twenty-five of 1,240 people", ["25", "1240"]),
        ("£3.2m, £3.2 million and £3,200,000", ["£3200000", "£3200000", "£3200000"]),
        ("8.50%, 8.5 per cent and 8.5", ["8.5%", "8.5%", "8.5"]),
        ("2016–18, 2016-2018", ["2016", "2018", "2016", "2018"]),
        ("no one, one of them, one good reason, one or two", ["2"]),
        ("First, twice as many; half of them", ["twice", "half"]),
    ],
)
def test_figures_are_compared_by_value(text: str, values: list[str]) -> None:
    assert [figure.value for figure in figures_in(text)] == values


def test_what_was_changed_is_named() -> None:
    assert changed_strength("Officers must explain.", ["Officers should explain."]) == "it adds 'must'"
    assert changed_strength("Officers explain.", ["Officers should explain."]) == "it loses 'should'"
    assert changed_strength("Officers should explain.", ["Officers should not explain."]) == "it loses 'not'"
    assert changed_strength("Officers ought to explain.", ["Officers should explain."]) is None
