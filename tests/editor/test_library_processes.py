"""Several programs on one library: one writes, any number read, and a killed one loses nothing."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from capture.errors import UserError
from editor.holding import HOLDER_FILE
from editor.library import Library, LibraryBusyError
from editor.resources import tag
from tests.editor.library_values import a_resource

REPO = Path(__file__).parents[2]


def program(code: str, folder: Path) -> subprocess.Popen[bytes]:
    """Start another Python on the library; it says "ready" when it has done its first part."""
    prelude = (
        "import sys\nfrom dataclasses import replace\nfrom pathlib import Path\n"
        "from editor.library import Library\nfrom editor.model import Resource\nfolder = Path(sys.argv[1])\n"
    )
    arguments = [sys.executable, "-c", prelude + code, str(folder)]
    started = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=REPO)
    assert started.stdout.readline() == b"ready\n"
    return started


HOLD = """
with Library.open(folder, write=True, holder="the Lapel window") as library:
    library.save(Resource(id="r1", title="Made elsewhere"), label="new")
    print("ready", flush=True)
    sys.stdin.read()
"""


def test_a_second_writer_is_told_who_the_first_is_and_readers_read_on(tmp_path):
    holder = program(HOLD, tmp_path)
    try:
        with pytest.raises(LibraryBusyError) as refused:
            Library.open(tmp_path, write=True, holder="lapel tag")
        assert refused.value.exit_code == 1
        assert refused.value.params["holder"] == "the Lapel window"
        assert refused.value.params["pid"] == holder.pid
        with Library.open(tmp_path, write=False) as reader:
            assert reader.resource("r1").title == "Made elsewhere"
    finally:
        holder.communicate(timeout=20)
    assert not (tmp_path / HOLDER_FILE).exists()
    with Library.open(tmp_path, write=True) as mine:
        assert mine.resource("r1")


def test_two_writers_in_one_process_exclude_each_other_too(tmp_path):
    with Library.open(tmp_path, write=True, holder="one"), pytest.raises(UserError):
        Library.open(tmp_path, write=True, holder="two")


@pytest.mark.drill
def test_a_holder_that_was_killed_blocks_nobody(tmp_path):
    holder = program(HOLD, tmp_path)
    os.kill(holder.pid, signal.SIGKILL)
    holder.communicate(timeout=20)
    assert (tmp_path / HOLDER_FILE).exists()  # its name is still there, and does not count
    with Library.open(tmp_path, write=True, holder="the next") as mine:
        assert mine.resource("r1").title == "Made elsewhere"


WRITE_ON = """
library = Library.open(folder, write=True, holder="the writer")
resource = library.save(Resource(id="r1", title="0"), label="new")
print("ready", flush=True)
number = 0
while True:
    number += 1
    with library.transaction():
        resource = library.save(replace(resource, title=str(number)), label="title")
        resource = library.save(replace(resource, summary=str(number)), label="summary")
    print(number, flush=True)
"""


@pytest.mark.drill
@pytest.mark.parametrize("after", [3, 25, 60])
def test_killed_in_the_middle_of_writing_loses_nothing_that_was_confirmed(tmp_path, after):
    writer = program(WRITE_ON, tmp_path)
    while True:
        confirmed = int(writer.stdout.readline())
        if confirmed >= after:
            break
    os.kill(writer.pid, signal.SIGKILL)
    rest, _ = writer.communicate(timeout=20)
    confirmed = max([confirmed, *(int(line) for line in rest.split(b"\n")[:-1])])
    with Library.open(tmp_path, write=True) as library:
        kept = library.resource("r1")
        assert int(kept.title) >= confirmed
        assert kept.title == kept.summary  # both saves of a transaction, or neither
        assert library.search(kept.title)[0].resource_id == "r1"
        library.undo("r1")
        assert int(library.undo("r1").title) == int(kept.title) - 1


def test_a_reader_sees_whole_changes_while_somebody_writes(tmp_path):
    writer = program(WRITE_ON, tmp_path)
    try:
        seen: list[int] = []
        with Library.open(tmp_path, write=False) as reader:
            while len(set(seen)) < 5:
                resource = reader.resource("r1")
                assert resource.title == (resource.summary or "0")
                seen.append(int(resource.title))
        assert seen == sorted(seen)
    finally:
        writer.kill()
        writer.communicate(timeout=20)


def test_threads_take_turns(tmp_path):
    with Library.open(tmp_path, write=True) as library:
        made = [a_resource(library, title=f"Number {n}") for n in range(4)]

        def work(resource_id: str) -> None:
            for number in range(10):
                tag(library, resource_id, when_to_use=f"{number}")
                library.search("number")

        with ThreadPoolExecutor() as threads:
            list(threads.map(work, [each.id for each in made]))
        assert {library.resource(each.id).tags.when_to_use for each in made} == {"9"}
        assert all(library.next_undo(each.id).number == 10 for each in made)
