-- A list is restricted by the time that it is sorted by, so each of its indexes holds the range in one stretch. Nothing asks
-- any more for what began in a period.
DROP INDEX conversations_period_activity;
ALTER TABLE conversations DROP COLUMN period;

-- PostgreSQL does not see that an index is sorted by what comes after a column that is null. So nobody's conversations have
-- indexes of their own, in which that column is not a key; else all of them would be read and sorted for a page.
DROP INDEX conversations_assignee_activity;
CREATE INDEX conversations_assignee_activity
    ON conversations (tenant, assignee, status, activity_at, id) INCLUDE (inbox, priority, unread, waits) WHERE assignee IS NOT NULL;
CREATE INDEX conversations_unassigned_activity
    ON conversations (tenant, status, activity_at, id) INCLUDE (inbox, priority, unread, waits) WHERE assignee IS NULL;
DROP INDEX conversations_assignee_created;
CREATE INDEX conversations_assignee_created
    ON conversations (tenant, assignee, status, created_at, id) INCLUDE (inbox, priority, unread, waits) WHERE assignee IS NOT NULL;
CREATE INDEX conversations_unassigned_created
    ON conversations (tenant, status, created_at, id) INCLUDE (inbox, priority, unread, waits) WHERE assignee IS NULL;
DROP INDEX conversations_assignee_waiting;
CREATE INDEX conversations_assignee_waiting
    ON conversations (tenant, assignee, status, waiting_since, id) INCLUDE (inbox, priority, unread, waits)
    WHERE assignee IS NOT NULL AND waiting_since IS NOT NULL;
CREATE INDEX conversations_unassigned_waiting
    ON conversations (tenant, status, waiting_since, id) INCLUDE (inbox, priority, unread, waits)
    WHERE assignee IS NULL AND waiting_since IS NOT NULL;
