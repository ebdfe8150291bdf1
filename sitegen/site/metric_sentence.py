"""One sentence about the metrics that two versions have in common. The compare page's script says the same."""

from sitegen.analysis.metric_ranking import Tally


def metric_sentence(tally: Tally) -> str:
    """Whether the metrics of the newer version are better; empty where nothing can be said."""
    counts = {"better": len(tally.better), "worse": len(tally.worse), "the same": len(tally.same)}
    counts = {word: count for word, count in counts.items() if count}
    total = sum(counts.values())
    if not total:
        return _without_judgement(tally)
    which = "comparable" if tally.unjudged else "common"
    if len(counts) > 1:
        return f"{which.capitalize()} metrics: {', '.join(f'{count:,} {word}' for word, count in counts.items())}."
    [word] = counts
    if total == 1:
        [key] = tally.better + tally.worse + tally.same
        return f"The only {which} metric, {key}, is {word}."
    return f"{'Both' if total == 2 else f'All {total:,}'} {which} metrics are {word}."


def _without_judgement(tally: Tally) -> str:
    if tally.keys is None or tally.unjudged:
        return ""
    return "No metric in common on the same dataset." if tally.keys else "No metric in common."
