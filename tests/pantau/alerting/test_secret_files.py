"""Where secrets lie, and the file for an Alertmanager that cannot read them there."""

import stat
from pathlib import Path
from typing import Any

import pytest

from pantau.alerting.errors import AlertingError
from pantau.alerting.secret_files import Placing, write_privately

TOKEN = "made-up-token"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A config/ with two secrets."""
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "telegram_token").write_text(f"{TOKEN}\n", "utf-8")
    (tmp_path / "secrets" / "hook").write_text("https://h.example/x", "utf-8")
    return tmp_path


def content(folder: Path) -> dict[str, Any]:
    """A configuration with every kind of secret file."""
    return {
        "global": {"smtp_auth_password_file": "/etc/alertmanager/secrets/smtp_password"},
        "templates": ["alertmanager/pantau.tmpl"],
        "receivers": [
            {
                "name": "page",
                "telegram_configs": [
                    {"bot_token_file": "/etc/alertmanager/secrets/telegram_token", "chat_id": -1},
                    {"bot_token_file": "secrets/nowhere", "chat_id": -1},
                ],
                "webhook_configs": [{"url_file": str(folder / "secrets" / "hook")}, {"url": "http://127.0.0.1:1/"}],
            }
        ],
    }


def test_a_new_alertmanager_is_told_where_the_files_lie(folder: Path) -> None:
    """The Compose stack's place means secrets/ beside it; relative paths are of the configuration's folder."""
    placed = Placing(folder, inline=False).placed(content(folder))
    page = placed["receivers"][0]
    assert placed["global"] == {"smtp_auth_password_file": str(folder / "secrets" / "smtp_password")}
    assert placed["templates"] == [str(folder / "alertmanager" / "pantau.tmpl")]
    assert [one["bot_token_file"] for one in page["telegram_configs"]] == [
        str(folder / "secrets" / "telegram_token"),
        str(folder / "secrets" / "nowhere"),
    ]
    assert page["webhook_configs"] == content(folder)["receivers"][0]["webhook_configs"]


def test_an_old_one_is_given_the_values_and_a_missing_one_costs_its_own_way_alone(folder: Path) -> None:
    """Who it is and what to do is said; the other receivers are told as ever."""
    placing = Placing(folder, inline=True)
    page = placing.placed(content(folder))["receivers"][0]
    assert page["telegram_configs"] == [
        {"bot_token": TOKEN, "chat_id": -1},
        {"bot_token": "0:missing", "chat_id": -1},
    ]
    assert page["webhook_configs"] == [{"url": "https://h.example/x"}, {"url": "http://127.0.0.1:1/"}]
    (sentence,) = placing.sentences
    assert sentence.startswith(f"page: bot_token_file: {folder}/secrets/nowhere: No such file or directory; write it")


def test_what_is_written_is_its_readers_alone(tmp_path: Path) -> None:
    """Mode 0600 from its first byte on, whatever lay there before and whoever could read that."""
    file = tmp_path / "alertmanager.yml"
    file.write_text("old", "utf-8")
    file.chmod(0o644)
    write_privately(file, "new")
    assert (file.read_text("utf-8"), stat.S_IMODE(file.stat().st_mode)) == ("new", 0o600)
    assert list(tmp_path.iterdir()) == [file]
    with pytest.raises(AlertingError, match=r"nowhere/x: cannot be written \(No such file or directory\)"):
        write_privately(tmp_path / "nowhere" / "x", "")
