"""Where the library is, and whether that place can be trusted with recordings."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Literal

import platformdirs

#: ``synced``: a program copies the folder to a cloud and may hold files or make conflicting copies.
#: ``network``: recording waits for the network, and locks may not hold. ``fat``: no file above 4 GB.
PlaceWarning = Literal["synced", "network", "fat"]

_SYNCED_NAME = re.compile(
    r"(onedrive( - .+)?|dropbox( \(.+\))?|google ?drive|my drive|icloud ?drive|mobile documents|cloudstorage"
    r"|nextcloud|owncloud|pcloud ?drive|box( sync)?|mega(sync)?|syncthing|seafile|tresorit|proton drive)",
    re.IGNORECASE,
)
_SYNCED_MARKS = (
    ".dropbox.cache",
    ".stfolder",
    ".owncloudsync.log",
    ".nextcloudsync.log",
    ".tmp.drivedownload",
)
_NETWORK = re.compile(
    r"(nfs\d?|cifs|smb\d?|smbfs|afpfs|webdav|davfs|afs|9p|ceph|glusterfs|fuse\.(sshfs|rclone|davfs2?|gvfsd-fuse|s3fs))"
)
_FAT = re.compile(r"(vfat|msdos|fat(12|16|32)?)", re.IGNORECASE)


def default_folder() -> Path:
    """Return ``LAPEL_LIBRARY``, else the folder Lapel below the platform's videos folder."""
    given = os.environ.get("LAPEL_LIBRARY", "").strip()
    return Path(given).expanduser() if given else platformdirs.user_videos_path() / "Lapel"


def place_warnings(folder: Path) -> tuple[PlaceWarning, ...]:
    """Return what speaks against keeping recordings in a folder, which need not exist yet."""
    folder = folder.expanduser().absolute()
    there = next((each for each in (folder, *folder.parents) if each.exists()), Path(folder.anchor))
    return warnings_for(folder, file_system=file_system(there.resolve()))


def warnings_for(folder: Path, *, file_system: str) -> tuple[PlaceWarning, ...]:
    """Return what speaks against a folder on a file system of that name (as the system calls it)."""
    found: list[PlaceWarning] = []
    if any(_is_synced(each) for each in (folder, *folder.parents)):
        found.append("synced")
    if _NETWORK.fullmatch(file_system):
        found.append("network")
    if _FAT.fullmatch(file_system):
        found.append("fat")
    return tuple(found)


def file_system(folder: Path) -> str:
    """Return the system's name for the kind of file system below a folder, "" where it does not tell."""
    try:
        if sys.platform == "win32":
            return _windows_file_system(folder)
        if sys.platform == "darwin":
            return _mac_file_system(folder)
        return linux_file_system(folder, Path("/proc/self/mountinfo").read_text(errors="replace"))
    except (OSError, AttributeError):  # a system without these calls: then there is nothing to warn of
        return ""


def linux_file_system(folder: Path, mounts: str) -> str:
    """Return the kind of the innermost mount around ``folder``; ``mounts`` is ``/proc/self/mountinfo``.

    See proc(5): field 5 is the mount point, and the kind is the first field after the lone hyphen.
    """
    best, kind = -1, ""
    for line in mounts.splitlines():
        fields, _, rest = line.partition(" - ")
        parts = fields.split()
        if len(parts) < 5 or not rest:
            continue
        point = Path(re.sub(r"\\(\d{3})", lambda found: chr(int(found[1], 8)), parts[4]))
        # The last of equal mounts lies on top.
        if folder.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), rest.split()[0]
    return kind


def _is_synced(folder: Path) -> bool:
    if _SYNCED_NAME.fullmatch(folder.name):
        return True
    return any((folder / mark).exists() for mark in _SYNCED_MARKS)


def _mac_file_system(folder: Path) -> str:
    import ctypes

    class Statfs(ctypes.Structure):
        """``struct statfs`` with 64-bit inodes, see statfs(2) of macOS."""

        _fields_ = [
            ("block_size", ctypes.c_uint32),
            ("io_size", ctypes.c_int32),
            ("counts", ctypes.c_uint64 * 5),
            ("fsid", ctypes.c_int32 * 2),
            ("owner_type_flags_subtype", ctypes.c_uint32 * 4),
            ("kind", ctypes.c_char * 16),
            ("rest", ctypes.c_char * 2048),
        ]

    system = ctypes.CDLL(None)
    call = getattr(system, "statfs$INODE64", None) or system.statfs
    found = Statfs()
    return found.kind.decode() if call(os.fsencode(folder), ctypes.byref(found)) == 0 else ""


def _windows_file_system(folder: Path) -> str:
    import ctypes

    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - mypy knows it on Windows only
    drive_remote, root = 4, folder.anchor
    if kernel.GetDriveTypeW(root) == drive_remote:
        return "smb"
    name = ctypes.create_unicode_buffer(32)
    found = kernel.GetVolumeInformationW(root, None, 0, None, None, None, name, len(name))
    return name.value if found else ""
