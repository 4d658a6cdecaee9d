"""The built alertmanager.yml: people where there are contacts, and the committed file up to date."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from pantau.alerting import build, drift, rendered
from pantau.alerting.errors import AlertingError
from pantau.cli.main import app
from tests.pantau.alerting.amtool import BASE, CITY, CONFIG, ROOT, accepted

OLDER = ", for which --with-secrets writes a file of its own"


def with_isp(folder: Path, contacts: str) -> Path:
    """A city of one ISP with these contacts."""
    (folder / "isps.yml").write_text(f"isps: [{{id: telkom, name: Telkom, contacts: [{contacts}]}}]\n", "utf-8")
    (folder / "kecamatan.yml").write_text("kecamatan: [{id: maesa, name: Maesa}]\n", "utf-8")
    head = "id,name,address,kecamatan,isp\n"
    (folder / "hotspots.csv").write_text(f"{head}M-1,Puskesmas,10.77.0.1,maesa,telkom\n", "utf-8")
    settings = folder / "pantau.yml"
    settings.write_text("inventory: [isps.yml, kecamatan.yml, hotspots.csv]\n", "utf-8")
    return settings


def receivers(text: str) -> dict[str, Any]:
    """Those of a configuration, by name."""
    return {one["name"]: one for one in yaml.safe_load(text)["receivers"]}


def test_the_committed_file_is_up_to_date() -> None:
    """What Alertmanager is started with is what base and inventory say."""
    assert drift() == []


def test_drift_is_one_sentence_with_its_cure(tmp_path: Path) -> None:
    """Missing or changed: each is told with the file's name."""
    file = tmp_path / "alertmanager.yml"
    cure = "run `pantau alertmanager build`"
    assert drift(output=file) == [f"{file}: is missing; {cure}"]
    build(output=file)
    assert drift(output=file) == []
    file.write_text(file.read_text("utf-8").replace("4h", "5h"), "utf-8")
    said = f"{file}: is not what alertmanager/base.yml and the inventory's contacts say; {cure}"
    assert drift(output=file) == [said]


def test_drift_of_the_words_names_their_file(tmp_path: Path) -> None:
    """A template that somebody has edited by hand is told; building mends it, and a new folder gets all of them."""
    settings = with_isp(tmp_path, "")
    folder = tmp_path / "alertmanager"
    folder.mkdir()
    (folder / "base.yml").write_bytes(BASE.read_bytes())
    build(settings)
    assert drift(settings) == []
    words = folder / "words.en.tmpl"
    words.write_text(words.read_text("utf-8").replace("Firing", "Burning"), "utf-8")
    cure = "run `pantau alertmanager build`"
    assert drift(settings) == [f"{words}: is not what the sentences of pantau/alerting say; {cure}"]
    build(settings)
    assert drift(settings) == []


def test_two_builds_are_the_same_bytes(tmp_path: Path) -> None:
    """A change of one contact is a change of its lines only."""
    build(CITY, tmp_path / "a.yml", BASE)
    build(CITY, tmp_path / "b.yml", BASE)
    assert (tmp_path / "a.yml").read_bytes() == (tmp_path / "b.yml").read_bytes()


def test_whoever_can_be_notified_has_a_receiver() -> None:
    """Not those without a contact, with a telephone alone, or that serve no more; the telephone stands nowhere."""
    built = rendered(CITY, BASE)
    made = [name for name in receivers(built.text) if "-" in name]
    assert made == ["isp-telkom", "isp-biznet", "kecamatan-maesa"]
    assert receivers(built.text)["isp-telkom"] == {
        "name": "isp-telkom",
        "email_configs": [
            {
                "to": "noc@telkom.example",
                "send_resolved": True,
                "headers": {"Subject": '{{ template "pantau.title" . }}'},
                "html": "",
                "text": '{{ template "pantau.text" . }}',
            }
        ],
    }
    assert "+62" not in built.text
    assert built.notes == ()


def test_debian_s_alertmanager_takes_what_needs_no_newer_one(tmp_path: Path) -> None:
    """E-mail and webhook contacts: accepted by amtool beside the templates it names."""
    build(CITY, tmp_path / "alertmanager.yml", BASE)
    (tmp_path / "alertmanager").symlink_to(ROOT / "config" / "alertmanager")
    accepted(tmp_path / "alertmanager.yml")
    accepted(CONFIG)


