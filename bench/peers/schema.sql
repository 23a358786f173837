-- What the usual stack keeps: the least that a list of conversations and a message need.
CREATE TABLE conversations (
    id serial PRIMARY KEY,
    channel text NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX conversations_by_update ON conversations (updated_at);

CREATE TABLE messages (
    id bigserial PRIMARY KEY,
    conversation_id integer NOT NULL,
    operator_id integer NOT NULL,
    text text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX messages_by_conversation ON messages (conversation_id);
