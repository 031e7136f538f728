"""The market model once more, in plain Python: one draw, scalars and dictionaries, nothing shared with ``sim``.

Written from the model's equations alone and before the kernels, so that a misreading there does not repeat itself here.
``run(inputs, quarters)`` takes a dictionary of the 94 inputs and returns nested lists in the order of the index sets.
"""

import math

BUYERS = ("alibaba_cloud", "alibaba_group", "baidu", "bytedance", "tencent", "qihoo360")
CHIPS = ("v100", "a100", "a800", "h800", "mlu370", "mlu590", "ppu", "ascend910", "dcu", "br100")
DOMESTIC = CHIPS[4:]
SPEEDS = (100, 200, 400)
LABS = ("alibaba", "baidu", "bytedance", "tencent")
ALIBABAS = ("alibaba_cloud", "alibaba_group")
FIRM = 24_000.0


def years(quarters):
    return range((quarters + 3) // 4)


def cloud(x, quarters):
    base = x["growth.cloud"] if x["cloud.reading_whole"] else x["growth.cloud_base"]
    span = max(quarters, 4)
    g = [x["growth.cloud"] * x["growth.persistence"] ** k for k in range(span // 4 + 1)]
    r = [base * x["growth.persistence"] ** k for k in range(span // 4 + 1)]

    def level(rate):
        return [math.exp(sum(math.log(1 + rate[s // 4]) / 4 for s in range(q + 1))) for q in range(span)]

    E, a = level(r), level(g)
    revenue = [x["cloud.revenue_2022"] * (1 + r[0]) * E[q] / sum(E[:4]) for q in range(quarters)]
    activity = [4 * a[q] / sum(a[:4]) for q in range(quarters)]
    return g, revenue, activity


def stock(x):
    held = {(b, c): 0.0 for b in BUYERS for c in CHIPS}
    at_cloud = x["stock.total"] / x["stock.group_multiple"]
    held["alibaba_cloud", "a100"] = at_cloud
    held["alibaba_group", "a100"] = x["stock.total"] - at_cloud
    held["bytedance", "a100"] = x["stock.total"] * x["stock.ratio_bytedance"]
    held["baidu", "a100"] = held["bytedance", "a100"] * x["stock.ratio_baidu"]
    held["tencent", "a100"] = held["baidu", "a100"] * x["stock.ratio_tencent"]
    held["alibaba_cloud", "v100"] = x["stock.v100_alibaba"] / x["stock.group_multiple"]
    held["alibaba_group", "v100"] = x["stock.v100_alibaba"] - held["alibaba_cloud", "v100"]
    return held


def performance(x):
    perf = {c: x[f"perf.{c}"] for c in ("h800", "mlu370", "mlu590", "ppu", "dcu", "br100")}
    perf |= {"v100": 0.4, "a100": 1.0, "a800": 1.0}
    perf["ascend910"] = perf["mlu370"] * (1 + x["perf.ascend_premium"])
    return perf


def yearly_plan(x, g, quarters):
    first = {
        "alibaba_cloud": x["buy.alibaba_cloud_2023"],
        "alibaba_group": x["buy.alibaba_cloud_2023"] * x["buy.alibaba_group_ratio"],
        "baidu": x["buy.baidu_2023"],
        "bytedance": x["buy.baidu_2023"] * x["buy.bytedance_ratio"],
        "tencent": x["buy.baidu_2023"] * x["buy.tencent_ratio"],
        "qihoo360": x["buy.qihoo360_2023"],
    }
    plan = {(b, 0): cards for b, cards in first.items()}
    for k in years(quarters):
        for b in BUYERS if k else ():
            if b in ALIBABAS:
                factor = (1 + g[k]) * x["spend.discipline"]
            else:
                factor = max(0.0, 1 + x[f"growth.{b}"] * x["growth.persistence"] ** (k - 1))
            plan[b, k] = plan[b, k - 1] * factor
    return plan


def quarter_plan(plan, b, q):
    if b == "baidu" and q < 4:
        return FIRM if q == 0 else (plan[b, 0] - FIRM) / 3
    return plan[b, q // 4] / 4


def h800_share(x, b, q):
    if b == "qihoo360" or (b == "baidu" and q == 0):
        return 0.0
    return x["buy.alibaba_cloud_h800_share" if b in ALIBABAS else f"buy.{b}_h800_share"]


def nvidia(x, plan, perf, quarters):
    """Cards to pilots, to NVIDIA, delivered, and what is left unmet before substitution."""
    T, leak, pull = x["export.ban_quarter"], x["export.leak"], x["export.pull_forward"]
    pilot, mix, delivered, unmet = {}, {}, {}, {}
    for b in BUYERS:
        n = {}
        for q in range(quarters):
            firm = b == "baidu" and q == 0
            s = 0.0
            if b in ("baidu", "bytedance", "tencent") and not firm:
                s = x["adopt.pilot_max"] / (1 + math.exp(-(q - x["adopt.pilot_mid"]) / 2))
            p, h = quarter_plan(plan, b, q), h800_share(x, b, q)
            pilot[b, q], n[q], mix[b, q] = s * p, (1 - s) * p, h * perf["h800"] + 1 - h
            share = 1.0 if firm or q < T - 1 else (1 + pull if q == T - 1 else leak)
            delivered[b, q] = n[q] * share
        left = 0.0
        if 1 <= T <= quarters and not (b == "baidu" and T == 1):
            left = pull * n[int(T) - 1] * mix[b, int(T) - 1]
        for q in range(quarters):
            gap = 0.0
            if q >= T and not (b == "baidu" and q == 0):
                gap = n[q] * (1 - leak) * mix[b, q]
            met = min(gap, left)
            left -= met
            unmet[b, q] = gap - met
    return pilot, mix, delivered, unmet


def appeal(x, perf, b, c, q):
    never = math.inf
    start = {"mlu370": 0, "ppu": 0, "ascend910": 0, "dcu": 0}
    start["mlu590"] = math.floor((x["avail.mlu590_month"] - 1) / 3) if x["avail.mlu590"] else never
    start["br100"] = never
    if x["avail.br100"]:
        start["br100"] = math.floor((x["avail.br100_tapeout_month"] + x["avail.br100_lag"] - 1) / 3)
    listed_from = {"dcu": 0, "ascend910": 0, "ppu": never, "br100": x["entity.biren_quarter"]}
    listed_from["mlu370"] = listed_from["mlu590"] = x["entity.cambricon_quarter"]
    if q < start[c] or (c == "ppu" and b not in ALIBABAS):
        return 0.0
    friction = x["friction.dcu"] + (0.0 if c in ("dcu", "ppu") else x["friction.mlu_extra"])
    interconnect = x["perf.br100_interconnect"] if c == "br100" else 1.0
    value = math.exp(x["adopt.sharpness"] * perf[c] * interconnect * (1 - friction))
    return value * (1 - x["entity.penalty"] * (q >= listed_from[c]))


def domestic(x, perf, pilot, unmet, quarters):
    capacity = {"mlu370": "mlu", "mlu590": "mlu", "ppu": "ppu", "ascend910": "ascend", "dcu": "dcu", "br100": "br"}
    delivered, refused, substituted = {}, {}, {}
    for q in range(quarters):
        omega, wanted, f = {}, {}, {}
        for b in BUYERS:
            w = {c: appeal(x, perf, b, c, q) for c in DOMESTIC}
            for c in DOMESTIC:
                omega[b, c] = w[c] / sum(w.values())
                wanted[b, c] = omega[b, c] * (pilot[b, q] + x["adopt.substitution"] * unmet[b, q] / perf[c])
        for c in DOMESTIC:
            demand = sum(wanted[b, c] for b in BUYERS)
            supply = x[f"capacity.{capacity[c]}"] * (1 + x["capacity.growth"]) ** q
            f[c] = min(1.0, supply / demand) if demand > 0 else 1.0
            for b in BUYERS:
                delivered[b, c, q] = wanted[b, c] * f[c]
        for b in BUYERS:
            refused[b, q] = sum(omega[b, c] * pilot[b, q] * (1 - f[c]) for c in DOMESTIC)
            substituted[b, q] = sum(omega[b, c] * x["adopt.substitution"] * unmet[b, q] * f[c] for c in DOMESTIC)
    return delivered, refused, substituted


def streams(x, activity, quarters):
    """The cloud's own PPU and MLU streams, outside capacity: (chip, quarter) -> cards."""
    cards = {}
    start = math.floor((x["avail.mlu590_month"] - 1) / 3) if x["avail.mlu590"] else math.inf
    for q in range(quarters):
        mlu = x["buy.mlu370_per_year"] / 4 * activity[q] if q < 4 or x["adopt.commercial"] else 0.0
        newer = min(1.0, (q - start + 1) / 4) if q >= start else 0.0
        cards["ppu", q] = x["buy.ppu_per_year"] / 4 * activity[q]
        cards["mlu370", q], cards["mlu590", q] = mlu * (1 - newer), mlu * newer
    return cards


def fill(shape_keys, get):
    """Nested lists over the given axes of ``get(*labels)``."""
    if not shape_keys:
        return get()
    head, *rest = shape_keys
    return [fill(rest, lambda *tail, first=label: get(first, *tail)) for label in head]


def optics(x, bought, quarters):
    modules = {(b, v, q): 0.0 for b in BUYERS for v in SPEEDS for q in range(quarters)}
    exponent = math.log(x["optics.scale_out"]) / math.log(1000 / 300)

    def needed(servers):
        return 18 * servers if servers <= 300 else 5400 * (servers / 300) ** exponent

    for b in BUYERS:
        name = "alibaba" if b in ALIBABAS else b
        reference = name != "qihoo360" and x[f"optics.ref_{name}"] == 1
        total = 0.0
        for q in range(quarters):
            own = 4 * (1 + x["optics.own_drift"]) ** (q / 4)
            h800, a800 = bought[b, "h800", q] / 8, bought[b, "a800", q] / 8
            chips = sum(bought[b, c, q] / (4 if c == "br100" else 8) for c in DOMESTIC)
            other = a800
            if reference:
                modules[b, 400, q] += (needed(total + h800) - needed(total)) * (1 + x["optics.fabric_ratio"])
                total += h800
            else:
                other += h800
            if b in ALIBABAS:
                modules[b, 100, q] += own * other
            else:
                modules[b, 200, q] += x["optics.other_modules"] * other
            modules[b, 100, q] += own * chips
    return modules


def race(x):
    lag = {"alibaba": x["race.alibaba_lag"]}
    for lab in LABS[1:]:
        lag[lab] = x[f"race.{lab}_ratio"] * lag["alibaba"]
    parity = {lab: max(4 + lag[lab], x[f"race.{lab}_release_month"]) for lab in LABS}
    winner = min(LABS, key=lambda lab: parity[lab])
    return parity, {lab: float(lab == winner) for lab in LABS}


def inference(x, parity, perf, fleet, compute, quarters):
    need, load = {}, {}
    for lab in LABS:
        owners = ALIBABAS if lab == "alibaba" else (lab,)
        start = math.floor((parity[lab] - 1) / 3)
        release = math.floor((x[f"race.{lab}_release_month"] - 1) / 3)
        for q in range(quarters):
            traffic = 0.0
            if q >= start:
                traffic = x["infer.answers_per_day"] * (1 + x["infer.answers_growth"]) ** (q - start)
            elif q >= release:
                traffic = x["infer.answers_per_day"] * x["infer.pre_parity"]
            held = sum(compute[b, q] for b in owners)
            phi = sum(fleet[b, "h800", q] * perf["h800"] for b in owners) / held
            fp8 = 1 + (x["infer.fp8_factor"] - 1) * phi if q >= x["infer.fp8_quarter"] else 1.0
            cost = x["infer.a100s_per_answer"] / ((1 + x["infer.efficiency_gain"]) ** (q / 4) * fp8)
            need[lab, q] = traffic * cost / (86_400 * x["infer.utilisation"])
            load[lab, q] = need[lab, q] / held
    return need, load


def history(x, quarters):
    """Every by-quarter quantity as a dictionary keyed by labels."""
    perf = performance(x)
    g, revenue, activity = cloud(x, quarters)
    plan = yearly_plan(x, g, quarters)
    pilot, mix, to_nvidia, u = nvidia(x, plan, perf, quarters)
    chips, refused, substituted = domestic(x, perf, pilot, u, quarters)
    own = streams(x, activity, quarters)
    Q, T, leak = range(quarters), x["export.ban_quarter"], x["export.leak"]
    bought, fleet, unmet, held = {}, {}, {}, stock(x)
    for q in Q:
        for b in BUYERS:
            h = h800_share(x, b, q)
            back = refused[b, q] * (leak if q >= T else 1.0)
            bought[b, "v100", q] = bought[b, "a100", q] = 0.0
            bought[b, "h800", q] = (to_nvidia[b, q] + back) * h
            bought[b, "a800", q] = (to_nvidia[b, q] + back) * (1 - h)
            for c in DOMESTIC:
                bought[b, c, q] = chips[b, c, q] + (own.get((c, q), 0.0) if b == "alibaba_cloud" else 0.0)
            unmet[b, q] = u[b, q] - substituted[b, q] + ((1 - leak) * refused[b, q] * mix[b, q] if q >= T else 0.0)
            for c in CHIPS:
                held[b, c] += bought[b, c, q]
                fleet[b, c, q] = held[b, c]
    compute = {(b, q): sum(fleet[b, c, q] * perf[c] for c in CHIPS) for b in BUYERS for q in Q}
    parity, first = race(x)
    need, load = inference(x, parity, perf, fleet, compute, quarters)
    return {
        "revenue": revenue,
        "bought": bought,
        "fleet": fleet,
        "compute": compute,
        "unmet": unmet,
        "modules": optics(x, bought, quarters),
        "parity": parity,
        "first": first,
        "need": need,
        "load": load,
        "plan": plan,
    }


def run(x, quarters=12):
    """All outputs of one draw, name -> number or nested lists."""
    h = history(x, quarters)
    Q, Y = range(quarters), years(quarters)
    bought, modules = h["bought"], h["modules"]
    in_year = {k: [q for q in Q if q // 4 == k] for k in Y}
    price = dict.fromkeys(DOMESTIC, x["price.domestic"])
    price |= {"a800": x["price.a100"], "h800": x["price.h800"], "a100": 0.0, "v100": 0.0}

    def share(buyers, q):
        every = sum(bought[b, c, q] for b in buyers for c in CHIPS)
        return sum(bought[b, c, q] for b in buyers for c in DOMESTIC) / every if every > 0 else 0.0

    def spend(b, q):
        return sum(bought[b, c, q] * price[c] for c in CHIPS) * 1e-6

    def servers(b, q):
        return sum(bought[b, c, q] / (4 if c == "br100" else 8) for c in CHIPS)

    def module_spend(v, k):
        erosion = 1 - x["price.module_erosion"]
        return sum(
            modules[b, v, q] * x[f"price.module_{v}"] * erosion ** (q / 4) * 1e-6 for b in BUYERS for q in in_year[k]
        )

    def cards(b, c, k):
        return sum(bought[b, c, q] for q in in_year[k])

    def optical(b, v, k):
        return sum(modules[b, v, q] for q in in_year[k])

    replicated = x["cloud.replicators"] * x["cloud.cards_per_replicator"]
    return {
        "purchases": fill([BUYERS, CHIPS, Q], lambda b, c, q: bought[b, c, q]),
        "fleet": fill([BUYERS, CHIPS, Q], lambda b, c, q: h["fleet"][b, c, q]),
        "compute": fill([BUYERS, Q], lambda b, q: h["compute"][b, q]),
        "domestic_share": fill([BUYERS, Q], lambda b, q: share([b], q)),
        "market_domestic_share": fill([Q], lambda q: share(BUYERS, q)),
        "unmet": fill([BUYERS, Q], lambda b, q: h["unmet"][b, q]),
        "servers": fill([BUYERS, Q], servers),
        "spend": fill([BUYERS, Q], spend),
        "optical_modules": fill([BUYERS, SPEEDS, Q], lambda b, v, q: modules[b, v, q]),
        "parity_month": fill([LABS], lambda lab: h["parity"][lab]),
        "first_to_parity": fill([LABS], lambda lab: h["first"][lab]),
        "inference_need": fill([LABS, Q], lambda lab, q: h["need"][lab, q]),
        "inference_load": fill([LABS, Q], lambda lab, q: h["load"][lab, q]),
        "cloud_ai_load": fill([Q], lambda q: replicated / h["compute"]["alibaba_cloud", q]),
        "cloud_revenue": h["revenue"],
        "overtake": fill([Q], lambda q: float(h["compute"]["baidu", q] > h["compute"]["bytedance", q])),
        "cloud_purchase_change": h["plan"]["alibaba_cloud", 0] / x["buy.alibaba_cloud_2022"] - 1,
        "purchases_year": fill([BUYERS, CHIPS, Y], cards),
        "buyer_purchases_year": fill([BUYERS, Y], lambda b, k: sum(cards(b, c, k) for c in CHIPS)),
        "market_purchases_year": fill([CHIPS, Y], lambda c, k: sum(cards(b, c, k) for b in BUYERS)),
        "optical_modules_year": fill([BUYERS, SPEEDS, Y], optical),
        "market_optical_modules_year": fill([SPEEDS, Y], lambda v, k: sum(optical(b, v, k) for b in BUYERS)),
        "module_spend_year": fill([SPEEDS, Y], module_spend),
        "spend_year": fill([BUYERS, Y], lambda b, k: sum(spend(b, q) for q in in_year[k])),
        "market_spend_year": fill([Y], lambda k: sum(spend(b, q) for b in BUYERS for q in in_year[k])),
        "cloud_revenue_year": fill([Y], lambda k: sum(h["revenue"][q] for q in in_year[k])),
        "compute_year_end": fill([BUYERS, Y], lambda b, k: h["compute"][b, in_year[k][-1]]),
        "inference_load_year_end": fill([LABS, Y], lambda lab, k: h["load"][lab, in_year[k][-1]]),
    }
