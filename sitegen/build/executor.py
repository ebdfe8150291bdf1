"""Jobs over the workers of an executor: processes of this machine, or a cluster."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, Future

from sitegen.build.worker import Job, ModelResult, build_models


def map_ordered(executor: Executor, jobs: Iterator[Job], ahead: int) -> Iterator[list[ModelResult]]:
    """Run the jobs, so many ahead of their turn, and give the models of each in order.

    A job whose worker died is run here.
    """
    waiting: deque[tuple[Job, Future[list[ModelResult]]]] = deque()
    for job in jobs:
        future = _submit(executor, job)
        if future is None:
            yield build_models(job)
            continue
        waiting.append((job, future))
        if len(waiting) >= ahead:
            yield _result(*waiting.popleft())
    while waiting:
        yield _result(*waiting.popleft())


def _submit(executor: Executor, job: Job) -> Future[list[ModelResult]] | None:
    try:
        return executor.submit(build_models, job)
    except BrokenExecutor:
        return None


def _result(job: Job, future: Future[list[ModelResult]]) -> list[ModelResult]:
    try:
        return future.result()
    except BrokenExecutor:
        return build_models(job)
