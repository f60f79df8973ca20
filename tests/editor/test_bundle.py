"""A resource travels in one file; a file that means harm does none."""

import contextlib
import io
import os
import stat
import zipfile
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from capture.errors import BadInputError, UserError
from capture.take import read_take
from capture.work import Cancelled, Work
from editor import resources
from editor.bundle import bundle, unbundle
from editor.bundle_file import FORMAT, MANIFEST, Manifest, entry_name
from editor.library import Library
from editor.model import Choice, Correction, CueOverride, Edit, Flag, Poster, Resource, TakeEdit, Transcript
from tests.editor.library_values import a_resource, a_take, a_version, foreign_take, words

MEDIA = bytes(range(256)) * 3000


@pytest.fixture
def library(tmp_path):
    with Library.open(tmp_path / "lib", write=True) as opened:
        yield opened


@pytest.fixture
def elsewhere(tmp_path):
    with Library.open(tmp_path / "other laptop", write=True) as opened:
        yield opened


def rich_resource(library: Library) -> Resource:
    """Two takes with words, edits that name them, tags, a version."""
    made = a_resource(library, title="مرحبا <script>🎤")
    take, other = a_take(library, made, media=MEDIA), a_take(library, made, prompt=2, media=MEDIA[::-1])
    (library.take_folder(take) / "stills").mkdir()
    (library.take_folder(take) / "stills" / "0001.jpg").write_bytes(b"jpeg")
    for each in (take, other):
        flags = (Flag(each.id, 0, 9, "caption.unsure"),)
        library.save_transcript(Transcript(each.id, "en", "base", words("So, ring them."), flags))
    edit = Edit(
        choices=(Choice(take.prompt.id, take.id),),
        takes=(TakeEdit(other.id, corrections=(Correction(0, 9, "x"),)),),
        cue_overrides=(CueOverride(take.id, 0, 9, ("Ring them.",)),),
        poster=(Poster(take.id, file="own-poster-1.jpg"),),
    )
    (library.take_folder(take) / "own-poster-1.jpg").write_bytes(b"jpeg")
    library.save(replace(library.resource(made.id), edit=edit), label="edit")
    resources.tag(library, made.id, level="advanced", language="en")
    library.add_version(a_version(made, take_id=take.id))
    return library.resource(made.id)


def packed(library: Library, tmp_path: Path) -> tuple[Resource, Path]:
    made, file = rich_resource(library), tmp_path / "travel.lapel"
    bundle(library, made.id, file=file, work=Work())
    return made, file


def everything(library: Library) -> list[str]:
    return sorted(str(path.relative_to(library.folder)) for path in library.media.rglob("*"))


def test_all_of_a_resource_arrives_on_another_laptop(library, elsewhere, tmp_path):
    made, file = packed(library, tmp_path)
    brought = unbundle(elsewhere, file, work=Work())
    assert replace(brought, changed_at="") == replace(made, changed_at="")
    assert elsewhere.takes(made.id) == library.takes(made.id)
    assert everything(elsewhere) == everything(library)
    for take in library.takes(made.id):
        assert elsewhere.transcript(take.id) == library.transcript(take.id)
        folder = elsewhere.take_folder(take)
        assert (folder / "mic-001.wav").read_bytes() == (
            library.take_folder(take) / "mic-001.wav"
        ).read_bytes()
        assert read_take(folder) == take
    assert elsewhere.search("ring")[0].places == 2
    (version,) = elsewhere.versions(made.id)
    assert version.cues == library.versions(made.id)[0].cues
    assert version.targets[0].path == "web.zip"  # not the folder of somebody's home


def test_where_it_is_already_it_comes_in_as_a_second_one(library, tmp_path):
    made, file = packed(library, tmp_path)
    brought = unbundle(library, file, work=Work())
    assert brought.id != made.id
    old, new = ({take.id for take in library.takes(each.id)} for each in (made, brought))
    assert len(new) == 2
    assert not old & new
    named = {
        each.take_id for each in (*brought.edit.choices, *brought.edit.takes, *brought.edit.cue_overrides)
    }
    assert named == new
    assert library.versions(brought.id)[0].cut_list[0].take_id in new
    for take in library.takes(brought.id):
        assert take.resource_id == brought.id
        assert library.transcript(take.id).flags[0].take_id == take.id
        assert (library.take_folder(take) / "mic-001.wav").stat().st_size == len(MEDIA)
    library.erase(made.id)
    assert len(library.search("ring")) == 1


def test_a_split_resource_takes_its_borrowed_takes_along(library, elsewhere, tmp_path):
    made = rich_resource(library)
    new = resources.split(library, made.id, chapters=[2], title="Split")
    bundle(library, new.id, file=tmp_path / "s.lapel", work=Work())
    brought = unbundle(elsewhere, tmp_path / "s.lapel", work=Work())
    (take,) = elsewhere.takes(brought.id)
    assert (elsewhere.media / brought.id / take.id / "mic-001.wav").read_bytes() == MEDIA[::-1]
    assert take.resource_id == brought.id


