"""The chain's processes, restarted whenever they end, as whatever supervises them in a deployment would."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

STOP_SECONDS = 40


class Replica:
    """One process of the chain."""

    def __init__(self, name: str, settings: dict, directory: Path) -> None:
        self.name = name
        self.log = directory / f"{name}.log"
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self.deaths = 0

    def start(self, failpoints: str = "") -> None:
        """Start it, where a failpoint shall act."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("JIUSHU_")}
        environment["JIUSHU_FAILPOINTS"] = failpoints
        command = [sys.executable, "-m", "tests.faults.worker", json.dumps(self._settings)]
        with self.log.open("ab") as log:
            log.write(f"--- started, {failpoints or 'no failpoint'}\n".encode())
            log.flush()
            self._process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)

    @property
    def lives(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    def send(self, number: signal.Signals) -> bool:
        """Send a signal; whether somebody was there to get it."""
        if not self.lives:
            return False
        self._process.send_signal(number)
        return True

    def wait(self, seconds: float) -> bool:
        """Whether it ends within that time."""
        try:
            self._process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def kill(self) -> None:
        """SIGKILL, and nothing of it is left."""
        self.send(signal.SIGKILL)
        if self._process is not None:
            self._process.wait()


class Service:
    """The replicas of one service. Its lock is held by whoever does something with them."""

    def __init__(self, name: str, replicas: list[Replica]) -> None:
        self.name = name
        self.replicas = replicas
        self.lock = threading.RLock()

    def start(self) -> None:
        """Start those that do not run."""
        with self.lock:
            for replica in self.replicas:
                if not replica.lives:
                    replica.start()


class Fleet:
    """All services; a thread starts again what has died by itself."""

    def __init__(self, services: list[Service]) -> None:
        self.services = {service.name: service for service in services}
        self.counts: Counter[str] = Counter()
        self._is_over = threading.Event()
        self._supervisor = threading.Thread(target=self._supervise, daemon=True)

    def start(self) -> None:
        """Start every process, and go on doing so."""
        for service in self.services.values():
            service.start()
        self._supervisor.start()

    def kill(self, service: Service, replica: int) -> None:
        """SIGKILL at this very moment."""
        with service.lock:
            self.counts["kills at a random moment"] += 1
            service.replicas[replica % len(service.replicas)].kill()
            service.start()

    def kill_at(self, service: Service, point: str, nth: int, patience: float) -> bool:
        """SIGKILL the service, and its one new process when it reaches the failpoint for the n-th time."""
        with service.lock:
            for replica in service.replicas:
                self.counts["kills at a random moment"] += replica.lives
                replica.kill()
            armed = service.replicas[0]
            armed.start(f"{point}:kill@{nth}")
            if point == "lease.before_release":
                time.sleep(3)
                armed.send(signal.SIGTERM)
            reached = armed.wait(patience)
            if reached:
                self.counts[point] += 1
            else:
                self.counts["failpoints not reached"] += 1
                armed.kill()
            service.start()
            return reached

    def freeze(self, service: Service, replica: int, seconds: float) -> None:
        """SIGSTOP for longer than a lease lasts, so that another takes over; then SIGCONT."""
        with service.lock:
            frozen = service.replicas[replica % len(service.replicas)]
            if frozen.send(signal.SIGSTOP):
                self.counts["processes frozen"] += 1
                time.sleep(seconds)
                frozen.send(signal.SIGCONT)

    def restart(self, service: Service) -> None:
        """SIGTERM to all, and start them again."""
        with service.lock:
            self.counts["graceful restarts"] += 1
            self._end(service)
            service.start()

    def stop(self) -> None:
        """SIGTERM to every process; raises where one does not end."""
        self._is_over.set()
        self._supervisor.join()
        for service in self.services.values():
            self._end(service)

    def abandon(self) -> None:
        """SIGKILL whatever still runs."""
        self._is_over.set()
        for service in self.services.values():
            for replica in service.replicas:
                replica.kill()

    def ask_where_they_are(self) -> None:
        """Each process writes into its log what each of its threads is doing."""
        for service in self.services.values():
            for replica in service.replicas:
                replica.send(signal.SIGUSR1)
        time.sleep(2)

    def logs(self) -> str:
        """The end of what each process wrote."""
        return "\n".join(
            f"== {replica.name}\n" + "\n".join(replica.log.read_text(errors="replace").splitlines()[-120:])
            for service in self.services.values()
            for replica in service.replicas
        )

    def _end(self, service: Service) -> None:
        for replica in service.replicas:
            replica.send(signal.SIGTERM)
        for replica in service.replicas:
            if not replica.wait(STOP_SECONDS):
                self.counts["stops that took too long"] += 1
                replica.kill()

    def _supervise(self) -> None:
        while not self._is_over.wait(0.2):
            for service in self.services.values():
                if not service.lock.acquire(blocking=False):
                    continue  # somebody is at it
                try:
                    for replica in service.replicas:
                        if not replica.lives:
                            self.counts["processes that ended by themselves"] += 1
                    service.start()
                finally:
                    service.lock.release()
