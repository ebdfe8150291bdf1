"""Writing new pages that link to each other where files appear one by one, as in an object store.

Every order of such pages has a page that links to a missing one. So some pages are written without those links first,
then the others, then the first ones again with all links.
"""

from collections.abc import Iterable, Iterator

from sitegen.storage.output import Output
from sitegen.storage.page_links import is_page, targets, without_links

MAX_BATCH_PAGES = 128
"""Pages in one batch."""


class GradualWriter:
    """Writes files into an output where readers see each file at once.

    It writes new files before changed ones, and assets before the pages that load them.
    """

    def __init__(self, output: Output) -> None:
        self.output = output
        self._expected: set[str] = set()
        self._pages: dict[str, bytes] = {}
        self._waiting: dict[str, tuple[bytes, frozenset[str]]] = {}
        self._changed: dict[str, bytes] = {}

    def expect(self, pages: Iterable[str]) -> None:
        """Announce the new pages that will be written."""
        self._expected.update(pages)

    def write(self, path: str, data: bytes, new: bool) -> None:
        """Write a file, at the latest with the next `flush`."""
        if not new:
            self._changed[path] = data
            if len(self._changed) >= MAX_BATCH_PAGES:
                self.flush()
        elif is_page(path):
            self._pages[path] = data
            if len(self._pages) >= MAX_BATCH_PAGES:
                self._write_pages()
        else:
            self.output.write(path, data)

    def flush(self) -> None:
        """Write all waiting files, with all links."""
        self._write_pages()
        self._expected.clear()
        self._write_with_links()
        self.output.flush()
        changed, self._changed = self._changed, {}
        for path, data in changed.items():
            self.output.write(path, data)
        self.output.flush()

    def _write_pages(self) -> None:
        """Write a batch of pages; those that do not link to each other come last."""
        pages, self._pages = self._pages, {}
        if pages:
            self.output.flush()
        links = {path: self._expected.intersection(targets(path, data)) - {path} for path, data in pages.items()}
        last = set(_pages_without_links_between(links))
        for chosen in (pages.keys() - last, last) if pages else ():
            for path in sorted(chosen):
                self._write(path, pages[path], frozenset(links[path] & self._expected))
            self.output.flush()
            self._expected -= chosen
            self._write_with_links()

    def _write(self, path: str, data: bytes, missing: frozenset[str]) -> None:
        if missing:
            self._waiting[path] = data, missing
            data = without_links(path, data, missing.__contains__)
        self.output.write(path, data)

    def _write_with_links(self) -> None:
        """Write again the pages whose link targets all exist now."""
        for path in [path for path, (_, missing) in self._waiting.items() if not missing & self._expected]:
            self.output.write(path, self._waiting.pop(path)[0])


def _pages_without_links_between(links: dict[str, set[str]]) -> Iterator[str]:
    """Pages of which none links to another, chosen greedily from the last to the first.

    A model's pages, to which all pages of its versions link, precede those in `links`, so that it chooses them last.
    """
    taken: set[str] = set()
    linked: set[str] = set()
    for path, own in reversed(links.items()):
        if path not in linked and not own & taken:
            taken.add(path)
            linked |= own
            yield path