def test_telegram_is_by_token_file_and_says_which_version_it_needs(tmp_path: Path) -> None:
    """No token in the file, and a note, for 0.25 would refuse the file whole."""
    built = rendered(with_isp(tmp_path, "{kind: telegram, value: '-1001234567890'}"), BASE)
    assert receivers(built.text)["isp-telkom"]["telegram_configs"] == [
        {
            "chat_id": -1001234567890,
            "bot_token_file": "/etc/alertmanager/secrets/telegram_token",
            "send_resolved": True,
            "parse_mode": "",
            "message": '{{ template "pantau.telegram" . }}',
        }
    ]
    note = f"isp-telkom: telegram needs Alertmanager 0.26 or newer (bot_token_file); Debian 12 has 0.25{OLDER}"
    assert built.notes == (note,)
    # The rest of the block is right: with the elder's key in place of the one it does not know, Debian's takes it.
    older = built.text.replace("bot_token_file: /etc/alertmanager/secrets/telegram_token", "bot_token: made-up")
    (tmp_path / "alertmanager.yml").write_text(older, "utf-8")
    (tmp_path / "alertmanager").symlink_to(ROOT / "config" / "alertmanager")
    accepted(tmp_path / "alertmanager.yml")


def test_a_webhook_whose_address_is_a_secret_is_named_by_its_file(tmp_path: Path) -> None:
    """A path in place of the URL: the file that holds it."""
    built = rendered(with_isp(tmp_path, "{kind: webhook, value: /etc/alertmanager/secrets/telkom_url}"), BASE)
    config = receivers(built.text)["isp-telkom"]["webhook_configs"]
    assert config == [
        {
            "url_file": "/etc/alertmanager/secrets/telkom_url",
            "send_resolved": True,
            "max_alerts": 100,
            "http_config": {"follow_redirects": False},
        }
    ]
    note = f"isp-telkom: webhook by file needs Alertmanager 0.26 or newer (url_file); Debian 12 has 0.25{OLDER}"
    assert built.notes == (note,)


@pytest.mark.parametrize(("language", "words"), [(None, "id"), ("en", "en")])
def test_the_language_chooses_the_words(language: str | None, words: str) -> None:
    """Indonesian unless somebody says otherwise."""
    templates = yaml.safe_load(rendered(CITY, BASE, language).text)["templates"]
    assert templates == [f"alertmanager/{name}.tmpl" for name in ("links", "pantau", f"words.{words}")]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("language: id ", "language: fr ", "contacts.language: Input should be 'id' or 'en'"),
        ("  isp: [", "  ips: [", "contacts.isp: Field required"),
        ("\nroute:", "\nroutes:", "route: is missing or of the wrong form; see the shipped base.yml"),
        ("\nroute:", "\nroute: ]", ":"),
    ],
)
def test_a_mistake_in_the_base_names_file_and_place(old: str, new: str, said: str, tmp_path: Path) -> None:
    """And nothing is written."""
    base = tmp_path / "base.yml"
    base.write_text(BASE.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(AlertingError) as error:
        build(CITY, tmp_path / "out.yml", base)
    assert any(line.startswith(f"{base}") and said in line for line in str(error.value).splitlines())
    assert not (tmp_path / "out.yml").exists()


def test_a_base_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    """With its name and what to do."""
    with pytest.raises(AlertingError, match=r"nowhere.yml: cannot be read \(No such file or directory\); name another"):
        rendered(CITY, tmp_path / "nowhere.yml")


def test_the_commands(tmp_path: Path) -> None:
    """`build` writes and names the file; `check` is content with the shipped one; a language nobody has is refused."""
    file = tmp_path / "out.yml"
    run = CliRunner().invoke
    done = run(app, ["alertmanager", "build", "-c", str(CITY), "--base", str(BASE), "--output", str(file)])
    assert (done.exit_code, done.stdout) == (0, f"{file}\n")
    assert file.read_text("utf-8") == rendered(CITY, BASE).text
    done = run(app, ["alertmanager", "check", "-c", str(ROOT / "examples" / "bitung" / "pantau.yml")])
    assert (done.exit_code, done.stdout) == (0, "good\n")
    assert run(app, ["alertmanager", "build", "--lang", "fr"]).exit_code == 2
