"""Keeps the web server and the background worker alive until it is told to stop. Used by `make run`.

A server uses the systemd units beside this file instead.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

PR_SET_PDEATHSIG = 1
SECONDS_TO_FINISH = 30
LONGEST_PAUSE = 30
STABLE_AFTER = 10
TICK = 0.2


def complain(sentence):
    """Tells the person at the terminal."""
    print(f"! {sentence}", file=sys.stderr, flush=True)


def end_with_parent():
    """Asks Linux to stop this child when the supervisor is killed, so that no port stays taken."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Child:
    """One program that is started again whenever it ends, after a pause that grows while it keeps failing."""

    def __init__(self, name, command):
        self.name, self.command = name, command
        self.pause = 1
        self.start()

    def start(self):
        """Starts it in a session of its own: Ctrl-C reaches the supervisor alone, which stops it in order."""
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.DEVNULL, start_new_session=True, preexec_fn=end_with_parent
        )
        self.started = time.monotonic()
        self.restart_at = None

    def has_ended(self):
        """True when the program is not running."""
        return self.process.poll() is not None

    def revive(self):
        """Starts it again when it has ended and its pause is over."""
        if not self.has_ended():
            return
        now = time.monotonic()
        if self.restart_at is None:
            self.pause = 1 if now - self.started > STABLE_AFTER else min(self.pause * 2, LONGEST_PAUSE)
            self.restart_at = now + self.pause
            complain(f"{self.name} đã dừng (mã {self.process.returncode}), chạy lại sau {self.pause} giây")
        elif now >= self.restart_at:
            self.start()

    def send(self, signal_number):
        """Sends a signal to the program alone; its own children are its business while it lives."""
        if not self.has_ended():
            self.process.send_signal(signal_number)

    def clear(self):
        """Ends whatever is left of the program and of what it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def answers(url):
    """True when something at `url` speaks HTTP, whatever it says."""
    try:
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=2).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def supervise(commands, on_tick):
    """Runs `commands` (name → argument list) until SIGINT, SIGTERM or SIGHUP; returns the exit code.

    `on_tick(children)` is called a few times a second and may return an exit code to stop at once.
    """
    asked = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: asked.append(0))
    children = {name: Child(name, command) for name, command in commands.items()}
    while not asked:
        if (code := on_tick(children)) is not None:
            asked.append(code)
            break
        for child in children.values():
            child.revive()
        time.sleep(TICK)
    stop(children.values())
    return asked[0]


def stop(children):
    """Lets all finish what they are doing, and ends after half a minute what has not."""
    deadline = time.monotonic() + SECONDS_TO_FINISH
    for child in children:
        child.send(signal.SIGTERM)
    while time.monotonic() < deadline and not all(child.has_ended() for child in children):
        time.sleep(TICK)
    for child in children:
        child.clear()


class Announcement:
    """Says once that the application answers; ends the run when the web server never comes up."""

    def __init__(self, url):
        self.url, self.made = url, False

    def __call__(self, children):
        if self.made:
            return None
        if children["web"].has_ended():
            complain("Máy chủ web không khởi động được; xem thông báo phía trên.")
            return 1
        if answers(self.url):
            self.made = True
            self.print()
        return None

    def print(self):
        print(f"\nSáng Kiến đang chạy tại {self.url}  (dừng: Ctrl-C)\n", flush=True)
        if os.environ.get("FLASK_DEMO") == "1":
            subprocess.run([sys.executable, "-m", "flask", "--app", "wsgi", "demo", "--accounts"], check=False)


def main():
    """The two programs of the application, on LISTEN and PORT."""
    listen, port = os.environ.get("LISTEN", "127.0.0.1"), os.environ.get("PORT", "8000")
    shown = "127.0.0.1" if listen in ("0.0.0.0", "::") else listen
    commands = {
        "web": [
            sys.executable,
            "-m",
            "gunicorn",
            "--config",
            "deploy/gunicorn.conf.py",
            "--log-level",
            "warning",
        ],
        "worker": [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "work"],
    }
    return supervise(commands, Announcement(f"http://{shown}:{port}/"))


if __name__ == "__main__":
    sys.exit(main())
