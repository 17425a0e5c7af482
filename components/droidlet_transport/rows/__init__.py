"""Rows on their way from queues to a learner's stores: each comes once, or is counted as lost, whatever is repeated."""
