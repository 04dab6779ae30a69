from tests.deliverables import conftest as deliverables

owe = deliverables.owe
