"""How an administrator sets it up, in Markdown."""

GUIDE = """\
1. Enter the **Address** of your server. Messages are posted to it as JSON.
2. Agree on a **Secret** with your server: both sides sign with it what they post.
3. Press **Test connection**, then save. Copy the inbox's webhook address into your server.

Both sides put the header `x-signature` on what they post: the HMAC-SHA256 of the body in hex.

Your server posts `{"id": "m-1", "from": "77", "name": "Customer", "locale": "en", "text": "Hello"}`, or for a pressed button
`{"id": "p-1", "from": "77", "button": "yes", "message": "r-9"}`. The same `id` again is the same message.

It gets `{"type": "message", "id": "…", "to": "77", "text": "Hi", "buttons": [[{"text": "Yes", "data": "yes"}]]}` and answers
`{"id": "r-9"}`. The same `id` may come again: it is the same message, and gets the same answer. `{"type": "ping"}` tests the
connection.
"""
