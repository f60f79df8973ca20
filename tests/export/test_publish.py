"""Publishing: rendered once, frozen, whole or not at all, and never over an older version."""

import json
import resource as limits
import zipfile
from dataclasses import replace
from pathlib import Path

import av
import msgspec
import numpy as np
import pytest
from PIL import Image

from capture.errors import BadInputError, UserError
from capture.take import Sync, write_take
from capture.work import Cancelled, Work
from editor import resources, still, tasks
from editor.model import Poster, Rendition, Version
from editor.working_copy import COPY_FILE, working_copy
from export import publish, registry
from export.terms import Terms

S = 1_000_000


def left_over(folder):
    return [path for path in folder.rglob(".*")] if folder.exists() else []


def test_a_version_is_frozen_and_its_packages_stand_in_the_library(library, resource_id):
    done = publish.publish(library, resource_id, terms=Terms(note="First"), work=Work())
    assert [package.target for package in done.packages] == list(registry.BUILT)
    home = library.exports / resource_id / "v1"
    assert {path.name for path in home.iterdir()} == {
        "ring-within-the-hour-cmi5.zip",
        "ring-within-the-hour-scorm12.zip",
        "ring-within-the-hour-scorm2004.zip",
        "ring-within-the-hour-video",
        "ring-within-the-hour-web",
        "ring-within-the-hour-web.zip",
        "ring-within-the-hour-xapi.zip",
        "version.json",
    }
    kept = library.versions(resource_id)[0]
    assert kept == msgspec.json.decode((home / "version.json").read_bytes(), type=Version)
    assert (kept.number, kept.note, kept.title) == (1, "First", "Ring within the hour")
    assert " ".join(line for cue in kept.cues for line in cue.lines).startswith("If we rang inside")
    assert library.resource(resource_id).version == 1
    assert set(done.timings_s) == {"copies", "render", "packages"}
    assert all(package.bytes > 100_000 for package in done.packages)
    assert left_over(library.exports) == []


def test_the_next_version_leaves_the_last_one_alone(library, resource_id):
    publish.publish(library, resource_id, targets=["web"], work=Work())
    before = sorted((p, p.stat().st_mtime_ns) for p in (library.exports / resource_id / "v1").rglob("*"))
    assert publish.publish(library, resource_id, targets=["web"], work=Work()).version == 2
    assert (
        sorted((p, p.stat().st_mtime_ns) for p in (library.exports / resource_id / "v1").rglob("*")) == before
    )


def test_a_rebuilt_version_is_bit_identical_even_after_edits(library, resource_id, tmp_path):
    done = publish.publish(library, resource_id, work=Work())
    resources.tag(library, resource_id, level="advanced")
    tasks.edit(library, resource_id, tasks.Tidy(clean_sound="high"), work=Work())
    for copy in library.media.rglob(COPY_FILE):
        copy.unlink()  # it comes out the same again
    publish.rebuild(library, resource_id, 1, targets=registry.BUILT, out=tmp_path / "again", work=Work())
    before, after = (
        {p.relative_to(f): p.read_bytes() for p in f.rglob("*") if p.is_file()}
        for f in (done.packages[0].path.parent, tmp_path / "again")
    )
    del before[Path(publish.VERSION_FILE)]
    assert before == after


def test_packages_show_the_still_that_was_chosen_and_rebuilt_ones_too(library, resource_id, tmp_path):
    source = tmp_path / "mine.png"
    Image.new("RGB", (1600, 900), "teal").save(source)
    take = library.takes(resource_id)[0]
    folder = library.take_folder(take)
    own = Poster(take.id, file=still.keep_picture(folder, source, work=Work()))
    posters = []
    for number, chosen in enumerate((own, Poster(take.id, 2 * S)), 1):
        resource = library.resource(resource_id)
        edit = replace(resource.edit, poster=(chosen,))
        library.save(replace(resource, edit=edit), label="poster")
        publish.publish(library, resource_id, targets=["web"], work=Work())
        assert library.versions(resource_id)[-1].poster == chosen
        package = library.exports / resource_id / f"v{number}" / "ring-within-the-hour-web"
        posters.append((package / "poster.jpg").read_bytes())
    assert posters[0] == still.own_picture(folder, own).read_bytes()
    assert posters[1] != posters[0]
    publish.rebuild(library, resource_id, 1, targets=["web"], out=tmp_path / "again", work=Work())
    assert next((tmp_path / "again").rglob("poster.jpg")).read_bytes() == posters[0]


