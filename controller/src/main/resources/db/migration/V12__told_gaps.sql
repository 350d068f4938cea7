-- Gaps in what agents told are shown, and kept no longer than results.
GRANT DELETE ON spool_gap TO ${system};
