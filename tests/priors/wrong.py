"""Wrong books: a fragment of a user's file with § at the place that the message must name, and words it must have."""

QUANTITY = """\
[quantities.shop.price]
unit = "RMB"
basis = "assumption"
rationale = "a guess"
prior = { family = "pert", low = 1, mode = 2, high = 4 }
"""
CLAIM = """\
[claims.S1.1]
text = "about five"
kind = "prior"
value = 5
hedges = ["about"]
"""


def quantity(line, *, without=(), name="shop.price", **changed):
    """The quantity above with a line added, lines left out, or a key's line replaced."""
    head = QUANTITY.replace("shop.price", name)
    lines = [old for old in head.splitlines() if not old.startswith(tuple(without) or "\0")]
    lines = [changed.get(old.partition(" =")[0], old) for old in lines]
    return "\n".join([*lines, *([line] if line else [])]) + "\n"


def prior(text):
    return quantity("", prior=f"prior = {text}")


def change(text):
    return f"[scenarios.hot.change]\n{text}\n"


def correlation(between, rho="0.5", **more):
    lines = {"between": between, "spearman": rho, "basis": '"assumption"', "rationale": '"r"', **more}
    return "[[correlation]]\n" + "".join(f"{key} = {value}\n" for key, value in lines.items() if value)


def hedge(lines):
    return f'[hedges.mine]\nreason = "r"\n{lines}\n'


