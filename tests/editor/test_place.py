"""The library is put where recordings are safe, or the producer is warned."""

from pathlib import Path

import platformdirs
import pytest

from editor.place import default_folder, linux_file_system, place_warnings, warnings_for

MOUNTS = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:45 / /home/ada/share rw shared:9 - cifs //server/share rw
31 22 8:17 / /media/ada/USB\\040STICK rw - vfat /dev/sdb1 rw
32 31 8:18 / /media/ada/USB\\040STICK/deep rw - exfat /dev/sdb2 rw
33 22 0:46 / /mnt/cloud rw - fuse.rclone drive: rw
broken line
"""


@pytest.mark.parametrize(
    ("folder", "kind", "warnings"),
    [
        ("/home/ada/Videos/Lapel", "ext4", ()),
        ("/home/ada/share/Lapel", "cifs", ("network",)),
        ("/media/ada/USB STICK/Lapel", "vfat", ("fat",)),
        ("/media/ada/USB STICK/deep/Lapel", "exfat", ()),
        ("/mnt/cloud/Lapel", "fuse.rclone", ("network",)),
    ],
)
def test_the_innermost_mount_decides(folder, kind, warnings):
    assert linux_file_system(Path(folder), MOUNTS) == kind
    assert warnings_for(Path(folder), file_system=kind) == warnings


@pytest.mark.parametrize(
    "name",
    [
        "OneDrive",
        "OneDrive - Contoso Ltd",
        "Dropbox",
        "Dropbox (Contoso)",
        "Google Drive",
        "Nextcloud",
        "iCloud Drive",
    ],
)
def test_folders_that_a_cloud_copies_are_known_by_name(tmp_path, name):
    assert "synced" in place_warnings(tmp_path / name / "Videos" / "Lapel")


def test_and_by_what_the_cloud_puts_into_them(tmp_path):
    assert "synced" not in place_warnings(tmp_path / "Team" / "Lapel")
    (tmp_path / "Team" / ".stfolder").mkdir(parents=True)
    assert "synced" in place_warnings(tmp_path / "Team" / "Lapel")


@pytest.mark.parametrize(
    ("kind", "warnings"), [("NTFS", ()), ("FAT32", ("fat",)), ("apfs", ()), ("smbfs", ("network",))]
)
def test_other_systems_names_for_file_systems(kind, warnings):
    assert warnings_for(Path("/x"), file_system=kind) == warnings


def test_this_machine_answers_without_failing(tmp_path):
    assert set(place_warnings(tmp_path)) <= {"network", "fat"}
    assert place_warnings(Path("relative/and/not/there")) is not None


def test_the_library_is_below_the_videos_folder_unless_said_otherwise(monkeypatch):
    monkeypatch.setenv("LAPEL_LIBRARY", "~/else where")
    assert default_folder() == Path.home() / "else where"
    monkeypatch.setenv("LAPEL_LIBRARY", " ")
    assert default_folder() == platformdirs.user_videos_path() / "Lapel"
