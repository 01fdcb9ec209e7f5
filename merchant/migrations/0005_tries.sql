-- How often somebody tried within a window of time. Whose tries they are stands
-- nowhere: the subject is a keyed hash. What is over is deleted.
CREATE TABLE tries (
    subject  TEXT   NOT NULL PRIMARY KEY,
    used     BIGINT NOT NULL,
    ends_at  BIGINT NOT NULL
);

CREATE INDEX tries_over ON tries (ends_at);
