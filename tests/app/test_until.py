"""``suanli run --until``: what was reached is said, and what does not go together is refused."""

import json


def test_on_the_command_line(suanli):
    result = suanli("run", "--until", "0.02", "--until-output", "cloud_revenue_year", "--json")
    assert result.exit_code == 0, result.stderr
    about = json.loads(result.stdout)["run"]
    assert about["until_stopped"] == "error reached"
    assert about["until_error"] <= 0.02
    result = suanli("run", "--until", "0.1%", "--max-draws", "2048")
    assert "stopped by --max-draws" in result.stdout
    for words, message in (
        (("--until", "2"), "expected an error between 0 and 1"),
        (("--until", "0.01", "--draws", "1024"), "--draws and --until: found both"),
        (("--max-draws", "1024"), "--max-draws goes with --until"),
        (("--until", "0.01", "--until-output", "cloud_revenu"), 'did you mean "cloud_revenue"'),
    ):
        result = suanli("run", *words)
        assert (result.exit_code, result.stdout) == (2, "")
        assert message in result.stderr