def test_what_only_this_laptop_needs_stays_here(library, tmp_path):
    made = rich_resource(library)
    folder = library.take_folder(library.takes(made.id)[0])
    for name in ("recorder.json", "recorder.log", ".reserve", ".x.part.wav", "card-0.jpg"):
        (folder / name).write_text("key")
    os.symlink("/etc/passwd", folder / "passwd")
    bundle(library, made.id, file=tmp_path / "b.lapel", work=Work())
    names = {Path(name).name for name in zipfile.ZipFile(tmp_path / "b.lapel").namelist()}
    assert names == {MANIFEST, "mic-001.wav", "0001.jpg", "own-poster-1.jpg"}


def test_a_bundle_is_never_half_there(library, tmp_path):
    made = rich_resource(library)
    out = tmp_path / "out"
    out.mkdir()
    stopped = Work()
    stopped.cancel()
    with pytest.raises(Cancelled):
        bundle(library, made.id, file=out / "b.lapel", work=stopped)
    (library.take_folder(library.takes(made.id)[0]) / "mic-001.wav").unlink()
    with pytest.raises(UserError) as refused:
        bundle(library, made.id, file=out / "b.lapel", work=Work())
    assert refused.value.message_key == "bundle.media_missing"
    assert list(out.iterdir()) == []


def test_an_existing_file_and_a_missing_folder_are_left_as_they_are(library, tmp_path):
    made, file = packed(library, tmp_path)
    before = file.read_bytes()
    for target, key in ((file, "exists"), (tmp_path, "exists"), (tmp_path / "no" / "b.lapel", "no_folder")):
        with pytest.raises(BadInputError) as refused:
            bundle(library, made.id, file=target, work=Work())
        assert refused.value.message_key == f"bundle.{key}"
    with pytest.raises(BadInputError) as refused:
        bundle(library, made.id, file=Path("/proc/b.lapel"), work=Work())
    assert refused.value.message_key == "bundle.unwritable"
    assert file.read_bytes() == before


# Files that mean harm, or are broken -----------------------------------------------------------------


def a_bundle(
    *entries: tuple[str | zipfile.ZipInfo, bytes], manifest: Manifest | bytes | None = None
) -> bytes:
    """A zip with those entries and the manifest of a small resource with take ``t1``."""
    take = foreign_take("r1", id="t1")
    if manifest is None:
        manifest = Manifest(FORMAT, Resource(id="r1", title="T"), (take,))
    data = manifest if isinstance(manifest, bytes) else msgspec.json.encode(manifest)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, data)
        for name, content in entries:
            archive.writestr(name, content)
    return buffer.getvalue()


def refused_key(library: Library, tmp_path: Path, data: bytes) -> str:
    """Why a bundle is refused; the library and all around it must be as before."""
    file = tmp_path / "bad.lapel"
    file.write_bytes(data)
    around = sorted(tmp_path.rglob("*"))
    with pytest.raises(BadInputError) as refused:
        unbundle(library, file, work=Work())
    assert sorted(p for p in tmp_path.rglob("*") if p != library.media) == [
        p for p in around if p != library.media
    ]
    assert library.resources() == ()
    return refused.value.message_key


def locked(data: bytes) -> bytes:
    """The same zip, whose entries say that they need a password."""
    for signature, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        parts = data.split(signature)
        data = signature.join([parts[0], *(p[: offset - 4] + b"\x01" + p[offset - 3 :] for p in parts[1:])])
    return data


def link(name: str, kind: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (kind | 0o777) << 16
    return info


def test_a_small_good_bundle_is_good(library, tmp_path):
    (tmp_path / "good.lapel").write_bytes(a_bundle((entry_name("t1", "a file (1).wav"), b"x")))
    assert unbundle(library, tmp_path / "good.lapel", work=Work()).id == "r1"


@pytest.mark.parametrize(
    "name",
    [
        "../evil", "media/../../evil", "/etc/evil", "C:\\evil", "C:/evil", "media/t1/../../../evil",
        "media/t1/", "media/t1/..", "media/t1/a\\..\\b", "media/other/x.wav", "evil", "media/t1/CON",
        "media/t1/nul.txt", "media/t1/a:b", "media/t1/trailing. ", "media/t1/a/b/c/d/e",
        "media/t1/" + "x" * 201, "media/t1/a\u202eb", "media//x", "media/t1//x", "//server/share/x",
        "media/T1/x",
    ],
)  # fmt: skip
def test_no_entry_lands_outside_its_take(library, tmp_path, name):
    assert refused_key(library, tmp_path, a_bundle((name, b"x"))) == "bundle.hostile"


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFDIR])
def test_links_and_devices_are_refused(library, tmp_path, kind):
    data = a_bundle((link("media/t1/x.wav", kind), b"/etc/passwd"))
    assert refused_key(library, tmp_path, data) == "bundle.hostile"


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packings_that_lapel_never_uses_are_refused(library, tmp_path, packing):
    info = zipfile.ZipInfo("media/t1/x.wav")
    info.compress_type = packing
    buffer = io.BytesIO(a_bundle())
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(info, b"x" * 99, compress_type=packing)
    assert refused_key(library, tmp_path, buffer.getvalue()) == "bundle.hostile"