CASES = {
    # TOML itself
    "no value": ("[quantities.a]\nunit = §\n", "not valid TOML"),
    "unclosed string": ('[book]\ntitle = "abc§\n', "not valid TOML"),
    "key twice": ('[book]\ntitle = "a"\ntitle = "b"§\n', "not valid TOML"),
    "nested too deeply": ("x = §" + "[" * 5000, "nested too deeply"),
    "number of 5,000 digits": ("x = §" + "9" * 5000, "thousands of digits"),
    "key of many parts": ("§" + "a." * 20_000 + "b = 1", "parts"),
    "empty": ("§", "empty file"),
    "comments only": ("§# nothing here\n", "empty file"),
    # sections and shapes
    "unknown section": ("[§quantites.shop.price]\nunit = '1'\n", 'unknown section did you mean "quantities"'),
    "section is no table": ("claims = §3\n", "found 3 expected a table"),
    "group is no table": ("[quantities]\n§shop = 3\n", "found 3 expected a table"),
    "correlation in single brackets": ("§[correlation]\nspearman = 0.5\n", "double brackets"),
    "name with blanks": ('[quantities.§"two words"]\nunit = "1"\n', "expected a name such as"),
    "one name twice in a file": (
        QUANTITY + QUANTITY.replace("shop.price", '§"shop.price"'),
        "twice in the file",
    ),
    # types and keys
    "unknown key": (quantity('§lable = "x"'), 'unknown key did you mean "label"'),
    "wrong type": (quantity("", unit="unit = §3"), "found 3 expected text"),
    "boolean for a number": (quantity("stated = §true"), "found true expected a number"),
    "nan": (quantity("stated = §nan"), "found nan expected a finite number"),
    "infinite": (quantity("stated = §inf"), "found inf expected a finite number"),
    "no unit": (quantity("", without=["unit"]).replace("shop", "§shop").replace("§shop.", "shop.§"), 'no "unit"'),
    "basis unknown": (quantity("", basis='basis = §"asumption"'), 'did you mean "assumption"'),
    "date as text": ('[book]\ndate = §"2023"\n', "expected a date"),
    # reasons
    "no rationale": (quantity("", without=["rationale"]).replace("shop.", "shop.§"), 'no "rationale"'),
    "no basis": (quantity("", without=["basis"]).replace("shop.", "shop.§"), 'no "basis" claim, mixed or assumption'),
    "blank rationale": (quantity("", rationale='rationale = §" "'), "expected a text that is not empty"),
    "neither prior nor from": (quantity("", without=["prior"]).replace("shop.", "shop.§"), "neither from nor prior"),
    "both prior and from": (quantity('from = "Q04.6"').replace("prior =", "§prior ="), "from and prior together"),
    "claim with numbers of one's own": (
        quantity('claims = ["Q04.6"]', basis='basis = "claim"').replace("prior =", "§prior ="),
        "expected from",
    ),
    "mixed without claims": (quantity("", basis='basis = §"mixed"'), "no claims"),
    "unknown claim": (quantity('claims = ["Q04.6", §"Q04.66"]'), 'unknown claim "Q04.66" did you mean "Q04.6"'),
    "from an unknown claim": (quantity('from = §"Q4.6"', without=["prior"]), 'unknown claim did you mean "Q04.6"'),
    "from a claim of words": (quantity('from = §"Q02.2"', without=["prior"]), "without a figure"),
    "from an unknown number": (quantity('from = §"Q05.5.lag"', without=["prior"]), "volume_lag"),
    "from is no expression": (quantity('from = §"Q04.6 +"', without=["prior"]), "found the end expected a number"),
    "from divides by nothing": (quantity('from = §"Q04.6 / (1 - 1)"', without=["prior"]), "division by 0"),
    "from with a strange character": (quantity('from = §"Q04.6 ^ 2"', without=["prior"]), "character 7"),
    "from without its claim": (
        quantity('from = "Q04.6"\nclaims = §["Q04.7"]', without=["prior"]),
        "expected Q04.6 among",
    ),
    "unknown hedge": (CLAIM.replace('"about"', '§"abuot"'), 'unknown hedge did you mean "about"'),
    "unknown hedge of a quantity": (
        quantity('from = "Q04.6"\nhedges = [§"rnage"]', without=["prior"]),
        'did you mean "range"',
    ),
    "hedges without from": (quantity('§hedges = ["about"]'), "hedges without from"),
    "range hedge on a value": (
        CLAIM.replace("about", "range") + quantity('from = §"S1.1"', without=["prior"]),
        "range only",
    ),
    "figure of 0": (CLAIM.replace("= 5", "= 0") + quantity('from = §"S1.1"', without=["prior"]), "figure of 0"),
    # claims and hedges
    "two figures": (CLAIM + "§range = [1, 2]\n", "value or range together"),
    "range reversed": (CLAIM.replace("value = 5", "range = §[5, 4]"), "lower end first"),
    "kind unknown": (CLAIM.replace('"prior"', '§"pirior"'), 'did you mean "prior"'),
    "mode outside its window": (
        CLAIM.replace("value = 5", "window = [4, 7]\nnumbers = { mode = §9 }"),
        "within the window [4, 7]",
    ),
    "hedge rule unknown": (hedge('rule = §"relativ"'), 'did you mean "relative"'),
    "hedge without its width": (hedge('rule = "relative"').replace("mine", "§mine"), 'no "half_width"'),
    "hedge with another's key": (hedge('rule = "relative"\nhalf_width = 0.1\n§median = 1'), "unknown key"),
    "hedge upside down": (hedge('rule = "at_least"\nmedian = 2\np95 = §1'), "above median = 2"),
    # streams
    "stream of a built-in input": (quantity("stream = §14"), "the built-in optics.ref_bytedance's"),
    "stream kept for the built-in book": (quantity("stream = §100"), "kept for the built-in book"),
    "stream of 0": (quantity("stream = §0"), "at least 1"),
    "stream beyond the directions": (quantity("stream = §21202"), "at most 21201"),
    "stream twice": (
        quantity("stream = 1000") + quantity("stream = §1000", name="shop.volume"),
        "the stream of shop.price :1)",
    ),
    # distributions and limits
    "no family": (prior("§{ low = 1 }"), 'no "family"'),
    "unknown family": (prior('{ family = §"prt" }'), 'did you mean "pert"'),
    "unknown parameter": (prior('{ family = "pert", low = 1, §midle = 2, high = 3 }'), 'did you mean "mode"'),
    "parameter missing": (prior('§{ family = "pert", low = 1, mode = 2 }'), "low, mode, high"),
    "low above mode": (prior('{ family = "pert", low = 3, mode = §2, high = 4 }'), "[low, high]"),
    "high below low": (prior('{ family = "uniform", low = 3, high = §2 }'), "below low = 3"),
    "sd below 0": (prior('{ family = "normal", mean = 3, sd = §-2 }'), "above 0"),
    "nan parameter": (prior('{ family = "normal", mean = §nan, sd = 2 }'), "finite"),
    "truncated to nothing": (
        prior('{ family = "uniform", low = 0, high = 1, truncate = §[2, 3] }'),
        "meets the support",
    ),
    "truncated backwards": (prior('{ family = "normal", mean = 0, sd = 1, truncate = §[2, 1] }'), "below the upper"),
    "quantiles fall": (prior('{ family = "normal", quantiles = [[0.1, 2], §[0.9, 1]] }'), "both rise"),
    "quantile at a chance of 2": (prior('{ family = "normal", quantiles = [§[2, 2], [3, 4]] }'), "inside (0, 1)"),
    "metalog that falls": (
        prior('{ family = "metalog", quantiles = §[[0.1, 1], [0.5, 1.01], [0.9, 100], [0.95, 101]] }'),
        "density not positive",
    ),
    "chance of 2": (prior('{ family = "bernoulli", p = §2 }'), "chance in [0, 1]"),
    "limits reversed": (quantity("limits = §[3, 2]"), "lower limit first"),
    "limits of one point": (quantity("limits = §[2, 2]"), "lower limit first"),
    "limit that is no number": (quantity("limits = [§nan, 2]"), "found nan expected a number or inf"),
    "limits exclude everything": (quantity("limits = §[5, 9]"), "from 1 to 4 within the limits [5, 9]"),
    "limits cut a discrete prior": (
        quantity("limits = §[0, 8]", prior='prior = { family = "choice", values = [8, 9] }'),
        "from 8 to 9",
    ),
    "limit over an unknown claim": (quantity('limits = [§"Q99.1", inf]'), "unknown claim"),
    "stated beyond the prior": (quantity("stated = §7"), "1 to 4"),
    "continuous switch": (quantity("", unit='unit = "0/1"').replace("= { f", "= §{ f"), "0 and 1 only"),
    # correlations
    "correlation beyond 1": (correlation('["growth.cloud", "perf.dcu"]', "§1.5"), "at most 1"),
    "correlation with itself": (correlation('["perf.dcu", §"perf.dcu"]'), "twice"),
    "correlation of an unknown": (correlation('["perf.dcu", §"perf.dcy"]'), 'did you mean "perf.dcu"'),
    "correlation of a fixed input": (correlation('["perf.dcu", §"race.baidu_release_month"]'), "which is fixed"),
    "correlation of one": (correlation('§["perf.dcu"]'), "no shorter than 2"),
    "correlation without reason": (
        correlation('["perf.dcu", "perf.ppu"]', rationale="").replace("[[", "§[["),
        'no "rationale"',
    ),
    "pair twice": (correlation('["perf.dcu", "perf.ppu"]') + correlation('§["perf.ppu", "perf.dcu"]'), "second time"),
    "matrix of no distribution": (
        correlation('["perf.dcu", "perf.ppu"]', "0.9")
        + correlation('["perf.ppu", "perf.h800"]', "0.9")
        + correlation('["perf.dcu", "perf.h800"]', "§-0.9"),
        "not positive definite the nearest valid matrix -0.",
    ),
    # scenarios
    "scenario of an unknown input": (change("growth.§clod = { fix = 0.4 }"), 'did you mean "growth.cloud"'),
    "change of two actions": (change("growth.cloud = §{ fix = 0.4, scale = 2 }"), "fix and scale exactly one"),
    "change of no action": (change("growth.cloud = §{ }"), "found nothing exactly one"),
    "change unknown": (change("growth.cloud = { §fxi = 0.4 }"), 'did you mean "fix"'),
    "fixed outside the limits": (change("spend.discipline = §{ fix = 1.5 }"), "limits [0, 1]"),
    "never for a rate": (change('growth.cloud = §{ fix = "never" }'), "only a time"),
    "fixed at a word": (change('growth.cloud = { fix = §"nevr" }'), 'did you mean "never"'),
    "scaled by 0": (change("growth.cloud = §{ scale = 0 }"), "0"),
    "switch scaled": (change("optics.ref_baidu = §{ scale = 3 }"), "0 and 1 only"),
    "switch half on": (change("optics.ref_alibaba = §{ fix = 0.5 }"), "0 or 1"),
    "shifted out of the limits": (change("spend.discipline = §{ shift = 5 }"), "from 5.6 to 6"),
    "half a quarter": (change("export.ban_quarter = §{ fix = 2.5 }"), "whole quarter"),
    "bad prior in a scenario": (
        change('growth.cloud = { prior = { family = "normal", mean = 0, sd = §0 } }'),
        "above 0",
    ),
    "extends an unknown": ('[scenarios.hot]\nextends = §"export_ban"\n', 'did you mean "export_ban_2023q4"'),
    "extends itself": ('[scenarios.hot]\nextends = §"hot"\n', "circle (hot extends hot)"),
    "named otherwise": ('[scenarios.hot]\nname = §"hott"\n', 'found "hott" expected "hot"'),
}
