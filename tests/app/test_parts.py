"""``run --checkpoint``, ``run --part``, ``extend`` and ``merge``: one result however it came about; wrong use is one line."""

import json

import pytest

DRAWS = 32_768
BATCH = ["baseline", "austerity", "--draws", str(DRAWS), "--quarters", "1", "--keep-draws", "500", "--seed", "3"]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Bytes of the file of one run."""
    from click.testing import CliRunner

    from sim.cli import main

    path = tmp_path_factory.mktemp("whole") / "whole.nc"
    assert CliRunner().invoke(main, ["run", *BATCH, "-o", str(path)]).exit_code == 0
    return path.read_bytes()


def test_a_checkpoint_changes_no_byte_and_is_gone_on_from(suanli, tmp_path, whole):
    line = ["run", *BATCH, "--checkpoint", "kept"]
    first = suanli(*line)
    assert (first.exit_code, first.stderr) == (0, "")
    assert "kept holds its shards and may be deleted" in " ".join(first.stdout.split())
    shards = sorted((tmp_path / "kept").glob("*.shard"))
    shards[-1].write_bytes(shards[-1].read_bytes()[:-1])
    again = suanli(*line, "-o", "out.nc")
    assert again.exit_code == 0
    assert again.stderr.splitlines()[0] == (
        f"suanli: kept/{shards[-1].name}: damaged: its checksum does not fit its content; its draws are run again"
    )
    assert (tmp_path / "out.nc").read_bytes() == whole
    other = suanli("run", *BATCH[:-1], "4", "--checkpoint", "kept")
    assert (other.exit_code, other.stdout) == (2, "")
    assert other.stderr == "suanli: not of one batch: another seed: 4 in this run, 3 in kept\n"


def test_parts_are_joined_to_the_same_bytes(suanli, tmp_path, whole):
    for number in (2, 1):
        found = suanli("run", *BATCH, "--part", f"{number}/2", "-o", f"{number}.shard")
        assert (found.exit_code, found.stderr) == (0, "")
    assert "part 1 of 2: draws 0 to 16,383 of 32,768" in found.stdout
    missing = suanli("merge", "2.shard", "-o", "out.nc")
    assert (missing.exit_code, missing.stderr) == (
        2,
        "suanli: draws 0 to 16,383 are missing; merge their shards too\n",
    )
    twice = suanli("merge", "2.shard", "1.shard", "2.shard", "-o", "out.nc")
    assert twice.stderr == "suanli: 2.shard: draws 16,384 to 32,767 are in 2.shard too; leave one of them out\n"
    told = suanli("merge", "2.shard", "1.shard", "-o", "out.nc", "--json")
    assert json.loads(told.stdout)["run"] | {"seconds": 0} == {
        "parts": 2, "draws": "0 to 32,767", "of": DRAWS, "seconds": 0, "file": "out.nc"
    }  # fmt: skip
    assert (tmp_path / "out.nc").read_bytes() == whole
    assert suanli("merge", "2.shard", "1.shard", "-o", "both.shard").exit_code == 0
    assert suanli("merge", "1.shard", "2.shard", "-o", "again.shard").exit_code == 0
    assert (tmp_path / "both.shard").read_bytes() == (tmp_path / "again.shard").read_bytes()
    assert (
        "draws 0 to 32,767 are in both.shard too" in suanli("merge", "both.shard", "again.shard", "-o", "o.nc").stderr
    )


@pytest.mark.slow
def test_an_extended_file_is_the_longer_run(suanli, tmp_path, whole):
    shorter = [*BATCH[:3], "16384", *BATCH[4:]]
    assert suanli("run", *shorter, "-o", "short.nc").exit_code == 0
    before = (tmp_path / "short.nc").read_bytes()
    found = suanli("extend", "short.nc", "--draws", "30000", "-o", "long.nc")
    assert (found.exit_code, found.stderr) == (0, "suanli: 30,000 draws are run as 32,768, 16 whole Sobol nets\n")
    assert "16,384 draws became 32,768" in found.stdout
    assert (tmp_path / "long.nc").read_bytes() == whole
    assert (tmp_path / "short.nc").read_bytes() == before
    told = json.loads(suanli("extend", "short.nc", "--draws", str(DRAWS), "--json").stdout)["run"]
    assert told | {"seconds": 0} == {"file": "short.nc", "draws": DRAWS, "draws_before": DRAWS // 2, "seconds": 0}
    assert (tmp_path / "short.nc").read_bytes() == whole
    fewer = suanli("extend", "short.nc", "--draws", "16384")
    assert fewer.stderr == (
        "suanli: short.nc: draws: found 16,384, expected at least the 32,768 that are there; draws are the total\n"
    )


WRONG = {
    ("run", "--part", "2/8"): "--part: found no -o beside it, expected a file to write (-o part.shard)",
    ("run", "--part", "2/8", "-o", "a.nc"): '-o a.nc: found suffix ".nc", expected .shard, a part for suanli merge',
    ("run", "--part", "9/8", "-o", "a.shard"): 'found "9/8", expected a part of how many, such as 2/8',
    ("run", "--part", "two", "-o", "a.shard"): 'found "two", expected a part of how many, such as 2/8',
    ("run", "--part", "2/8", "-o", "no/a.shard"): '-o no/a.shard: no folder "no"; make it first, or name another',
    (
        "run",
        "--part",
        "2/8",
        "-o",
        "a.shard",
    ): "--part: found 2 of 8, expected 4 or fewer, since 65,536 draws are 4 leaves of 16,384; 8 parts take 131,072 draws",
    ("run", "--part", "2/8", "-o", "a.shard", "--checkpoint", "k"): "--part and --checkpoint: found both, expected one",
    ("run", "--part", "2/8", "-o", "a.shard", "--until", "0.1"): "--until and --part: found both, expected one",
    (
        "run",
        "--part",
        "1/2",
        "--draws",
        "16384",
        "-o",
        "a.shard",
    ): "part: found 1 of 2, expected 1, since 16,384 draws are 1 leaf of 16,384; 2 parts take 32,768 draws",
    ("run", "--checkpoint", "k", "--until", "0.1"): "--until and --checkpoint: found both, expected one",
    ("run", "--checkpoint", "no/k"): 'cannot write no/k: no folder "no"; make it first',
    ("run", "--checkpoint", "file"): "file: found a file of that name, expected a folder or nothing",
    (
        "run",
        "--checkpoint",
        "other",
    ): "other: found 'thesis.doc' in it, expected an empty folder or the checkpoint of a run",
    ("extend", "missing.nc", "--draws", "1M"): 'no file "missing.nc"',
    ("extend", "file", "--draws", "1M"): "-o file: found suffix none, expected .nc (NetCDF4) or .zarr (Zarr)",
    ("extend", "file.nc", "--draws", "1M"): "file.nc: not a result: no NetCDF4 file",
    ("extend", "file.nc"): "Missing option '--draws'",
    (
        "merge",
        "file",
        "-o",
        "out.nc",
    ): "file: not a shard of this version of suanli; expected what `suanli run --part` wrote",
    ("merge", "other", "-o", "out.nc"): "other: Is a directory",
    ("merge", "missing.shard", "-o", "out.nc"): 'merge: no file or folder "missing.shard"',
    ("merge", "file", "-o", "out.txt"): '-o out.txt: found suffix ".txt", expected .nc (NetCDF4) or .zarr (Zarr)',
    ("merge", "-o", "out.nc"): "Missing argument 'FILE …'",
}


@pytest.mark.parametrize("line", WRONG, ids=" ".join)
def test_wrong_use_is_one_line(suanli, tmp_path, line):
    (tmp_path / "file").write_text("hello")
    (tmp_path / "file.nc").write_text("hello")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.doc").write_text("all of it")
    before = sorted(path.name for path in tmp_path.rglob("*"))
    found = suanli(*line)
    assert (found.exit_code, found.stdout) == (2, "")
    assert WRONG[line] in found.stderr
    assert len(found.stderr.splitlines()) == 1
    assert sorted(path.name for path in tmp_path.rglob("*")) == before
