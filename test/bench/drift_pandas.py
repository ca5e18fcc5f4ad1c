"""Drift of two tables by pandas and SciPy, as one would write it: KS or chi-square, PSI, Jensen-Shannon, Wasserstein.

Takes a plan (JSON) that names files of raw numbers; prints JSON. Reading the files is not timed.
"""

import json
import sys
import time

import numpy as np
import pandas as pd
import scipy
from scipy.spatial.distance import jensenshannon
from scipy.stats import chi2_contingency, ks_2samp, wasserstein_distance

spent = {"ksOrChiSquare": 0.0, "psiAndJensenShannon": 0.0, "wasserstein": 0.0}


def timed(name, work):
    begun = time.perf_counter()
    result = work()
    spent[name] += time.perf_counter() - begun
    return result


def read(columns):
    series = {}
    for column in columns:
        if column["categories"] is None:
            series[column["name"]] = pd.Series(np.fromfile(column["file"], dtype=np.float64))
        else:
            codes = np.fromfile(column["file"], dtype=np.int32)
            series[column["name"]] = pd.Series(pd.Categorical.from_codes(codes, categories=column["categories"]))
    return pd.DataFrame(series)


def divergences(p, q):
    p = np.maximum(p / p.sum(), 1e-4)
    q = np.maximum(q / q.sum(), 1e-4)
    return float(((q - p) * np.log(q / p)).sum()), float(jensenshannon(p, q, base=2))


def numeric(name, a, b):
    ks = timed("ksOrChiSquare", lambda: ks_2samp(a, b, method="asymp"))

    def binned():
        edges = np.unique(np.quantile(a, np.linspace(0, 1, 11)[1:-1]))
        p = np.bincount(np.searchsorted(edges, a), minlength=len(edges) + 1)
        q = np.bincount(np.searchsorted(edges, b), minlength=len(edges) + 1)
        return divergences(p, q)

    psi, _ = timed("psiAndJensenShannon", binned)
    distance = timed("wasserstein", lambda: wasserstein_distance(a, b))
    return {"name": name, "statistic": float(ks.statistic), "psi": psi, "wasserstein": float(distance)}


def categorical(name, a, b):
    def counts():
        both = pd.concat([a.value_counts(), b.value_counts()], axis=1).fillna(0)
        return both[both.sum(axis=1) > 0].to_numpy().T

    table = timed("ksOrChiSquare", counts)
    test = timed("ksOrChiSquare", lambda: chi2_contingency(table, correction=False))
    psi, _ = timed("psiAndJensenShannon", lambda: divergences(table[0], table[1]))
    return {"name": name, "statistic": float(test[0]), "psi": psi, "wasserstein": None}


with open(sys.argv[1], encoding="utf-8") as plan_file:
    plan = json.load(plan_file)
reference, current = read(plan["reference"]), read(plan["current"])
features = []
for column in plan["reference"]:
    name = column["name"]
    compare = numeric if column["categories"] is None else categorical
    features.append(compare(name, reference[name], current[name]))
print(
    json.dumps(
        {
            "versions": {"pandas": pd.__version__, "scipy": scipy.__version__, "numpy": np.__version__},
            "seconds": sum(spent.values()),
            "secondsByMeasure": spent,
            "features": features,
        }
    )
)