def test_a_version_says_what_it_was_made_from_and_is_not_made_from_anything_else(
    library, resource_id, tmp_path
):
    done = publish.publish(library, resource_id, targets=["web"], work=Work())
    assert done.rendered.copied_frames == done.rendered.frames
    (take,) = library.takes(resource_id)
    folder = library.take_folder(take)
    (used,) = library.versions(resource_id)[0].made_from
    copy = working_copy(take, folder)
    assert (used.take_id, used.sha256) == (take.id, copy.sha256)
    later = replace(take, sync=Sync(500_000, 0.0, 1.0))
    write_take(folder, later)
    library.adopt(later, folder)
    with pytest.raises(UserError) as refused:
        publish.rebuild(library, resource_id, 1, targets=["web"], out=tmp_path / "again", work=Work())
    assert refused.value.message_key == "export.other_copy"


def test_the_sound_is_cleaned_as_decided_and_the_decision_can_be_taken_back(library, resource_id):
    tasks.edit(library, resource_id, tasks.Tidy(clean_sound="mid"), work=Work())
    publish.publish(library, resource_id, targets=["web"], work=Work())
    library.undo(resource_id)
    publish.publish(library, resource_id, targets=["web"], work=Work())
    assert [version.clean_sound for version in library.versions(resource_id)] == ["mid", "off"]


def test_packages_keep_under_so_many_megabytes(library, resource_id):
    wanted = Rendition(most_bytes=1_950_000)
    done = publish.publish(library, resource_id, targets=["web"], terms=Terms(rendition=wanted), work=Work())
    assert done.packages[0].bytes < wanted.most_bytes
    tight = Terms(rendition=Rendition(most_bytes=1_600_000))
    with pytest.raises(BadInputError) as refused:
        publish.publish(library, resource_id, targets=["web"], terms=tight, work=Work())
    assert refused.value.message_key == "render.cannot_fit"
    assert len(library.versions(resource_id)) == 1


