"""A child process for `rag.load.page_lane` that does what it is told: answer, sleep, or end."""

from __future__ import annotations

import os
import time

from rag.load.messages import pending_requests, send


def main() -> None:
    pending, replies = pending_requests()
    send(replies, {"size": 0})
    answered = 0
    while True:
        request, _ = pending.get()
        if request.get("crash"):
            os._exit(3)
        time.sleep(request.get("sleep", 0))
        answered += 1
        data = b"x" * request.get("bytes", 0)
        send(
            replies, {"answered": answered, "pid": os.getpid(), "asked": request["file_hash"], "size": len(data)}, data
        )


if __name__ == "__main__":
    main()
