/**
 * Sums of hourly profiles over aligned spans of 6 hours and of 1, 8 and 64 days, so that a long window is answered from few rows. What changes an hour
 * removes the spans that hold it; they are made again when there is time.
 */
export const profileSpans = `
CREATE TABLE profile_span (
  ref INTEGER PRIMARY KEY,
  deployment INTEGER NOT NULL REFERENCES symbol (ref),
  version INTEGER NOT NULL REFERENCES symbol (ref),
  start INTEGER NOT NULL,
  length INTEGER NOT NULL,
  body TEXT NOT NULL,
  UNIQUE (deployment, version, length, start)
) STRICT;

CREATE TRIGGER profile_added AFTER INSERT ON profile BEGIN
  DELETE FROM profile_span WHERE deployment = new.deployment AND version = new.version
    AND length = 21600000 AND start = new.hour - new.hour % 21600000;
  DELETE FROM profile_span WHERE deployment = new.deployment AND version = new.version
    AND length = 86400000 AND start = new.hour - new.hour % 86400000;
  DELETE FROM profile_span WHERE deployment = new.deployment AND version = new.version
    AND length = 691200000 AND start = new.hour - new.hour % 691200000;
  DELETE FROM profile_span WHERE deployment = new.deployment AND version = new.version
    AND length = 5529600000 AND start = new.hour - new.hour % 5529600000;
END;
CREATE TRIGGER profile_changed AFTER UPDATE ON profile BEGIN
  DELETE FROM profile_span WHERE deployment = new.deployment AND version = new.version
    AND length = 21600000 AND start = new.hour - new.hour % 21600000;
  DELETE FROM profile_span WHERE deployment = new.deployment AND version = new.version
    AND length = 86400000 AND start = new.hour - new.hour % 86400000;
  DELETE FROM profile_span WHERE deployment = new.deployment AND version = new.version
    AND length = 691200000 AND start = new.hour - new.hour % 691200000;
  DELETE FROM profile_span WHERE deployment = new.deployment AND version = new.version
    AND length = 5529600000 AND start = new.hour - new.hour % 5529600000;
END;
CREATE TRIGGER profile_removed AFTER DELETE ON profile BEGIN
  DELETE FROM profile_span WHERE deployment = old.deployment AND version = old.version
    AND length = 21600000 AND start = old.hour - old.hour % 21600000;
  DELETE FROM profile_span WHERE deployment = old.deployment AND version = old.version
    AND length = 86400000 AND start = old.hour - old.hour % 86400000;
  DELETE FROM profile_span WHERE deployment = old.deployment AND version = old.version
    AND length = 691200000 AND start = old.hour - old.hour % 691200000;
  DELETE FROM profile_span WHERE deployment = old.deployment AND version = old.version
    AND length = 5529600000 AND start = old.hour - old.hour % 5529600000;
END;
`
