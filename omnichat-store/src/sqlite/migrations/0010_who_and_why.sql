-- Events say who did something, why, and what it touched: JSON. Those from before say nothing.
ALTER TABLE events ADD COLUMN about TEXT;