def test_captions_in_the_picture_are_for_the_plain_video_alone(library, resource_id):
    wanted = Rendition(burnt_captions=True, lower_third=True)
    done = publish.publish(
        library, resource_id, targets=["web", "video"], terms=Terms(rendition=wanted), work=Work()
    )
    plain = next(done.packages[0].path.rglob("*.mp4"))
    (captioned,) = next(p.path for p in done.packages if p.target == "video").glob("*.mp4")
    shown = [_frame(path, at_s=2.0).astype(int) for path in (plain, captioned)]
    height = shown[0].shape[0]
    away = np.abs(shown[0] - shown[1])
    assert away[height * 4 // 5 :].mean() > 4 * max(away[: height // 2].mean(), 0.2)


def test_a_take_whose_file_is_gone_is_named(library, resource_id):
    (take,) = library.takes(resource_id)
    for name in (take.segments[0].file, COPY_FILE):
        (library.take_folder(take) / name).unlink()
    with pytest.raises(UserError) as refused:
        publish.publish(library, resource_id, targets=["web"], work=Work())
    assert refused.value.message_key == "edit.media_missing"
    assert take.prompt.title in refused.value.params["prompt"]


def _frame(path: Path, *, at_s: float) -> np.ndarray:
    with av.open(str(path)) as container:
        shown = (frame for frame in container.decode(video=0) if frame.time >= at_s)
        return next(shown).to_ndarray(format="gray")


def test_packages_can_go_elsewhere_and_what_is_there_stays(library, resource_id, tmp_path):
    out = tmp_path / "out folder"
    (out / "ring-within-the-hour-web").mkdir(parents=True)
    (out / "ring-within-the-hour-web" / "old.txt").write_text("old")
    (out / "notes.txt").write_text("mine")
    done = publish.publish(library, resource_id, targets=["web"], out=out, work=Work())
    assert done.packages[0].path == out / "ring-within-the-hour-2-web"
    assert (out / "notes.txt").read_text() == "mine"
    assert (out / "ring-within-the-hour-web" / "old.txt").read_text() == "old"
    assert (done.packages[0].path / "index.html").exists()
    assert left_over(out) == []
    assert publish.newest_package(library, resource_id, target="web") == done.packages[0].path
    again = publish.publish(library, resource_id, targets=["web"], out=out, work=Work())
    assert again.packages[0].path == done.packages[0].path


@pytest.mark.parametrize(
    "title", ["👋", "كيف نرد", "<script>alert(1)</script>", "x" * 300, 'a "b" /c\\d: e?']
)
def test_any_title_can_be_published(library, resource_id, title):
    from dataclasses import replace

    library.save(replace(library.resource(resource_id), title=title), label="title")
    done = publish.publish(library, resource_id, targets=["scorm12"], work=Work())
    assert done.packages[0].path.name.isascii()
    with zipfile.ZipFile(done.packages[0].path) as archive:
        assert (
            title
            in json.loads(archive.read("data.js").decode().partition("LAPEL=")[2].rstrip(";\n"))["title"]
        )


def test_names_in_record_stores_keep_their_start_from_version_to_version(library, resource_id):
    def base(given):
        publish.publish(library, resource_id, targets=["xapi"], terms=Terms(base_iri=given), work=Work())
        return library.versions(resource_id)[-1].base_iri

    found = [base(given) for given in (None, "https://learning.example.com/lapel", None, "")]
    assert found == ["", "https://learning.example.com/lapel/", "https://learning.example.com/lapel/", ""]


def nothing_happened(library, resource_id):
    assert library.versions(resource_id) == ()
    assert not library.exports.exists() or list(library.exports.rglob("*")) == []


@pytest.mark.parametrize(
    ("options", "key"),
    [
        ({"targets": ["flash"]}, "export.unknown_target"),
        ({"targets": []}, "export.no_target"),
        ({"terms": Terms(completion_percent=101)}, "export.percent"),
        ({"terms": Terms(completion_percent=-1)}, "export.percent"),
        ({"terms": Terms(base_iri="here")}, "export.base_iri"),
        ({"terms": Terms(feedback_url="http://plain.example/")}, "export.feedback_url"),
    ],
)
def test_bad_arguments_write_nothing(library, resource_id, options, key):
    with pytest.raises(BadInputError) as refused:
        publish.publish(library, resource_id, **options, work=Work())
    assert refused.value.message_key == key
    nothing_happened(library, resource_id)


def test_a_resource_without_takes_cannot_be_published(library):
    empty = resources.new_resource(library, title="Empty")
    with pytest.raises(BadInputError) as refused:
        publish.publish(library, empty.id, work=Work())
    assert refused.value.message_key == "export.not_ready"
    assert "no recording yet" in str(refused.value.params["problems"])
    nothing_happened(library, empty.id)


def test_an_output_folder_that_is_a_file_is_refused(library, resource_id, tmp_path):
    (tmp_path / "out").write_text("a file")
    with pytest.raises(BadInputError) as refused:
        publish.publish(library, resource_id, out=tmp_path / "out", work=Work())
    assert refused.value.message_key == "export.cannot_write"
    assert (tmp_path / "out").read_text() == "a file"
    nothing_happened(library, resource_id)


def test_an_output_folder_that_cannot_be_written_is_refused(library, resource_id):
    with pytest.raises(BadInputError) as refused:  # also for root, whom no permission bit stops
        publish.publish(library, resource_id, out=Path("/proc/lapel/out"), work=Work())
    assert refused.value.message_key == "export.cannot_write"
    nothing_happened(library, resource_id)


@pytest.mark.drill
def test_a_full_disk_leaves_the_last_version_intact(library, resource_id, tmp_path):
    out = tmp_path / "out"
    first = publish.publish(library, resource_id, targets=["scorm12"], out=out, work=Work())
    before = first.packages[0].path.read_bytes()
    soft, hard = limits.getrlimit(limits.RLIMIT_FSIZE)

    def fill(_fraction, note):
        if note == "export.packing":  # from here on, writing fails half-way as it does on a full disk
            limits.setrlimit(limits.RLIMIT_FSIZE, (len(before) // 2, hard))

    try:
        with pytest.raises(BadInputError) as refused:
            publish.rebuild(library, resource_id, 1, targets=["scorm12"], out=out, work=Work(fill))
    finally:
        limits.setrlimit(limits.RLIMIT_FSIZE, (soft, hard))
    assert refused.value.message_key == "export.cannot_write"
    assert [path.name for path in out.iterdir()] == [first.packages[0].path.name]
    assert first.packages[0].path.read_bytes() == before


@pytest.mark.parametrize("after", [0.0, 0.5, 0.82, 0.97])
def test_stopping_at_any_moment_leaves_nothing(library, resource_id, tmp_path, after):
    def told(fraction, _note):
        if fraction is not None and fraction >= after:
            work.cancel()

    work = Work(told)
    with pytest.raises(Cancelled):
        publish.publish(library, resource_id, out=tmp_path / "out", work=work)
    assert not (tmp_path / "out").exists()
    nothing_happened(library, resource_id)


def test_no_package_yet_is_said_in_words(library, resource_id):
    with pytest.raises(BadInputError, match="no_package"):
        publish.newest_package(library, resource_id, target="web")


def test_unknown_version_is_said_in_words(library, resource_id, tmp_path):
    with pytest.raises(BadInputError, match="no_version"):
        publish.rebuild(library, resource_id, 7, targets=["web"], out=tmp_path, work=Work())
