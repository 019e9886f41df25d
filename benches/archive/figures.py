"""The made-up figures of an agency, in balance within each year and from one year to the next."""

COLUMNS = "natural_person enterprise research public_interest legal_service other_organization".split()
# How many requests come from applicants of each column, for one of a natural person.
WEIGHTS = [1, 0.3, 0.02, 0.02, 0.05, 0.03]
# The groups of outcomes as prose names them, and the share of what was concluded that a row has at most.
# 予以公开 takes what is left.
OUTCOMES = {
    "部分公开": {"partly_granted": 0.2},
    "不予公开": {
        "state_secret": 0.01, "prohibited_by_law": 0.02, "endangers_security": 0.01,
        "third_party_rights": 0.06, "internal_affairs": 0.06, "deliberative": 0.06,
        "case_files": 0.06, "administrative_inquiry": 0.08,
    },
    "无法提供": {"not_held": 0.4, "needs_creation": 0.1, "still_unclear": 0.05},
    "不予处理": {
        "petition": 0.08, "repeat": 0.08, "publication": 0.01, "excessive": 0.01, "reconfirmation": 0.01,
    },
    "其他处理": {"not_corrected": 0.1, "fee_unpaid": 0.01, "other_outcome": 0.1},
}
DISPUTES = "reconsideration direct_litigation litigation_after_reconsideration".split()
RESULTS = "upheld corrected other pending".split()


def history(random, years, large):
    """The figures of each year; what one year leaves is what the next begins with."""
    size = random.randint(80, 900) if large else random.randint(2, 24)
    left = [random.randint(0, int(size * weight / 20)) for weight in WEIGHTS]
    in_force = [random.randint(0, 6) if large else 0, random.randint(2, 60)]
    for year in years:
        rules = []
        for i, most in enumerate([2 if in_force[0] else 0, 9]):
            issued, repealed = random.randint(0, most), random.randint(0, min(2, in_force[i]))
            in_force[i] += issued - repealed
            rules.append((issued, repealed, in_force[i]))
        requests = balanced(random, size, left)
        left = requests["carried_out"]
        rare = lambda: random.randint(0, size // 60 + (random.random() < 0.1))
        yield {
            "year": year,
            "rules": rules,
            "decisions": [random.randint(0, size * 30) for _ in range(3)],
            "fees": f"{random.randint(1, size * 90_000) / 100:.2f}" if random.random() < 0.4 else "0",
            "requests": requests,
            "disputes": {key: [rare() for _ in RESULTS] for key in DISPUTES},
        }


def balanced(random, size, carried_in):
    """The rows of the table of requests in the order of the form, each by column and without its total."""
    received = [random.randint(int(size * weight / 2), int(size * weight * 1.5)) for weight in WEIGHTS]
    held = [new + old for new, old in zip(received, carried_in)]
    carried_out = [random.randint(0, (n + 9) // 20) for n in held]
    concluded = [n - left for n, left in zip(held, carried_out)]
    granted = concluded
    outcomes = {}
    for key, share in (item for rows in OUTCOMES.values() for item in rows.items()):
        wanted = [int(n * share * random.random() + random.random() * 0.6) for n in concluded]
        outcomes[key] = [min(n, rest) for n, rest in zip(wanted, granted)]
        granted = [rest - n for rest, n in zip(granted, outcomes[key])]
    first = {"received": received, "carried_in": carried_in, "granted": granted}
    return first | outcomes | {"concluded": concluded, "carried_out": carried_out}