def test_a_password_is_refused(library, tmp_path):
    assert refused_key(library, tmp_path, locked(a_bundle())) == "bundle.hostile"


def test_two_names_that_differ_in_capitals_only_are_refused(library, tmp_path):
    data = a_bundle(("media/t1/a.wav", b"x"), ("media/t1/A.wav", b"y"))
    assert refused_key(library, tmp_path, data) == "bundle.hostile"


def test_a_bomb_is_refused_before_it_unpacks(library, tmp_path):
    assert refused_key(library, tmp_path, a_bundle(("media/t1/x.wav", bytes(60_000_000)))) == "bundle.bomb"


def test_a_size_that_lies_is_found_out(library, tmp_path):
    data = bytearray(a_bundle(("media/t1/x.wav", b"x" * 1000)))
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = data.rindex(signature) + offset
        data[at : at + 4] = (10).to_bytes(4, "little")
    assert refused_key(library, tmp_path, bytes(data)) == "bundle.damaged"


def manifest_of(**changes: object) -> Manifest:
    return replace(Manifest(FORMAT, Resource(id="r1", title="T"), (foreign_take("r1", id="t1"),)), **changes)


TAKE = foreign_take("r1", id="t1")


@pytest.mark.parametrize(
    ("manifest", "key"),
    [
        (b"", "damaged"),
        (b"[" * 100_000, "damaged"),
        (b"{}", "damaged"),
        (b'{"format": 1}', "damaged"),
        (b'{"format": 2, "resource": 7}', "newer"),
        (manifest_of(resource=Resource(id="../x", title="T")), "damaged"),
        (manifest_of(takes=(replace(TAKE, id="../x"),)), "damaged"),
        (manifest_of(takes=(TAKE, TAKE)), "damaged"),
        (manifest_of(takes=(TAKE, replace(TAKE, id="T1"))), "damaged"),
        (manifest_of(takes=(replace(TAKE, duration_us=2**70),)), "damaged"),
        (manifest_of(takes=(replace(TAKE, number=-1),)), "damaged"),
        (manifest_of(transcripts=(Transcript("t9", "en", "m", ()),)), "damaged"),
    ],
)  # fmt: skip
def test_a_manifest_that_does_not_fit_together_is_refused(library, tmp_path, manifest, key):
    assert refused_key(library, tmp_path, a_bundle(manifest=manifest)) == f"bundle.{key}"


def test_a_take_whose_media_are_not_in_it_is_refused(library, tmp_path):
    made = a_resource(library)
    take = a_take(library, made, media=b"RIFF")
    library.erase(made.id)
    data = a_bundle(manifest=manifest_of(takes=(take,)))
    assert refused_key(library, tmp_path, data) == "bundle.damaged"


def test_every_broken_copy_is_refused_and_leaves_nothing(library, tmp_path):
    good = a_bundle(("media/t1/x.wav", os.urandom(3000)))
    for cut in range(0, len(good), 97):
        assert refused_key(library, tmp_path, good[:cut]).startswith("bundle.")


def test_flipped_bytes_never_escape_as_a_bug(library, tmp_path):
    good = a_bundle(("media/t1/x.wav", os.urandom(300)))
    file = tmp_path / "flipped.lapel"
    for at in range(0, len(good), 5):
        file.write_bytes(good[:at] + bytes([good[at] ^ 0x55]) + good[at + 1 :])
        with contextlib.suppress(BadInputError):
            unbundle(library, file, work=Work())
        assert list(library.media.glob(".*")) == []


@pytest.mark.parametrize(
    ("what", "key"), [("missing", "missing"), ("folder", "not_file"), ("text", "not_bundle")]
)
def test_what_is_no_bundle_is_told(library, tmp_path, what, key):
    file = tmp_path / "x.lapel"
    if what == "folder":
        file.mkdir()
    elif what == "text":
        file.write_text("hello")
    with pytest.raises(BadInputError) as refused:
        unbundle(library, file, work=Work())
    assert refused.value.message_key == f"bundle.{key}"


def test_any_other_zip_is_no_bundle(library, tmp_path):
    with zipfile.ZipFile(tmp_path / "z.lapel", "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(BadInputError) as refused:
        unbundle(library, tmp_path / "z.lapel", work=Work())
    assert refused.value.message_key == "bundle.not_bundle"


def test_stopping_leaves_nothing(library, elsewhere, tmp_path):
    _, file = packed(library, tmp_path)
    work = Work()
    work.cancel()
    with pytest.raises(Cancelled):
        unbundle(elsewhere, file, work=work)
    assert list(elsewhere.media.iterdir()) == []
    assert elsewhere.resources() == ()


def test_hostile_text_in_a_bundle_is_only_text(library, tmp_path):
    title = "Line\nbreak\0 <script>"
    data = a_bundle(manifest=manifest_of(resource=Resource(id="r1", title=title, summary="a\0b")))
    (tmp_path / "x.lapel").write_bytes(data)
    brought = unbundle(library, tmp_path / "x.lapel", work=Work())
    assert brought.title == "Line break <script>"
    assert brought.summary == "ab"
