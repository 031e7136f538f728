"""A pool that loses, repeats, delays and damages things, in an order that a seed decides."""

import random
import threading

LEAST = 0.3
"""Seconds after which a copy is asked for; what is late comes some time after them."""


class Gone(Exception):
    """A worker has died."""


class Job:
    def __init__(self, function, arguments):
        self.function, self.arguments = function, arguments
        self.found, self.calls, self.lost = None, [], False

    def outcome(self):
        return self.found if isinstance(self.found, BaseException) else "done"

    def fetch(self):
        if self.lost:
            raise Gone
        return self.found


class Pool:
    """Accidents by their chances a task: ``killed``, the task and some results are gone; ``stuck``, it never ends; ``late``, it
    ends when a copy has been asked for; ``forgot``, what it came to is gone once it is asked for; ``damaged``, its bytes are not
    what they were."""

    def __init__(self, seed, **chances):
        self.random, self.chances = random.Random(seed), chances
        self.waiting, self.done, self.names, self.ran = [], [], [], 0
        self.wake, self.over = threading.Condition(), False
        self.thread = threading.Thread(target=self._work, daemon=True)
        self.thread.start()

    def submit(self, name, function, *arguments):
        job = Job(function, arguments)
        with self.wake:
            assert name not in self.names
            self.names.append(name)
            self.waiting.append(job)
            self.wake.notify()
        return job

    def when_done(self, job, call):
        with self.wake:
            if job.found is None:
                job.calls.append(call)
                return
        call()

    def slots(self):
        return 3

    def refuse(self, error):
        return False

    def lost(self, error):
        return isinstance(error, Gone)

    def _work(self):
        while not self.over:
            with self.wake:
                able = [
                    job for job in self.waiting if all(a.found is not None for a in job.arguments if isinstance(a, Job))
                ]
                if not able:
                    self.wake.wait(0.01)
                    continue
                job = self.random.choice(able)
                self.waiting.remove(job)
            self._one(job)

    def _one(self, job):
        self.ran += 1
        kinds = [kind for kind, chance in self.chances.items() if self.random.random() < chance]
        plain = [a.found if isinstance(a, Job) else a for a in job.arguments]
        bad = any(isinstance(a, Job) and (a.lost or isinstance(a.found, BaseException)) for a in job.arguments)
        if "stuck" in kinds:
            return
        if "killed" in kinds:
            for other in self.random.sample(self.done, len(self.done) // 3):
                other.lost = True
        try:
            found = Gone() if bad or "killed" in kinds else job.function(*plain)
        except ValueError as error:
            found = error
        if isinstance(found, bytes) and "damaged" in kinds:
            found = b"?" + found
        if "late" in kinds:
            threading.Timer(self.random.uniform(1.2, 4.0) * LEAST, self._ended, (job, found, False)).start()
        else:
            self._ended(job, found, "forgot" in kinds)

    def _ended(self, job, found, lost):
        with self.wake:
            job.found, job.lost = found, lost
            self.done.append(job)
            calls = job.calls
            self.wake.notify()
        for call in calls:
            call()
