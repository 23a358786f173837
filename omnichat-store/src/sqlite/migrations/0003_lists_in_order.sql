-- A list is restricted by the time that it is sorted by, so each of its indexes holds the range in one stretch. Nothing asks
-- any more for what began in a period.
DROP INDEX conversations_period_activity;
ALTER TABLE conversations DROP COLUMN period;
