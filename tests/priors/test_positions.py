"""The index of places against the standard library's reader: the same keys and items, each where it is said to be."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import priors
from priors.positions import positions

BUILT_IN = sorted(Path(priors.__file__).parent.rglob("*.toml"))


def paths(value, path=()):
    """Every path of a parsed document but the root."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from paths(inner, (*path, key))


def agree(text):
    """The index of `text` has exactly tomllib's paths, and each key stands at its place."""
    data = tomllib.loads(text)
    found = positions(text)
    assert set(found.values) == set(paths(data))
    assert set(found.keys) == {path for path in paths(data) if isinstance(path[-1], str)}
    for path, offset in found.keys.items():
        here = text[offset:]
        assert here.startswith(path[-1]) if path[-1] and here[0] not in "\"'" else here[0] in "\"'", path
    return found


TRICKY = '''\
# [not.a.table]
"quoted.key" = 'x = 1 # no comment'
a.b . c = """
[neither] = "this"
\\""" x""""
t = \'\'\'it's
[no]\'\'\'
list = [ # a comment, with ] in it
  "]", [1, 2,], { x = [1], "y z".w = 2 },   # and more
]
when = 1979-05-27 07:32:00 # a date with a space
inf = -inf
[growth.cloud]
limits = [0, inf]
prior = { family = "pert", low = 1 }
[ "growth" . 'base line' ]
x = 1
[[row]]
x = 1
[row.inner]
deep = 1
[[row]]
x = 2
[[row.sub]]
y = 1
[[row.sub]]
y = 2
[growth]
late = true
'''


def test_tricky_text():
    found = agree(TRICKY)
    place = {path: found.place(path) for path in (("growth", "cloud"), ("growth", "cloud", "prior", "low"))}
    assert place == {("growth", "cloud"): (13, 1), ("growth", "cloud", "prior", "low"): (15, 34)}
    assert found.place(("growth", "cloud"), key=True) == (13, 9)
    assert found.place(("row", 1, "sub", 1, "y")) == (27, 5)
    assert found.place(("growth", "cloud", "basis"), key=True) == (13, 9), "a missing key is told at its table"
    assert found.place(("nowhere",)) == (1, 1)
    assert found.how[("growth", "cloud")] == "header"
    assert found.how[("growth", "cloud", "prior")] == "inline"
    assert found.how[("a", "b")] == "dotted"


@pytest.mark.parametrize("path", BUILT_IN, ids=lambda p: p.name)
def test_every_built_in_file(path):
    agree(path.read_text(encoding="utf-8"))


bare = st.text("abcXYZ019_-", min_size=1, max_size=5)
string = st.text("aé\"\\'#]}.=[ 算", max_size=5)
part = (
    bare
    | string.map(lambda s: '"' + s.replace("\\", "\\\\").replace('"', '\\"') + '"')
    | st.text('aé\\"#]}.= 算', max_size=5).map(lambda s: f"'{s}'")
)
key = st.lists(part, min_size=1, max_size=3).flatmap(
    lambda parts: st.sampled_from([".", " . "]).map(lambda d: d.join(parts))
)
scalar = st.sampled_from(
    [
        "1",
        "-0.5e3",
        "inf",
        "true",
        "1979-05-27",
        "07:32:00",
        '"#]}"',
        "'a\"b'",
        '"""x\n"y"\n"""',
        "'''\n''a'''",
        '"\\""',
    ]
)
gap = st.sampled_from(["", " ", "\n", " # ]}\n", "\t"])


def arrays(inner):
    items = st.lists(st.tuples(gap, inner, gap), max_size=3)
    return items.map(lambda parts: "[" + ",".join("".join(p) for p in parts) + "\n]")


def inlines(inner):
    return st.lists(st.tuples(key, inner), max_size=3).map(
        lambda ps: "{ " + ", ".join(f"{k} = {v}" for k, v in ps) + " }"
    )


value = st.recursive(scalar, lambda inner: arrays(inner) | inlines(inner), max_leaves=6)
line = (
    st.tuples(key, value).map(lambda p: f"{p[0]} = {p[1]}")
    | key.map(lambda k: f"[{k}]")
    | key.map(lambda k: f"[[ {k} ]]")
    | st.just("# comment [x]")
)


@given(st.lists(line, max_size=8).map("\n".join))
def test_structure_is_that_of_tomllib(text):
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        positions(text)  # of an invalid text it tells what it can, and does not raise
        return
    agree(text)


@given(st.text("[]{}=\"'\\\n#.,ab1 ", max_size=60))
def test_never_raises_nor_hangs(text):
    positions(text)


def test_deep_nesting_is_survived():
    positions("a = " + "[" * 5000)
