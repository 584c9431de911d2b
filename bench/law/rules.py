"""The peers' rules: five insurances of one region, dated floors, ceilings and rates, ten amounts a person-month,
half up to the fen. The same code runs on OpenFisca and on PolicyEngine; ENGINE names the package."""
import importlib
import os

import numpy as np

ENGINE = os.environ.get("ENGINE", "openfisca_core")
module = lambda name: importlib.import_module(f"{ENGINE}.{name}")
build_entity = module("entities").build_entity
ParameterNode = module("parameters").ParameterNode
MONTH = module("periods").MONTH
TaxBenefitSystem = module("taxbenefitsystems").TaxBenefitSystem
Variable = module("variables").Variable
SimulationBuilder = module("simulations").SimulationBuilder

Person = build_entity(key="person", plural="persons", label="insured person", is_person=True)
Employer = build_entity(
    key="employer", plural="employers", label="employer",
    roles=[{"key": "employee", "plural": "employees", "label": "employees"}])

# Employer and employee of each insurance, per mille. Dates before 2024 are there so that parameters really are dated.
RATES = {"pension": (160, 80), "medical": (80, 20), "unemployment": (7, 3), "injury": (5, 0), "maternity": (7, 0)}
DATES = ["2022-01-01", "2023-01-01", "2024-01-01", "2025-01-01"]
FLOOR = [3361.0, 3500.0, 3604.0, 3755.0]
CEILING = [16806.0, 17500.0, 18021.0, 18777.0]
AMOUNTS = [f"{name}_{side}" for name in RATES for side in ("employer", "employee")]


def dated(values):
    return {"values": {date: {"value": value} for date, value in zip(DATES, values)}}


def parameters():
    data = {}
    for name, (employer, employee) in RATES.items():
        data[name] = {"floor": dated(FLOOR), "ceiling": dated(CEILING),
                      "employer": dated([employer / 1000] * 4), "employee": dated([employee / 1000] * 4)}
        data[name]["employer"]["values"]["2022-01-01"]["value"] = round(employer / 1000 + 0.001, 4)
    return ParameterNode("si", data=data)


class wage(Variable):
    value_type = float
    entity = Person
    definition_period = MONTH
    label = "declared monthly wage"


def three_arguments(formula):
    def wrapped(person, period, parameters):  # the engines count a formula's arguments
        return formula(person, period, parameters)
    return wrapped


def variables():
    found = [wage]
    for name in RATES:
        def base(person, period, parameters, name=name):
            law = getattr(parameters(period).si if ENGINE.startswith("policyengine") else parameters(period), name)
            return np.clip(person("wage", period), law.floor, law.ceiling)
        found.append(type(f"{name}_base", (Variable,), dict(
            value_type=float, entity=Person, definition_period=MONTH, label=f"{name} base", formula=three_arguments(base))))
        for side in ("employer", "employee"):
            def amount(person, period, parameters, name=name, side=side):
                law = getattr(parameters(period).si if ENGINE.startswith("policyengine") else parameters(period), name)
                return np.floor(person(f"{name}_base", period) * getattr(law, side) * 100 + 0.5) / 100
            found.append(type(f"{name}_{side}", (Variable,), dict(
                value_type=float, entity=Person, definition_period=MONTH, label=f"{name} {side}", formula=three_arguments(amount))))
    return found


class System(TaxBenefitSystem):
    def __init__(self):
        super().__init__([Person, Employer])
        node = parameters()
        if ENGINE.startswith("policyengine"):
            root = ParameterNode("", data={})
            root.add_child("si", node)
            self.parameters = root
        else:
            self.parameters = node
        for variable in variables():
            self.add_variable(variable)
