"""A laptop that is told what to do on its standard input; started by the drills, which kill it."""

import json
import sys
from pathlib import Path

from capture.phone_server import PhoneServer


def main() -> None:
    folder, take_folder = Path(sys.argv[1]), Path(sys.argv[2])
    with PhoneServer(folder, address="127.0.0.1", laptop="Laptop") as server:
        invitation = server.invite()
        print(json.dumps({"url": invitation.url, "recording": server.recording}), flush=True)
        for word in sys.stdin:
            match word.strip():
                case "record":
                    server.record(take_folder.name, take_folder)
                case "stop":
                    server.stop_recording()
                case "quit":
                    return


main()
