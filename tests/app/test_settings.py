"""Preferences are kept, survive a newer or broken file, and a full disk does not stop anybody."""

from app.settings import Settings, SettingsFile


def test_what_is_changed_is_there_after_a_restart(tmp_path):
    SettingsFile(tmp_path).change(theme="dark", keys={"edit.split": "F7"})
    now = SettingsFile(tmp_path).now
    assert (now.theme, now.keys) == ("dark", {"edit.split": "F7"})


def test_who_listens_is_told(tmp_path):
    seen = []
    file = SettingsFile(tmp_path)
    file.listen(seen.append)
    file.change(text_percent=150)
    assert [each.text_percent for each in seen] == [150]


def test_a_broken_file_is_put_aside_and_defaults_hold(tmp_path, caplog):
    (tmp_path / "settings.json").write_text("{not json")
    assert SettingsFile(tmp_path).now == Settings()
    assert (tmp_path / "settings.broken.json").read_text() == "{not json"


def test_fields_of_a_newer_lapel_do_no_harm(tmp_path):
    (tmp_path / "settings.json").write_text('{"theme": "dark", "from_the_future": 1}')
    assert SettingsFile(tmp_path).now.theme == "dark"


def test_a_disk_that_cannot_be_written_to_is_told_and_the_change_holds(tmp_path):
    (tmp_path / "settings").write_text("a file in the way")
    told = []
    file = SettingsFile(tmp_path / "settings")
    file.on_error = told.append
    assert file.change(theme="dark").theme == "dark"
    assert [each.message_key for each in told] == ["settings.unwritable"]
