"""Room 3's tests. ``oracle`` asks Java and puts our answers into the same words, ``generator`` makes up what to ask,
``record_fixtures`` writes what Java answered to fixtures/jsonpath."""
