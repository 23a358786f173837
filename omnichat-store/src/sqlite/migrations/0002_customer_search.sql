-- Search of customers by any part of their name, e-mail address or phone number, from three characters on.
CREATE VIRTUAL TABLE customer_search USING fts5 (
    search, content = 'customers', content_rowid = 'number', tokenize = 'trigram case_sensitive 1'
);
INSERT INTO customer_search (rowid, search) SELECT number, search FROM customers;
