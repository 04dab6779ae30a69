"""Why we think so: what each rule found, said to the client. Which rules there are, their areas say; here are their words.

`{n}` is the figure. `none` is said of nought, `one` of one, `whole` of all of a hundred, and `empty` where there was nothing
to measure by, which is a finding too.
"""

from dataclasses import dataclass
from decimal import Decimal

from crm.core.words import amount, half_up


@dataclass(frozen=True)
class Reason:
    """What one rule says to the client."""

    many: str
    none: str = ""
    one: str = ""
    whole: str = ""
    empty: str = ""
    # of what somebody may do or thinks: among few people that names them, so sponsors alone are told
    of_persons: bool = False
    # it turns on what is said of people behind their backs: the rows behind it would tell of whom
    unnamed: bool = False

    def say(self, value: Decimal | None) -> str:
        if value is None:
            return self.empty
        special = {Decimal(0): self.none, Decimal(1): self.one, Decimal(100): self.whole}
        return special.get(value) or self.many.replace("{n}", amount(half_up(value, 1)))


REASONS: dict[str, Reason] = {
    # where technology takes the business
    "STR-R1": Reason("{n} % of the changes under way or agreed serve none of your business goals.",
                     none="Every change under way or agreed serves one of your business goals.",
                     empty="No change is written down that is under way or agreed, so none serves your goals yet."),
    "STR-R2": Reason("{n} % of the changes under way are past the day first agreed, or have no such day.",
                     none="Every change under way is within the day first agreed."),
    "STR-R3": Reason("Of {n} % of the changes under way we have heard nothing new for 45 days.",
                     none="Of every change under way we have heard in the last 45 days."),
    "STR-R4": Reason("{n} % of the changes say too little about people, ways of working, plan and technology.",
                     none="Every change says what it means for people, ways of working, plan and technology."),
    "STR-R5": Reason("{n} changes have nobody who drives them, or nobody of yours who stands behind them.",
                     one="One change has nobody who drives it, or nobody of yours who stands behind it.",
                     none="Every change has somebody who drives it and somebody of yours who stands behind it.",
                     empty="No change lacks somebody who drives it."),
    "STR-R6": Reason("{n} % of your open business goals are behind.", none="None of your open business goals is behind.",
                     empty="None of your business goals that are still open is written down yet."),
    # systems and support that work every day
    "ITM-R1": Reason("{n} of the services that you cannot do without worked less than was agreed.",
                     one="One of the services that you cannot do without worked less than was agreed.",
                     none="The services that you cannot do without worked as agreed.", empty="No service fell short of what was agreed."),
    "ITM-R2": Reason("{n} important services have lost their maker’s support, or lose it within half a year, and nothing is planned.",
                     one="One important service has lost its maker’s support, or loses it within half a year, and nothing is planned.",
                     none="No important service loses its maker’s support without a plan.", empty="No important service is without support."),
    "ITM-R3": Reason("{n} % of the services have nobody in the business who answers for them.",
                     none="Every service has somebody in the business who answers for it.", empty="No service is written down yet."),
    "ITM-R4": Reason("{n} services are used that nobody looks after, or from people’s own devices without rules.",
                     one="One service is used that nobody looks after, or from people’s own devices without rules.",
                     none="Nothing is used that nobody looks after.", empty="Nothing is used that nobody looks after."),
    "ITM-R5": Reason("Your people give the services {n} of 5."),
    "ITM-R6": Reason("{n} % of the equipment in use is no longer supported by its maker.",
                     none="All equipment in use is still supported by its maker."),
    # better ways of working
    "DXT-R1": Reason("For {n} % of the improvements under way nobody knows the figure before.",
                     none="For every improvement under way the figure before is known."),
    "DXT-R2": Reason("{n} % of the improvements being made are past their day, or have none.",
                     none="Every improvement being made is within its day."),
    "DXT-R3": Reason("{n} improvements are in use and nobody has checked what they are worth, though the day has passed.",
                     one="One improvement is in use and nobody has checked what it is worth, though the day has passed.",
                     none="What the improvements in use are worth was checked in time.", empty="No check of what an improvement is worth is late."),
    "DXT-R4": Reason("The finished improvements brought {n} % of what was expected of them.",
                     whole="The finished improvements brought all that was expected of them.", none="The finished improvements brought nothing yet."),
    "DXT-R5": Reason("{n} improvements have nobody in the business who answers for them.",
                     one="One improvement has nobody in the business who answers for it.",
                     none="Every improvement has somebody in the business who answers for it.", empty="No improvement is without somebody who answers for it."),
    "DXT-R6": Reason("{n} improvements are under way or in use.", one="One improvement is under way or in use.",
                     none="No improvement is under way or in use.", empty="No improvement is written down yet."),
    # protection against attack and loss
    "SEC-R1": Reason("{n} protections that are a must are not fully in place.", one="One protection that is a must is not fully in place.",
                     none="Every protection that is a must is in place.", empty="It is not written down yet which protections are a must."),
    "SEC-R2": Reason("{n} % of the protections that concern you are fully in place.", whole="All protections that concern you are in place.",
                     none="None of the protections that concern you is fully in place.", empty="No protection is written down yet."),
    "SEC-R3": Reason("For {n} % of the protections in place there is proof.", whole="For every protection in place there is proof.",
                     none="For none of the protections in place there is proof.", empty="No protection is in place that could be proved."),
    "SEC-R4": Reason("{n} % of the protections in place should have been tried again by now.",
                     none="Every protection in place was tried in time."),
    "SEC-R5": Reason("{n} serious attacks or losses are not settled.", one="One serious attack or loss is not settled.",
                     none="No serious attack or loss is open.", empty="No serious attack or loss is open."),
    "SEC-R6": Reason("From {n} events of the last half year nothing was learned yet.", one="From one event of the last half year nothing was learned yet.",
                     none="From every event of the last half year something was learned.", empty="No event of the last half year waits for its lesson."),
    # what technology costs and earns
    "BUD-R1": Reason("By the end of the year technology will have cost {n} % of what was planned.",
                     whole="By the end of the year technology will have cost just what was planned.",
                     empty="Nobody has said yet what technology will cost this year."),
    "BUD-R2": Reason("{n} lines of the plan will cost over 15 % more than agreed.", one="One line of the plan will cost over 15 % more than agreed.",
                     none="No line of the plan will cost much more than agreed.", empty="No line of the plan will cost much more than agreed."),
    "BUD-R3": Reason("For {n} % of the lines nobody has said for 45 days how they stand.", none="How every line stands was said in the last 45 days."),
    "BUD-R4": Reason("{n} lines have nobody who answers for them, or are spent without a yes.",
                     one="One line has nobody who answers for it, or is spent without a yes.",
                     none="Every line has somebody who answers for it, and a yes.", empty="No line is spent without a yes."),
    "BUD-R5": Reason("{n} % of the agreed savings came in.", whole="All agreed savings came in.", none="None of the agreed savings came in yet."),
    "BUD-R6": Reason("So far {n} % of what was planned for these months was spent.", whole="So far just what was planned was spent."),
    # suppliers and contracts
    "VEN-R1": Reason("{n} contracts have passed their day to speak by, and nothing was decided.",
                     one="One contract has passed its day to speak by, and nothing was decided.",
                     none="No contract has passed its day to speak by without a decision.", empty="No contract has passed its day to speak by."),
    "VEN-R2": Reason("{n} contracts need a decision within 60 days.", one="One contract needs a decision within 60 days.",
                     none="No contract needs a decision within 60 days.", empty="No contract needs a decision within 60 days."),
    "VEN-R3": Reason("{n} % of the contracts lack somebody who answers for them, an end, or the days of notice.",
                     none="Every contract has somebody who answers for it, an end and days of notice.", empty="No running contract is written down yet."),
    "VEN-R4": Reason("{n} of the suppliers that matter most were not talked to in time about how it goes.",
                     one="One of the suppliers that matter most was not talked to in time about how it goes.",
                     none="The suppliers that matter most were talked to in time.", empty="No talk with a supplier that matters most is late."),
    "VEN-R5": Reason("{n} suppliers hold data about people, or may do, and terms for that are not signed.",
                     one="One supplier holds data about people, or may do, and terms for that are not signed.",
                     none="Every supplier that holds data about people has signed terms for it.", empty="No supplier holds data about people without terms."),
    "VEN-R6": Reason("{n} of the suppliers that matter most deliver less than they promised, or are not liked.",
                     one="One of the suppliers that matter most delivers less than it promised, or is not liked.",
                     none="The suppliers that matter most deliver what they promised.", empty="No supplier that matters most falls short."),
    # people and skills
    "TAL-R1": Reason("{n} roles on which much hangs are empty, or have nobody who could step in.",
                     one="One role on which much hangs is empty, or has nobody who could step in.",
                     none="For every role on which much hangs somebody could step in.", empty="It is not written down yet on which roles much hangs."),
    "TAL-R2": Reason("{n} % of the people are well short of the skill that their role needs.", none="Nobody is far short of the skill that their role needs.", unnamed=True),
    "TAL-R3": Reason("{n} % of the people employed have an agreed plan to grow.", whole="Everybody employed has an agreed plan to grow.",
                     none="Nobody employed has an agreed plan to grow.", unnamed=True),
    "TAL-R4": Reason("{n} people employed had no talk of their own for 45 days.", one="One person employed had no talk of their own for 45 days.",
                     none="Everybody employed had a talk of their own in the last 45 days.", empty="Nobody employed waits for a talk of their own.", unnamed=True),
    "TAL-R5": Reason("In {n} roles on which much hangs somebody may leave.", one="In one role on which much hangs somebody may leave.",
                     none="In no role on which much hangs somebody is likely to leave.", empty="In no role on which much hangs somebody is likely to leave.",
                     of_persons=True, unnamed=True),
    "TAL-R6": Reason("{n} pairs of learner and mentor have not met for 45 days.", one="One pair of learner and mentor has not met for 45 days.",
                     none="Every pair of learner and mentor has met in the last 45 days."),
    # new ideas worth trying
    "INN-R1": Reason("{n} ideas have waited over 30 days for an answer.", one="One idea has waited over 30 days for an answer.",
                     none="No idea has waited over 30 days for an answer.", empty="No idea waits for an answer."),
    "INN-R2": Reason("{n} trials have run past their end, or have none, and nothing was decided.",
                     one="One trial has run past its end, or has none, and nothing was decided.",
                     none="No trial has run past its end without a decision.", empty="No trial has run past its end."),
    "INN-R3": Reason("The last idea was put forward {n} days ago.", one="The last idea was put forward yesterday.",
                     none="The last idea was put forward that day.", empty="No idea was put forward yet."),
    "INN-R4": Reason("{n} ideas were tried or taken up in the last half year.", one="One idea was tried or taken up in the last half year.",
                     none="No idea was tried or taken up in the last half year.", empty="No idea is written down yet."),
    "INN-R5": Reason("{n} % of last year’s ideas came from your other departments, not from technology.",
                     whole="All of last year’s ideas came from your other departments.", none="None of last year’s ideas came from your other departments."),
    "INN-R6": Reason("{n} trials have spent more than they may.", one="One trial has spent more than it may.",
                     none="No trial has spent more than it may.", empty="No trial has spent more than it may."),
    # figures you can trust
    "DAT-R1": Reason("{n} % of the data on which much hangs have nobody who answers for them.",
                     none="All data on which much hangs have somebody who answers for them.", empty="It is not written down yet on which data much hangs."),
    "DAT-R2": Reason("The data on which much hangs are good to {n} of 100.", empty="How good your most important data are was never measured."),
    "DAT-R3": Reason("For {n} sets of data about people it is not settled how long they are kept.",
                     one="For one set of data about people it is not settled how long it is kept.",
                     none="For all data about people it is settled how long they are kept.", empty="No data about people are kept without a rule."),
    "DAT-R4": Reason("{n} % of the data on which much hangs were not checked for 120 days.",
                     none="All data on which much hangs were checked in the last 120 days."),
    "DAT-R5": Reason("The first of the figures that your departments watch reaches its limit in {n} months, and nothing is planned for that.",
                     one="The first of the figures that your departments watch reaches its limit in a month, and nothing is planned for that.",
                     none="One of the figures that your departments watch has reached its limit, and nothing is planned for that."),
    "DAT-R6": Reason("{n} departments told us their figures in the last 45 days.", one="One department told us its figures in the last 45 days.",
                     none="No department told us its figures in the last 45 days.", empty="No department tells us its figures yet."),
    # laws, contracts and rules
    "CMP-R1": Reason("{n} rules are not kept whose breach would do great harm.", one="One rule is not kept whose breach would do great harm.",
                     none="No rule whose breach would do great harm is broken.", empty="No rule whose breach would do great harm is broken."),
    "CMP-R2": Reason("Whether {n} % of the rules are kept was never looked at.", none="For every rule it was looked at whether it is kept.",
                     empty="No rule that you must keep is written down yet."),
    "CMP-R3": Reason("{n} rules should have been checked again by now.", one="One rule should have been checked again by now.",
                     none="Every rule was checked in time.", empty="No check of a rule is late."),
    "CMP-R4": Reason("{n} % of the rules have somebody who answers for them.", whole="Every rule has somebody who answers for it.",
                     none="No rule has somebody who answers for it."),
    "CMP-R5": Reason("{n} of your own policies are older than a year, or nobody has approved them.",
                     one="One of your own policies is older than a year, or nobody has approved it.",
                     none="All of your own policies were approved within a year.", empty="None of your own policies is out of date."),
    "CMP-R6": Reason("On {n} topics single departments have rules of their own.", one="On one topic single departments have rules of their own.",
                     none="All departments follow the same rules.", empty="All departments follow the same rules."),
    # promises kept to your departments
    "STK-R1": Reason("{n} % of the promises of the last half year were kept on time.", whole="All promises of the last half year were kept on time.",
                     none="None of the promises of the last half year was kept on time."),
    "STK-R2": Reason("{n} people with much influence have not heard from us in time.", one="One person with much influence has not heard from us in time.",
                     none="Everybody with much influence has heard from us in time.", empty="Nobody with much influence waits to hear from us.", unnamed=True),
    "STK-R3": Reason("Your people’s trust in technology stands at {n} of 5."),
    "STK-R4": Reason("For {n} people with doubts we have not said yet what we do next.", one="For one person with doubts we have not said yet what we do next.",
                     none="For everybody with doubts we know what we do next.", empty="For everybody with doubts we know what we do next.",
                     of_persons=True, unnamed=True),
    "STK-R5": Reason("{n} people trust us less than the time before.", one="One person trusts us less than the time before.",
                     none="Nobody trusts us less than the time before.", empty="Nobody trusts us less than the time before.", of_persons=True, unnamed=True),
    "STK-R6": Reason("{n} promises are over two weeks late.", one="One promise is over two weeks late.", none="No promise is over two weeks late.",
                     empty="No promise is over two weeks late."),
    # staying in business when something fails
    "BCD-R1": Reason("For {n} services your work depends on it is not agreed how fast they must be back and how much work may be lost.",
                     one="For one service your work depends on it is not agreed how fast it must be back and how much work may be lost.",
                     none="For every service your work depends on it is agreed how fast it must be back.",
                     empty="It is not written down yet which services your work depends on."),
    "BCD-R2": Reason("{n} services your work depends on have no copy that was tried.", one="One service your work depends on has no copy that was tried.",
                     none="Every service your work depends on has a copy that was tried.", empty="It is not written down yet which services need a copy."),
    "BCD-R3": Reason("For {n} % of the services your work depends on, bringing them back should have been rehearsed by now.",
                     none="Bringing back every service your work depends on was rehearsed in time.", empty="Nothing was rehearsed yet."),
    "BCD-R4": Reason("{n} services came back too slowly when tried, or may take longer than you can bear.",
                     one="One service came back too slowly when tried, or may take longer than you can bear.",
                     none="Every service came back in time when tried.", empty="No service came back too slowly."),
    "BCD-R5": Reason("{n} services have no copy out of an attacker’s reach.", one="One service has no copy out of an attacker’s reach.",
                     none="Every service has a copy out of an attacker’s reach.", empty="No service lacks a copy out of an attacker’s reach."),
    "BCD-R6": Reason("{n} % of the services were not brought back from a copy, as a test, for half a year.",
                     none="Every service was brought back from a copy, as a test, in the last half year.",
                     empty="No service was brought back from a copy as a test yet."),
    # in every area
    "X1": Reason("We last told you how this stands {n} days before.", one="We last told you how this stands a day before.",
                 none="We have just told you how this stands.", empty="We have not told you yet how this stands."),
    "X2": Reason("{n} documents of ours are late.", one="One document of ours is late.", none="None of our documents is late.",
                 empty="None of our documents is late."),
    "X3": Reason("For {n} great risks or problems nothing is being done.", one="For one great risk or problem nothing is being done.",
                 none="For every great risk or problem something is being done.", empty="No great risk or problem is left alone."),
    "X4": Reason("{n} tasks are over a week late.", one="One task is over a week late.", none="No task is over a week late.",
                 empty="No task is over a week late."),
    "X5": Reason("{n} decisions have waited past the day they were needed.", one="One decision has waited past the day it was needed.",
                 none="No decision has waited past the day it was needed.", empty="No decision waits."),
    "X6": Reason("Your board was last shown how this stands {n} days before.", one="Your board was last shown how this stands a day before.",
                 none="Your board was just shown how this stands.", empty="Your board was not shown yet how this stands."),
}  # fmt: skip
