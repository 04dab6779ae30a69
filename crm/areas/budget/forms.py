from crm.areas.budget.models import BudgetCategory, Proof, SavingStatus, SavingType, Spending
from crm.core.forms import Day, Line, Sum, Tick
from crm.registers.forms import EntryForm, PartyForm, RowChoice, department, one_of, owner_fields


class BudgetLineForm(PartyForm):
    """What was agreed for a year, what is spent, and what it will be."""

    name = Line("Line", ask="Name the line, like Office licences")
    fiscal_year = Line("Year of the books", at_most=20, ask="Write the year of the books, like 2026/27")
    category = one_of("Category", BudgetCategory, "Choose a category")
    type = one_of("What the money does", Spending, "Choose what the money does")
    capex = Tick("It is an investment in the books")
    owner_party, owner_name = owner_fields()
    department = department()
    contract_id = RowChoice("Contract", "vendor_contract")
    annual_budget = Sum("Budget of the year", ask="Write the budget of the year, like 9500")
    ytd_budget = Sum("Budget so far")
    ytd_actual = Sum("Spent so far")
    forecast_full_year = Sum("Expected for the year")
    approved = Tick("It is approved")
    last_update = Day("Last update")


class SavingForm(EntryForm):
    """What shall be saved, by when, and how it is proven."""

    title = Line("Saving", ask="Name the saving, like Licences of leavers")
    type = one_of("Kind", SavingType, "Choose what kind of saving it is")
    status = one_of("Status", SavingStatus, "Choose a status", default=SavingStatus.IDEA)
    annual_target = Sum("To save in a year", ask="Write what shall be saved in a year, like 2400")
    annual_realised = Sum("Saved in a year")
    proof = one_of("Proof", Proof, "Choose what proves it", default=Proof.NONE)
    due = Day("Due")
    contract_id = RowChoice("Contract", "vendor_contract")
    department = department()
