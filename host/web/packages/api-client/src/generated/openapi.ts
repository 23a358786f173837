/**
 * @generated The host's API as its OpenAPI document describes it. Made by openapi-typescript; do not edit.
 * After a change of the host's routes: `npm run generate -w packages/api-client`.
 */

export interface paths {
    "/api/v1/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every API key, oldest first. One that has ended or was revoked is listed for another 30 days. */
        get: operations["list_api_keys"];
        put?: never;
        /** Makes an API key. The answer is the only place where its text is ever shown. */
        post: operations["create_api_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/api-keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An API key. A program may look at its own without any right. */
        get: operations["get_api_key"];
        put?: never;
        post?: never;
        /** Revokes an API key for good, and ends the sockets that it has open. */
        delete: operations["revoke_api_key"];
        options?: never;
        head?: never;
        /** Changes an API key. Its next request goes by what it may do then, and so do the sockets that it has open. */
        patch: operations["update_api_key"];
        trace?: never;
    };
    "/api/v1/api-keys/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Gives an API key another secret, shown this once. The secrets before it hold for the overlap. */
        post: operations["rotate_api_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A page of the audit log, newest first. */
        get: operations["list_audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/invite": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Accepts an invitation: sets the password and signs in. Every earlier session of the operator ends. */
        post: operations["accept_invite"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Changes one's own password, and ends every other session. */
        post: operations["change_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Renews a session. The refresh token is replaced; for half a minute the one before is answered with the new one as well,
         *     after that it ends the session.
         */
        post: operations["refresh_session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Signs in. After wrong passwords the next attempts get slow: they are held for some seconds, or answered with 429 and
         *     when to come back. A browser from which the account was used before is slowed down by its own mistakes alone.
         */
        post: operations["sign_in"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends this session. */
        post: operations["sign_out"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sign-out-everywhere": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends every session of the operator, this one too. */
        post: operations["sign_out_everywhere"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/automations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every automation that is set up, oldest first. */
        get: operations["list_automations"];
        put?: never;
        /** Sets an automation up. Settings that cannot work are refused with the fields that are wrong. */
        post: operations["create_automation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/automations/kinds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The kinds of automations that can be set up: those of the plugins that run. */
        get: operations["list_automation_kinds"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/automations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An automation. */
        get: operations["get_automation"];
        put?: never;
        post?: never;
        /** Removes an automation. Refused as long as an inbox has the scenario answer. */
        delete: operations["delete_automation"];
        options?: never;
        head?: never;
        /** Changes an automation. Conversations in the middle of a scenario go on with the new settings. */
        patch: operations["update_automation"];
        trace?: never;
    };
    "/api/v1/channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The kinds of channels that an inbox can be of. */
        get: operations["list_channels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/channels/{kind}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks the platform whether settings work that are not stored. */
        post: operations["test_channel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A page of conversations. */
        get: operations["list_conversations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many conversations the standard views hold. */
        get: operations["count_conversations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A conversation. */
        get: operations["get_conversation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Changes priority, labels, title or attributes. */
        patch: operations["update_conversation"];
        trace?: never;
    };
    "/api/v1/conversations/{id}/assign": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Gives a conversation to an operator, or back to the queue. */
        post: operations["assign_conversation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Closes a conversation: a message from the customer starts a new one. */
        post: operations["close_conversation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/invite": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Invites a second operator. */
        post: operations["invite_to_conversation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/leave": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Leaves a conversation: as an invited operator, or as its assignee, who gives it back to the queue. */
        post: operations["leave_conversation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A stretch of a conversation, oldest first. */
        get: operations["list_messages"];
        put?: never;
        /** Takes a message for sending: it is stored and will be sent once. 200 instead of 202 if the same key and body came before. */
        post: operations["send_message"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Marks everything in a conversation as read. */
        post: operations["read_conversation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/reopen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Opens a conversation again. 409 for a closed one whose customer has begun a new one since. */
        post: operations["reopen_conversation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Resolves a conversation: a message from the customer opens it again. */
        post: operations["resolve_conversation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/snooze": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Puts a conversation out of sight until a time, or until the customer writes. */
        post: operations["snooze_conversation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/spam": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Marks a conversation as spam: what comes is kept without notice. */
        post: operations["spam_conversation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/take": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes a conversation that nobody has. 409 if another was quicker. */
        post: operations["take_conversation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/transfer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Hands a conversation over to another operator, with a word for them. */
        post: operations["transfer_conversation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A page of customers. One that comes short, even empty, is not the last while there is a `next`. */
        get: operations["list_customers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A customer with its contacts and chats. */
        get: operations["get_customer"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Changes a customer. */
        patch: operations["update_customer"];
        trace?: never;
    };
    "/api/v1/customers/{id}/conversations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A page of a customer's conversations, newest activity first. */
        get: operations["list_customer_conversations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A stretch of the event log, in order. */
        get: operations["list_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Uploads a file.
         * @description The body is the file itself, of any length up to the limit; `Content-Type` says what it is. Until it is sent, only its
         *     uploader sees it.
         */
        post: operations["upload_file"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/files/{file_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads a file, or a stretch of it. */
        get: operations["download_file"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inboxes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every inbox, oldest first. */
        get: operations["list_inboxes"];
        put?: never;
        /** Adds an inbox. Settings that cannot work are refused with the fields that are wrong. */
        post: operations["create_inbox"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inboxes/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An inbox. */
        get: operations["get_inbox"];
        put?: never;
        post?: never;
        /** Removes an inbox. Its conversations stay and can be read. */
        delete: operations["delete_inbox"];
        options?: never;
        head?: never;
        /** Changes an inbox. */
        patch: operations["update_inbox"];
        trace?: never;
    };
    "/api/v1/inboxes/{id}/sign-out-visitors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ends the tokens of every visitor of a website widget, and the chats that they have open. Whoever comes back is a stranger,
         *     or is proved anew by the site; conversations stay.
         */
        post: operations["sign_out_visitors"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inboxes/{id}/simulate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Plays a customer. 422 on inboxes whose customers are real. */
        post: operations["simulate_customer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inboxes/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks the platform whether an inbox works, and keeps what it said as the inbox's health. */
        post: operations["test_inbox"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inboxes/{id}/webhook": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Registers this host's webhook with the platform. */
        post: operations["register_webhook"];
        /** Removes the webhook from the platform; where the channel can, news are asked for from then on. */
        delete: operations["remove_webhook"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in and what it may do. */
        get: operations["get_me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Changes one's own name and language. */
        patch: operations["update_me"];
        trace?: never;
    };
    "/api/v1/me/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Goes online, on a break or offline. Who is not online is given no conversations. */
        put: operations["set_my_status"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messages/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Deletes a message; what was said is kept as a revision. */
        delete: operations["delete_message"];
        options?: never;
        head?: never;
        /** Gives one's own message another text; the earlier one is kept. */
        patch: operations["edit_message"];
        trace?: never;
    };
    "/api/v1/messages/{id}/attachments/{attachment}/fetch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks the platform again for a file of a customer's message that could not be fetched. */
        post: operations["fetch_attachment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messages/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sends a failed or uncertain message again. */
        post: operations["retry_message"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messages/{id}/revisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The earlier texts of a message, oldest first. */
        get: operations["list_revisions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operators": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every colleague, oldest first, disabled ones too. */
        get: operations["list_operators"];
        put?: never;
        /** Adds a colleague. Send the link in the answer to it: with it a password is set. */
        post: operations["create_operator"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operators/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Changes a colleague. */
        patch: operations["update_operator"];
        trace?: never;
    };
    "/api/v1/operators/{id}/invite": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A new link for a colleague who has not accepted yet, or who has lost the password. */
        post: operations["invite_operator"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/phrases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A page of them. Needs `messages.send`. */
        get: operations["list_phrases"];
        put?: never;
        /** Makes one. Needs `phrases.manage`, or `messages.send` for one's own; nobody else's is there. */
        post: operations["create_phrase"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/phrases/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One of them. Needs `messages.send`. */
        get: operations["get_phrase"];
        put?: never;
        post?: never;
        /**
         * Deletes one. Needs `phrases.manage`, or `messages.send` for one's own; nobody else's is there.
         * @description `If-Match` may name the `ETag` of the version that the change is based on.
         */
        delete: operations["delete_phrase"];
        options?: never;
        head?: never;
        /**
         * Changes one. Needs `phrases.manage`, or `messages.send` for one's own; nobody else's is there.
         * @description `If-Match` may name the `ETag` of the version that the change is based on.
         */
        patch: operations["update_phrase"];
        trace?: never;
    };
    "/api/v1/plugins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every plugin, by id. */
        get: operations["list_plugins"];
        put?: never;
        /** Installs a plugin, or another version of one. The body is the component. */
        post: operations["install_plugin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plugins/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A plugin, whole. */
        get: operations["get_plugin"];
        put?: never;
        post?: never;
        /** Removes a plugin with all its versions. Its inboxes stay. */
        delete: operations["delete_plugin"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plugins/{id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Grants a version what it asks for and runs it; `conflict` if its file is another by now. */
        post: operations["approve_plugin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plugins/{id}/decline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says no to a version that waits for approval; what runs goes on. `conflict` if its file is another by now. */
        post: operations["decline_plugin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plugins/{id}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Switches a plugin off. Its inboxes take and send nothing until it is on again. */
        post: operations["disable_plugin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plugins/{id}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Switches a plugin on. */
        post: operations["enable_plugin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plugins/{id}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Brings back the version that ran before, with what was granted to it. */
        post: operations["roll_back_plugin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quarantine": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A page of webhooks in quarantine, newest first. */
        get: operations["list_quarantine"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quarantine/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A webhook in quarantine, whole. */
        get: operations["get_quarantined"];
        put?: never;
        post?: never;
        /** Throws a webhook away. */
        delete: operations["delete_quarantined"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quarantine/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tries again to understand a webhook. */
        post: operations["replay_quarantined"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rights": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Every right that there is, and the built-in roles with theirs. Own roles are under `/roles`.
         * @description Whoever is signed in may ask, and every program with a key.
         */
        get: operations["list_rights"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A page of them. Needs `operators.read`. */
        get: operations["list_roles"];
        put?: never;
        /** Makes one. Needs `operators.manage`. */
        post: operations["create_role"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/roles/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One of them. Needs `operators.read`. */
        get: operations["get_role"];
        put?: never;
        post?: never;
        /**
         * Deletes one. Needs `operators.manage`.
         * @description `If-Match` may name the `ETag` of the version that the change is based on.
         */
        delete: operations["delete_role"];
        options?: never;
        head?: never;
        /**
         * Changes one. Needs `operators.manage`.
         * @description `If-Match` may name the `ETag` of the version that the change is based on.
         */
        patch: operations["update_role"];
        trace?: never;
    };
    "/api/v1/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the first administrator is still to be made. */
        get: operations["get_setup"];
        put?: never;
        /** Makes the first organisation with its owner, who is signed in at once. Works once, with the link that the host printed. */
        post: operations["create_setup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the host is doing. */
        get: operations["get_status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A page of them. Needs `conversations.read_own` or `conversations.read_all`. */
        get: operations["list_tags"];
        put?: never;
        /** Makes one. Needs `tags.manage`. */
        post: operations["create_tag"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tags/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One of them. Needs `conversations.read_own` or `conversations.read_all`. */
        get: operations["get_tag"];
        put?: never;
        post?: never;
        /**
         * Deletes one. Needs `tags.manage`.
         * @description `If-Match` may name the `ETag` of the version that the change is based on.
         */
        delete: operations["delete_tag"];
        options?: never;
        head?: never;
        /**
         * Changes one. Needs `tags.manage`.
         * @description `If-Match` may name the `ETag` of the version that the change is based on.
         */
        patch: operations["update_tag"];
        trace?: never;
    };
    "/api/v1/views": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A page of them. Needs `conversations.read_own` or `conversations.read_all`. */
        get: operations["list_views"];
        put?: never;
        /** Makes one. Needs `views.manage`, or `conversations.read_own` or `conversations.read_all` for one's own; nobody else's is there. */
        post: operations["create_view"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/views/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One of them. Needs `conversations.read_own` or `conversations.read_all`. */
        get: operations["get_view"];
        put?: never;
        post?: never;
        /**
         * Deletes one. Needs `views.manage`, or `conversations.read_own` or `conversations.read_all` for one's own; nobody else's is there.
         * @description `If-Match` may name the `ETag` of the version that the change is based on.
         */
        delete: operations["delete_view"];
        options?: never;
        head?: never;
        /**
         * Changes one. Needs `views.manage`, or `conversations.read_own` or `conversations.read_all` for one's own; nobody else's is there.
         * @description `If-Match` may name the `ETag` of the version that the change is based on.
         */
        patch: operations["update_view"];
        trace?: never;
    };
    "/api/v1/ws": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Becomes the console's WebSocket. The first frame is a hello with an access token, within five seconds. */
        get: operations["connect"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Answers as long as the process does. A monitor may add any query against caches. */
        get: operations["get_live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Answers 200 while the store can be reached and written to, every part of the host lives and it is not going down; 503 with
         *     the reason otherwise. A monitor may add any query against caches.
         */
        get: operations["get_ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/shared/{tenant}/{file}/{expires}/{seal}/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads a file at its signed address, which a platform was given. What a cache on the way adds as a query is left alone. */
        get: operations["download_shared"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/apps/{kind}/{app}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Answers a platform that asks whether an app's address is ours. */
        get: operations["confirm_app_webhook"];
        put?: never;
        /**
         * Takes what an app of a platform delivers, for however many of its accounts.
         * @description Each inbox of which it speaks proves it by its own secret and keeps what is its own. What is answered 2xx is kept; anything else
         *     makes the platform deliver again, which changes nothing where it was kept. Any method is taken.
         */
        post: operations["receive_app_webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{inbox_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Answers a platform that asks whether the address is ours. */
        get: operations["confirm_webhook"];
        put?: never;
        /**
         * Takes what a platform delivers to an inbox.
         * @description What is answered 2xx is kept; anything else makes the platform deliver again. Who sends it is proved as the platform does it:
         *     by a signature, or by a secret in a header. Any method is taken and handed to the channel.
         */
        post: operations["receive_webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/widget/v1/files/{file_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads a file at its signed address, as messages name it. */
        get: operations["download_visitor_file"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/widget/v1/{inbox_id}/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the widget looks and what it asks. */
        get: operations["get_widget_config"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/widget/v1/{inbox_id}/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Uploads a file of a visitor. The body is the file itself; `Content-Type` says what it is. */
        post: operations["upload_visitor_file"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/widget/v1/{inbox_id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A stretch of the visitor's conversation, oldest first. */
        get: operations["list_visitor_messages"];
        put?: never;
        /** Sends a message. 200 instead of 202 if the same key came before. */
        post: operations["send_visitor_message"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/widget/v1/{inbox_id}/offline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Leaves a message while nobody is there. 200 instead of 202 if the same key came before. */
        post: operations["leave_message"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/widget/v1/{inbox_id}/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The visitor has read everything. */
        post: operations["mark_read"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/widget/v1/{inbox_id}/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begins a visitor's session, or goes on with one. Nothing is stored before the first message. */
        post: operations["start_session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/widget/v1/{inbox_id}/ws": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Becomes a visitor's WebSocket. The first frame is a hello with the visitor's token, within five seconds. */
        get: operations["connect_visitor"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description An invitation that is accepted. */
        AcceptInviteIn: {
            /** @description The name that others see, if it is to be another. */
            name?: string | null;
            /** @description The password from now on. */
            password: string;
            /** @description From the link, after the `#`. */
            token: string;
            /** @description How the refresh token comes. */
            transport?: components["schemas"]["Transport"];
        };
        /** @description Who the platform says we are. */
        Account: {
            /** @description The platform's id of the account. */
            id: string;
            /** @description Its name. */
            name: string;
            /** @description Its public page. */
            url: string | null;
        };
        /** @description Nothing to say but, if wanted, which version the action is based on. */
        ActionIn: {
            /**
             * Format: int64
             * @description The version that the action is based on: 409 if it is no longer the stored one.
             */
            version?: number | null;
        };
        /** @description The scenario that answers in a conversation. */
        ActiveScenario: {
            /** @description The automation. */
            automation_id: string;
            /** @description Its name; empty before its first turn. */
            name: string;
            /** @description When it began. */
            since: components["schemas"]["Time"];
        };
        /** @description A key with which a program asks. */
        ApiKey: {
            /** @description When it was made. */
            created_at: components["schemas"]["Time"];
            /** @description Who made it. */
            created_by: components["schemas"]["AuditActor"];
            /** @description What it may do now: of what it was given, what the operator who answers for it may do too. */
            effective_permissions: components["schemas"]["Permission"][];
            /** @description When it ends. */
            expires_at: components["schemas"]["Time"];
            /** @description Its id. */
            id: string;
            /** @description The only inboxes that it reaches; every one if empty. */
            inbox_ids: string[];
            last_used_at: components["schemas"]["Time"] | null;
            /** @description The name under which the program acts: in messages, in the audit log. */
            name: string;
            /** @description What it was given. A right that the host does not know any more gives nothing. */
            permissions: components["schemas"]["Permission"][];
            /** @description The operator who answers for it; `null` for one that was made at the command line. */
            responsible_id: string | null;
            revoked_at: components["schemas"]["Time"] | null;
            revoked_by: components["schemas"]["AuditActor"] | null;
            /** @description When its current secret was made. */
            rotated_at: components["schemas"]["Time"];
            /** @description Whether it opens anything now. */
            state: components["schemas"]["ApiKeyState"];
            /**
             * Format: int64
             * @description Rises with each change.
             */
            version: number;
        };
        /** @description A new API key. */
        ApiKeyIn: {
            expires_at?: components["schemas"]["Time"] | null;
            /** @description The only inboxes that it reaches; every one if absent or empty. */
            inbox_ids?: string[];
            /** @description The name under which the program will act, 1 to 100 characters. */
            name: string;
            /** @description What it may do; each right must be one that the maker has. */
            permissions: components["schemas"]["Permission"][];
        };
        /** @description A change of an API key; what is absent stays. */
        ApiKeyPatchIn: {
            expires_at?: components["schemas"]["Time"] | null;
            /** @description New inboxes, whole; empty for every one. */
            inbox_ids?: string[] | null;
            /** @description New name. */
            name?: string | null;
            /** @description New rights, whole. */
            permissions?: components["schemas"]["Permission"][] | null;
            /** @description The asker answers for it from now on: it may do what the asker may do, not what the operator before them might. */
            take_over?: boolean;
            /**
             * Format: int64
             * @description The version that the change is based on: 409 if it is no longer the stored one.
             */
            version?: number | null;
        };
        /**
         * @description Whether an API key opens anything.
         * @enum {string}
         */
        ApiKeyState: "active" | "suspended" | "expired" | "revoked";
        /** @description An API key with its text, which is shown this once and kept nowhere. */
        ApiKeyWithToken: {
            /** @description The key. */
            key: components["schemas"]["ApiKey"];
            /** @description What the program sends as `Authorization: Bearer`. */
            token: string;
        };
        /** @description To whom a conversation goes. */
        AssignIn: {
            /** @description The operator; `null` gives it back to the queue. */
            operator_id: string | null;
            /**
             * Format: int64
             * @description The version that the action is based on.
             */
            version?: number | null;
        };
        /** @description A file that belongs to a message. */
        Attachment: {
            /** @description Whether the platform can be asked for it once more. */
            can_fetch_again: boolean;
            /** @description The MIME type. */
            content_type: string;
            /**
             * Format: int64
             * @description Milliseconds, if known.
             */
            duration_ms: number | null;
            /** @description Why they are not. */
            error: string | null;
            /** @description The stored file, once it is here. */
            file_id: string | null;
            /**
             * Format: int32
             * @description Pixels, if known.
             */
            height: number | null;
            /** @description Its id. */
            id: string;
            /** @description What it is. */
            kind: components["schemas"]["AttachmentKind"];
            /** @description The file name. */
            name: string;
            /**
             * Format: int64
             * @description Bytes, if known.
             */
            size: number | null;
            /** @description Whether the bytes are here. */
            state: components["schemas"]["AttachmentState"];
            /** @description Where it can be read, once it is here. */
            url: string | null;
            /**
             * Format: int32
             * @description Pixels, if known.
             */
            width: number | null;
        };
        /**
         * @description What an attachment is.
         * @enum {string}
         */
        AttachmentKind: "image" | "video" | "audio" | "voice" | "document" | "animation" | "sticker" | "video_note";
        /**
         * @description Whether the bytes of an attachment are here.
         * @enum {string}
         */
        AttachmentState: "pending" | "ready" | "failed";
        /** @description Who did something. */
        AuditActor: {
            /** @description The operator's, the key's or the customer's id. */
            id: string | null;
            /** @description What it is. */
            kind: components["schemas"]["AuditActorKind"];
            /** @description The name at the time, or the part of the system. */
            name: string;
        };
        /**
         * @description What did something.
         * @enum {string}
         */
        AuditActorKind: "operator" | "service" | "customer" | "system";
        /** @description A line of the audit log. */
        AuditEntry: {
            /** @description What, as `noun.verb`: `inbox.updated`. */
            action: string;
            /** @description Who. */
            actor: components["schemas"]["AuditActor"];
            /** @description When. */
            at: components["schemas"]["Time"];
            /** @description What else there is to know. */
            details: Record<string, unknown>;
            /** @description Its id. */
            id: string;
            /** @description On what: an id. */
            target: string;
        };
        /** @description Who wrote a message. */
        Author: {
            /** @description Of a customer: the account that it was written from, if the platform says. */
            contact_id: string | null;
            /** @description The customer's or operator's id. */
            id: string | null;
            /** @description What kind of author. */
            kind: components["schemas"]["AuthorKind"];
            /** @description The name at the time. */
            name: string;
        };
        /**
         * @description What kind of author.
         * @enum {string}
         */
        AuthorKind: "customer" | "operator" | "service" | "bot" | "system";
        /** @description A scenario or a toolbox that is set up. */
        Automation: {
            /** @description The settings by the kind's schema. A secret that is set reads `{"set": true}`. */
            config: Record<string, unknown>;
            /** @description When it was set up. */
            created_at: components["schemas"]["Time"];
            /** @description Whether it works. Conversations of a scenario that is off go to people. */
            enabled: boolean;
            /** @description Its id. */
            id: string;
            /** @description The kind: a plugin's id. */
            kind: string;
            /** @description What it is for. */
            role: components["schemas"]["AutomationRole"];
            /** @description The name that operators see; a scenario's customers see it too. */
            title: string;
            /** @description Its tools; empty for a scenario, and where its plugin does not run. */
            tools: components["schemas"]["Tool"][];
            /**
             * Format: int64
             * @description Rises with each change.
             */
            version: number;
        };
        /** @description A new automation. */
        AutomationIn: {
            /** @description All settings by the kind's schema, secrets included. */
            config?: Record<string, unknown>;
            /** @description The kind: a plugin's id. */
            kind: string;
            /** @description The name that operators see; a scenario's customers see it too. */
            title: string;
        };
        /** @description A kind of automation that can be set up. */
        AutomationKind: {
            /** @description JSON Schema (2020-12) of the settings, with hints for a form (`x-secret`, `x-order`, `x-i18n`, …). */
            config_schema: Record<string, unknown>;
            /** @description How to set it up, in Markdown. */
            docs: string;
            /** @description Stable name: a plugin's id. */
            kind: string;
            /** @description What it is for. */
            role: components["schemas"]["AutomationRole"];
            /** @description One sentence. */
            summary: string;
            /** @description The name that people see. */
            title: string;
        };
        /** @description A change of an automation; what is absent stays. */
        AutomationPatchIn: {
            /** @description New settings, whole. A secret given as `{"set": true}` stays as it is. */
            config?: Record<string, unknown> | null;
            /** @description On or off. */
            enabled?: boolean | null;
            /** @description New name. */
            title?: string | null;
            /**
             * Format: int64
             * @description The version that the change is based on: 409 if it is no longer the stored one.
             */
            version?: number | null;
        };
        /**
         * @description What an automation is for.
         * @enum {string}
         */
        AutomationRole: "scenario" | "tools";
        /**
         * @description A role that every organisation has.
         * @enum {string}
         */
        BuiltInRole: "operator" | "senior" | "admin" | "owner";
        /** @description A built-in role with its rights. */
        BuiltInRoleWithRights: {
            /** @description What it gives. */
            permissions: components["schemas"]["Permission"][];
            /** @description Its name, by which operators have it. */
            role: components["schemas"]["BuiltInRole"];
        };
        /** @description A button under a message. */
        Button: {
            /** @description Of `reply`: what comes back. */
            data?: string;
            /** @description What it does. */
            kind: components["schemas"]["ButtonKind"];
            /** @description Its label. */
            text: string;
            /** @description Of `url`: the page that it opens. */
            url?: string;
        };
        /**
         * @description What a button does.
         * @enum {string}
         */
        ButtonKind: "reply" | "url" | "contact" | "location";
        /** @description What buttons may be sent. */
        ButtonLimits: {
            /**
             * Format: int32
             * @description Largest data of a reply button, in bytes.
             */
            data_max_bytes: number;
            /**
             * Format: int32
             * @description Most buttons in a row.
             */
            max_per_row: number;
            /**
             * Format: int32
             * @description Most rows.
             */
            max_rows: number;
        };
        /** @description What a channel can do. Limits on text count UTF-16 code units. */
        Capabilities: {
            /**
             * Format: int32
             * @description Most files in a message.
             */
            attachments_max: number;
            buttons: components["schemas"]["ButtonLimits"] | null;
            /**
             * Format: int32
             * @description Longest text beside a file; a longer one is sent as a message of its own. 0 where there is no text at all.
             */
            caption_max: number;
            /** @description A card can be sent. */
            contact: boolean;
            /** @description A sent message can be deleted at the customer's. */
            delete: boolean;
            /** @description The platform tells when a message was delivered or read. */
            delivery_receipts: boolean;
            /** @description A sent message can be edited. */
            edit: boolean;
            /** @description The same message sent twice arrives once. */
            idempotent_send: boolean;
            /** @description A place can be sent. */
            location: boolean;
            /** @description Kinds of files that may be sent. */
            media: components["schemas"]["MediaLimit"][];
            /** @description News are asked for. */
            polling: boolean;
            /** @description The customer is shown that a message was read. */
            read_marks: boolean;
            /** @description A message can answer another. */
            reply: boolean;
            /** @description Styles of text are kept. */
            rich_text: boolean;
            /** @description A customer can be played in the console. */
            simulate: boolean;
            /**
             * Format: int32
             * @description Longest text; 0 for a channel that carries no text to the customer, such as calls or reviews.
             */
            text_max: number;
            /** @description The platform tells when the customer writes. */
            typing_in: boolean;
            /** @description The customer is shown that somebody writes. */
            typing_out: boolean;
            /** @description News are brought by webhook. */
            webhook: boolean;
            /** @description The webhook can be registered with the platform from here. */
            webhook_registration: boolean;
            /**
             * Format: int32
             * @description For how many hours after the customer's last message an answer is allowed.
             */
            window_hours: number | null;
        };
        /** @description A kind of channel that an inbox can be of. */
        ChannelKind: {
            /** @description What it can do. */
            capabilities: components["schemas"]["Capabilities"];
            /** @description JSON Schema (2020-12) of the settings, with hints for a form (`x-secret`, `x-order`, `x-i18n`, …). */
            config_schema: Record<string, unknown>;
            /** @description How to set it up, in Markdown. */
            docs: string;
            /** @description Stable name: `telegram`. */
            kind: string;
            /** @description One sentence. */
            summary: string;
            /** @description The name that people see. */
            title: string;
        };
        /**
         * @description What kind of chat it is.
         * @enum {string}
         */
        ChatKind: "private" | "group" | "thread" | "channel";
        /** @description What a client of the WebSocket `/api/v1/ws` says. */
        ClientFrameIn: {
            /**
             * Format: int64
             * @description The last event that was seen; none to begin with what comes next.
             */
            after?: number | null;
            /** @description What the host's hello named the log by in which it was seen. */
            epoch?: string | null;
            /** @description A token: an operator's access token, or an API key. */
            token: string;
            /** @enum {string} */
            type: "hello";
        } | {
            /** @description The token. */
            token: string;
            /** @enum {string} */
            type: "token";
        } | {
            /** @enum {string} */
            type: "ping";
        } | {
            /** @description Where. */
            conversation_id: string;
            /** @description Whether it is being written. */
            on: boolean;
            /** @enum {string} */
            type: "typing";
        } | {
            /** @description Which; none if none is. */
            conversation_id?: string | null;
            /** @description An answer is being written. */
            replying?: boolean;
            /** @enum {string} */
            type: "viewing";
        };
        /** @description What the platform said to a test. */
        ConnectionTest: {
            account: components["schemas"]["Account"] | null;
            /** @description For people. */
            message: string;
            /** @description It works. */
            ok: boolean;
        };
        /** @description Something that reacts to every event of the log. */
        Consumer: {
            /**
             * Format: int64
             * @description Events that it has yet to react to.
             */
            behind: number;
            /** @description Why it does not get on, if it does not. It tries again and again; the log waits for it. */
            failing: string | null;
            /** @description Its name. */
            name: string;
        };
        /** @description A conversation with a customer on one inbox. */
        Conversation: {
            /** @description Whose it is. */
            assignee_id: string | null;
            /** @description Free attributes. */
            attributes: {
                [key: string]: string;
            };
            /** @description The customer blocked us: nothing can be delivered. */
            blocked: boolean;
            /** @description The inbox's channel. */
            channel: string;
            /** @description What kind of chat it is in. */
            chat_kind: components["schemas"]["ChatKind"];
            context: components["schemas"]["ConversationContext"] | null;
            /** @description When it began. */
            created_at: components["schemas"]["Time"];
            /** @description With whom. */
            customer: components["schemas"]["CustomerSummary"];
            first_response_at: components["schemas"]["Time"] | null;
            /** @description Its id. */
            id: string;
            /** @description The inbox. */
            inbox_id: string;
            /** @description When something was last said. */
            last_activity_at: components["schemas"]["Time"];
            last_inbound_at: components["schemas"]["Time"] | null;
            last_message: components["schemas"]["LastMessage"] | null;
            /** @description Invited operators, without the assignee. */
            participant_ids: string[];
            /** @description How urgent it is. */
            priority: components["schemas"]["Priority"];
            resolved_at: components["schemas"]["Time"] | null;
            routing: components["schemas"]["RoutingDecision"] | null;
            scenario: components["schemas"]["ActiveScenario"] | null;
            snoozed_until: components["schemas"]["Time"] | null;
            /** @description Where it stands. */
            status: components["schemas"]["ConversationStatus"];
            /** @description A title. */
            subject: string | null;
            /** @description Labels. */
            tags: string[];
            /**
             * Format: int32
             * @description Messages from the customer since an operator last read it.
             */
            unread_count: number;
            /**
             * Format: int64
             * @description Rises with each change.
             */
            version: number;
            waiting_since: components["schemas"]["Time"] | null;
        };
        /** @description What must be true: a tree of conditions. Each is one of `all`, `any` and `not`, which join conditions, or a test: `field`, `op` and `value`. `all` of nothing is true, `any` of nothing is false. A condition has at most 100 tests and groups, which lie at most 8 deep in one another; one that is kept has fewer. A field that is absent meets `is_not`, `not_in` and `has_not`, and of the others only `exists` with `false`. The fields: `status`, `priority`, `inbox`, `channel`, `chat_kind`, `assignee`, `scenario`, `participants`, `tags`, `customer`, `customer_name`, `subject`, `attributes.NAME`, `unread`, `unread_count`, `unanswered`, `unreachable`, `created_at`, `last_activity_at`, `waiting_since`, `last_inbound_at`, `first_response_at`, `resolved_at`, `snoozed_until`. What each is compared with is under `x-fields`. */
        ConversationCondition: {
            /** @description All of these hold. */
            all?: components["schemas"]["ConversationCondition"][];
            /** @description One of these holds, or more. */
            any?: components["schemas"]["ConversationCondition"][];
            /** @description The name of the field that is tested. */
            field?: string;
            not?: components["schemas"]["ConversationCondition"];
            /**
             * @description How it is compared.
             * @enum {string}
             */
            op?: "is" | "is_not" | "in" | "not_in" | "has" | "has_not" | "contains" | "starts_with" | "at_least" | "at_most" | "from" | "before" | "within" | "older_than" | "exists";
            /** @description What with: a text, an id, a time, a number, a flag, or a list. */
            value?: string | number | boolean | string[];
        };
        /** @description What is spoken of: a listing, a page of the site, an order. */
        ConversationContext: {
            /** @description What else is known of it, by what it is called. */
            facts: {
                [key: string]: string;
            };
            /** @description Its title; may be empty. */
            title: string;
            /** @description Where it can be seen. */
            url: string | null;
        };
        /** @description How many conversations the standard views hold, each counted up to 1000. */
        ConversationCounts: {
            /**
             * Format: int32
             * @description Open and the asker's.
             */
            mine: number;
            /**
             * Format: int32
             * @description Open.
             */
            open: number;
            /**
             * Format: int32
             * @description Snoozed.
             */
            snoozed: number;
            /**
             * Format: int32
             * @description Spam.
             */
            spam: number;
            /**
             * Format: int32
             * @description Open and the customer waits.
             */
            unanswered: number;
            /**
             * Format: int32
             * @description Open and nobody's.
             */
            unassigned: number;
        };
        /** @description A change of the plain fields of a conversation; what is absent stays. */
        ConversationPatchIn: {
            /** @description New attributes, whole. */
            attributes?: {
                [key: string]: string;
            } | null;
            priority?: components["schemas"]["Priority"] | null;
            /** @description New title; `null` removes it. */
            subject?: string | null;
            /** @description New labels, whole. */
            tags?: string[] | null;
            /**
             * Format: int64
             * @description The version that the change is based on: 409 if it is no longer the stored one.
             */
            version?: number | null;
        };
        /**
         * @description The order of a list of conversations.
         * @enum {string}
         */
        ConversationSort: "activity" | "created" | "waiting";
        /**
         * @description Where a conversation stands.
         * @enum {string}
         */
        ConversationStatus: "new" | "open" | "pending" | "snoozed" | "resolved" | "closed" | "spam";
        /** @description A person who asks. */
        Customer: {
            /** @description Free attributes. */
            attributes: {
                [key: string]: string;
            };
            /** @description Its picture. */
            avatar_url: string | null;
            /** @description Its messages are kept as spam. */
            blocked: boolean;
            /** @description Where it writes, oldest first. */
            chats: components["schemas"]["CustomerChat"][];
            /** @description Who it is on platforms, oldest first. */
            contacts: components["schemas"]["CustomerContact"][];
            /** @description When it first appeared. */
            created_at: components["schemas"]["Time"];
            /** @description E-mail address. */
            email: string | null;
            /** @description Its id. */
            id: string;
            /** @description When it was last heard of. */
            last_seen_at: components["schemas"]["Time"];
            /** @description Language tag. */
            locale: string | null;
            /** @description The name. */
            name: string;
            /** @description What operators want to remember. */
            note: string;
            /** @description Phone number, as given. */
            phone: string | null;
            /** @description Labels. */
            tags: string[];
            /**
             * Format: int64
             * @description Rises with each change.
             */
            version: number;
        };
        /** @description A chat of a customer. */
        CustomerChat: {
            /** @description Nothing can be delivered there. */
            blocked: boolean;
            /** @description The inbox's channel; empty if the inbox was removed. */
            channel: string;
            /** @description The account of its person, if it is private. */
            contact_id: string | null;
            /** @description The platform's id of the chat. */
            external_id: string;
            /** @description Its id. */
            id: string;
            /** @description Where. */
            inbox_id: string;
            /** @description What kind of chat it is. */
            kind: components["schemas"]["ChatKind"];
            /** @description What it is called, if it has a name of its own. */
            title: string | null;
        };
        /** @description What must be true: a tree of conditions. Each is one of `all`, `any` and `not`, which join conditions, or a test: `field`, `op` and `value`. `all` of nothing is true, `any` of nothing is false. A condition has at most 100 tests and groups, which lie at most 8 deep in one another; one that is kept has fewer. A field that is absent meets `is_not`, `not_in` and `has_not`, and of the others only `exists` with `false`. The fields: `name`, `email`, `phone`, `note`, `tags`, `attributes.NAME`, `blocked`, `created_at`, `last_seen_at`. What each is compared with is under `x-fields`. */
        CustomerCondition: {
            /** @description All of these hold. */
            all?: components["schemas"]["CustomerCondition"][];
            /** @description One of these holds, or more. */
            any?: components["schemas"]["CustomerCondition"][];
            /** @description The name of the field that is tested. */
            field?: string;
            not?: components["schemas"]["CustomerCondition"];
            /**
             * @description How it is compared.
             * @enum {string}
             */
            op?: "is" | "is_not" | "in" | "not_in" | "has" | "has_not" | "contains" | "starts_with" | "at_least" | "at_most" | "from" | "before" | "within" | "older_than" | "exists";
            /** @description What with: a text, an id, a time, a number, a flag, or a list. */
            value?: string | number | boolean | string[];
        };
        /** @description Who somebody is: an account on a platform, an address, a number. */
        CustomerContact: {
            /** @description Nobody vouches for it. */
            claimed: boolean;
            /** @description The platform's id, the address or the number. */
            external_id: string;
            /** @description Its id. */
            id: string;
            /** @description The name on the platform. */
            name: string;
            /** @description Where `external_id` means this person: `inbox` for one inbox, `platform:NAME` for every account of a platform, `email`, `phone`. */
            scope: string;
            /** @description The public name, without `@`. */
            username: string | null;
        };
        /** @description A change of a customer; what is absent stays. */
        CustomerPatchIn: {
            /** @description New attributes, whole. */
            attributes?: {
                [key: string]: string;
            } | null;
            /** @description Whether messages from it are kept as spam. */
            blocked?: boolean | null;
            /** @description New e-mail address; `null` removes it. */
            email?: string | null;
            /** @description New name; the platform's no longer replaces it. */
            name?: string | null;
            /** @description New note. */
            note?: string | null;
            /** @description New phone number; `null` removes it. */
            phone?: string | null;
            /** @description New labels, whole. */
            tags?: string[] | null;
            /**
             * Format: int64
             * @description The version that the change is based on: 409 if it is no longer the stored one.
             */
            version?: number | null;
        };
        /**
         * @description The order of a list of customers.
         * @enum {string}
         */
        CustomerSort: "seen" | "created";
        /** @description The customer of a conversation, as lists show it. */
        CustomerSummary: {
            /** @description Its picture. */
            avatar_url: string | null;
            /** @description Its id. */
            id: string;
            /** @description The name. */
            name: string;
        };
        /**
         * @description How far an outgoing message got.
         * @enum {string}
         */
        DeliveryState: "queued" | "uncertain" | "failed" | "sent" | "delivered" | "read";
        /**
         * @description Which way a message goes.
         * @enum {string}
         */
        Direction: "in" | "out" | "note" | "system";
        /** @description What every entity has; the rest is its kind's. */
        Entity: {
            /** @description When it was made. */
            created_at: components["schemas"]["Time"];
            /** @description Its id. */
            id: string;
            /** @description When it was last changed. */
            updated_at: components["schemas"]["Time"];
            /**
             * Format: int64
             * @description Rises with each change.
             */
            version: number;
        } & {
            [key: string]: unknown;
        };
        /** @description Something that happened. Clients ignore types that they do not know. */
        Event: {
            /** @description As it is now. */
            conversation: components["schemas"]["Conversation"];
            /** @enum {string} */
            type: "conversation_created";
        } | {
            /** @description As it is now. */
            conversation: components["schemas"]["Conversation"];
            /** @enum {string} */
            type: "conversation_updated";
        } | {
            /** @description The conversation as it is now. */
            conversation: components["schemas"]["Conversation"];
            /** @description The message. */
            message: components["schemas"]["Message"];
            /** @enum {string} */
            type: "message_created";
        } | {
            conversation: components["schemas"]["Conversation"] | null;
            /** @description The message as it is now. */
            message: components["schemas"]["Message"];
            /** @enum {string} */
            type: "message_updated";
        } | {
            /** @description As it is now. */
            customer: components["schemas"]["Customer"];
            /** @enum {string} */
            type: "customer_updated";
        } | {
            /** @description As it is now. */
            operator: components["schemas"]["Operator"];
            /** @enum {string} */
            type: "operator_updated";
        } | {
            /** @description As it is now. */
            inbox: components["schemas"]["Inbox"];
            /** @enum {string} */
            type: "inbox_updated";
        } | {
            /** @description Which. */
            inbox_id: string;
            /** @enum {string} */
            type: "inbox_deleted";
        } | {
            /** @description As it is now. */
            automation: components["schemas"]["Automation"];
            /** @enum {string} */
            type: "automation_updated";
        } | {
            /** @description Which. */
            automation_id: string;
            /** @enum {string} */
            type: "automation_deleted";
        } | {
            /** @description As it is now. */
            key: components["schemas"]["ApiKey"];
            /** @enum {string} */
            type: "api_key_updated";
        } | {
            /** @description As it is now, as its own address answers it. */
            entity: components["schemas"]["Entity"];
            /** @description Its kind. */
            kind: string;
            /** @enum {string} */
            type: "entity_changed";
        } | {
            /** @description Its id. */
            id: string;
            /** @description Its kind. */
            kind: string;
            /** @enum {string} */
            type: "entity_deleted";
        } | {
            /** @description Its id in quarantine. */
            id: string;
            /** @description Where it came in. */
            inbox_id: string;
            /** @description Why. */
            reason: string;
            /** @enum {string} */
            type: "quarantine_added";
        } | {
            /** @enum {string} */
            type: "damaged";
        };
        /** @description An event in its place in the log. */
        EventEnvelope: {
            /** @description When it happened. */
            at: components["schemas"]["Time"];
            /** @description What happened. */
            event: components["schemas"]["Event"];
            /**
             * Format: int64
             * @description Its number, rising by one from event to event.
             */
            seq: number;
        };
        /** @description A stretch of the event log. */
        EventPage: {
            /** @description Names the log: give it back together with `next`. Another text each time; what it says is for the host alone. */
            epoch: string;
            /**
             * Format: int64
             * @description The number of the newest event.
             */
            head: number;
            /** @description The events that the asker may see, in order. Numbers may be missing between them. */
            items: components["schemas"]["EventEnvelope"][];
            /**
             * Format: int64
             * @description Go on after this number. Above the last item's if what followed it is not for the asker.
             */
            next: number;
            /**
             * Format: int64
             * @description The number of the oldest event that is kept. Who asked for earlier ones has missed something and must fetch all anew.
             */
            tail: number;
        };
        /** @description One fact of a notice. */
        Fact: {
            at: components["schemas"]["Time"] | null;
            /**
             * Format: int64
             * @description How many: votes of an option, winners of a prize.
             */
            count: number | null;
            /** @description Of an amount: the currency's code of three letters; `XTR` are Telegram's stars. */
            currency: string | null;
            /** @description What it is. */
            label: components["schemas"]["FactLabel"];
            /** @description What it says; of an amount, a decimal number: `12.50`. */
            text: string;
            /** @description Where it leads. */
            url: string | null;
        };
        /**
         * @description What a fact of a notice is.
         * @enum {string}
         */
        FactLabel: "text" | "amount" | "quantity" | "option" | "correct" | "chosen" | "explanation" | "task" | "done" | "person" | "chat" | "link" | "data" | "button" | "email" | "phone" | "address" | "reference" | "prize" | "until";
        /** @description Why a message was not delivered. */
        Failure: {
            /** @description Stable code. */
            code: string;
            /** @description A sentence for the operator. */
            message: string;
            /** @description Whether sending again may help. */
            retryable: boolean;
        };
        /** @description One wrong field of a request. */
        FieldProblem: {
            /** @description Stable code: `required`, `too_long`, `format`, … */
            code: string;
            /** @description Path of the field, dots between levels: `config.token`. */
            field: string;
            /** @description A sentence for people. */
            message: string;
        };
        /** @description A stored file. */
        File: {
            /** @description The MIME type. */
            content_type: string;
            /** @description When it was stored. */
            created_at: components["schemas"]["Time"];
            /**
             * Format: int64
             * @description Milliseconds, if known.
             */
            duration_ms: number | null;
            /**
             * Format: int32
             * @description Pixels, if it is a picture.
             */
            height: number | null;
            /** @description Its id. */
            id: string;
            /** @description What it is. */
            kind: components["schemas"]["AttachmentKind"];
            /** @description The name, as given. */
            name: string;
            /**
             * Format: int64
             * @description Bytes.
             */
            size: number;
            /** @description Where its bytes can be read. */
            url: string;
            /**
             * Format: int32
             * @description Pixels, if it is a picture.
             */
            width: number | null;
        };
        /** @description Whether an inbox works. */
        Health: {
            checked_at: components["schemas"]["Time"] | null;
            /** @description What the platform said. */
            message: string | null;
            /** @description The verdict. */
            state: components["schemas"]["HealthState"];
        };
        /** @description It is so. */
        HealthCheck: {
            /** @description Always `true`; what is not so is a problem document. */
            ok: boolean;
            /** @description What will keep it from working before long, for people. */
            warnings?: string[];
        };
        /**
         * @description What the last contact with the platform said.
         * @enum {string}
         */
        HealthState: "unknown" | "ok" | "failed";
        /** @description Who comes, and where it goes on. */
        HelloIn: {
            /**
             * Format: int64
             * @description The last event that was seen; none to begin with what comes next.
             */
            after?: number | null;
            /** @description What the host's hello named the log by in which it was seen. */
            epoch?: string | null;
            /** @description A token: an operator's access token, or an API key. */
            token: string;
        };
        /** @description A configured channel account. */
        Inbox: {
            /** @description Whether its kind is there: without the plugin that brings it, it can do nothing. */
            available: boolean;
            /** @description What it can do. */
            capabilities: components["schemas"]["Capabilities"];
            /** @description The settings by the channel's schema. A secret that is set reads `{"set": true}`. */
            config: Record<string, unknown>;
            /** @description When it was created. */
            created_at: components["schemas"]["Time"];
            /** @description Whether it takes and sends messages. */
            enabled: boolean;
            /** @description Whether it works. */
            health: components["schemas"]["Health"];
            /** @description Its id. */
            id: string;
            /** @description The channel: `telegram`, `widget`, … */
            kind: string;
            /** @description The outgoing proxy, without its password. */
            proxy_url: string | null;
            /** @description How its conversations find an operator. */
            routing: components["schemas"]["RoutingStrategy"];
            /** @description The scenario that answers its new conversations first. */
            scenario: string | null;
            /** @description The name that operators see. */
            title: string;
            /**
             * Format: int64
             * @description Rises with each change.
             */
            version: number;
            /** @description The path at which its webhooks come, below the host's public address. Inboxes of one app of a platform share it. */
            webhook_path: string;
            /** @description The webhook address registered with the platform. */
            webhook_url: string | null;
        };
        /** @description A new inbox. */
        InboxIn: {
            /** @description All settings by the channel's schema, secrets included. */
            config?: Record<string, unknown>;
            /** @description The channel: `telegram`, `widget`, … */
            kind: string;
            /** @description Outgoing proxy: `http://…` or `socks5://…`. */
            proxy_url?: string | null;
            routing?: components["schemas"]["RoutingStrategy"] | null;
            /** @description The scenario that answers its new conversations first; people do if absent. */
            scenario?: string | null;
            /** @description The name that operators see. */
            title: string;
        };
        /** @description A change of an inbox; what is absent stays. */
        InboxPatchIn: {
            /** @description New settings, whole. A secret given as `{"set": true}` stays as it is. */
            config?: Record<string, unknown> | null;
            /** @description On or off. */
            enabled?: boolean | null;
            /** @description New proxy; `null` removes it. */
            proxy_url?: string | null;
            routing?: components["schemas"]["RoutingStrategy"] | null;
            /** @description Another scenario; `null` has people answer from the first word. */
            scenario?: string | null;
            /** @description New title. */
            title?: string | null;
            /**
             * Format: int64
             * @description The version that the change is based on: 409 if it is no longer the stored one.
             */
            version?: number | null;
        };
        /** @description A colleague with the link to set a password. */
        Invitation: {
            /**
             * @description The link to send to it. Works once, for seven days, and not any more after a newer one, another role, another
             *     password or disabling.
             */
            invite_url: string;
            /** @description The colleague. */
            operator: components["schemas"]["Operator"];
        };
        /** @description Who is invited. */
        InviteIn: {
            /** @description The operator. */
            operator_id: string;
            /**
             * Format: int64
             * @description The version that the action is based on.
             */
            version?: number | null;
        };
        /** @description How full the queue is. */
        Jobs: {
            /**
             * Format: int64
             * @description Jobs whose time has come.
             */
            due: number;
            /**
             * Format: int64
             * @description For how many seconds the oldest due job has been due.
             */
            oldest_due_s: number;
            /**
             * Format: int64
             * @description Jobs whose time is yet to come.
             */
            waiting: number;
        };
        /** @description What a list shows of the newest message. */
        LastMessage: {
            /** @description When it was written. */
            at: components["schemas"]["Time"];
            /** @description Who wrote it. */
            author: components["schemas"]["AuthorKind"];
            /** @description The author's name. */
            author_name: string;
            /** @description Which message. */
            id: string;
            /** @description What it is. */
            kind: components["schemas"]["LastMessageKind"];
            /** @description The beginning of its text, on one line. */
            preview: string;
            state: components["schemas"]["DeliveryState"] | null;
        };
        /**
         * @description What the newest message is, for lists that have a word or a picture for each.
         * @enum {string}
         */
        LastMessageKind: "text" | "image" | "video" | "audio" | "voice" | "document" | "animation" | "sticker" | "video_note" | "location" | "contact" | "button" | "empty" | "withheld" | "poll" | "poll_answer" | "poll_change" | "invoice" | "pre_checkout" | "payment" | "refund" | "checklist" | "tasks_done" | "tasks_added" | "paid_media" | "gift" | "giveaway" | "giveaway_winners" | "story" | "web_app_data" | "shared_users" | "shared_chat" | "dice" | "game" | "members_joined" | "member_left" | "group_renamed" | "pinned" | "topic" | "suggested_post" | "unsupported" | "note" | "deleted";
        /** @description A whole list. */
        ListView_ApiKey: {
            /** @description Ids of rows that belong here and are stored damaged, so that they cannot be shown. */
            damaged?: string[];
            /** @description The rows. */
            items: components["schemas"]["ApiKey"][];
        };
        /** @description A whole list. */
        ListView_Automation: {
            /** @description Ids of rows that belong here and are stored damaged, so that they cannot be shown. */
            damaged?: string[];
            /** @description The rows. */
            items: components["schemas"]["Automation"][];
        };
        /** @description A whole list. */
        ListView_AutomationKind: {
            /** @description Ids of rows that belong here and are stored damaged, so that they cannot be shown. */
            damaged?: string[];
            /** @description The rows. */
            items: components["schemas"]["AutomationKind"][];
        };
        /** @description A whole list. */
        ListView_ChannelKind: {
            /** @description Ids of rows that belong here and are stored damaged, so that they cannot be shown. */
            damaged?: string[];
            /** @description The rows. */
            items: components["schemas"]["ChannelKind"][];
        };
        /** @description A whole list. */
        ListView_Inbox: {
            /** @description Ids of rows that belong here and are stored damaged, so that they cannot be shown. */
            damaged?: string[];
            /** @description The rows. */
            items: components["schemas"]["Inbox"][];
        };
        /** @description A whole list. */
        ListView_Operator: {
            /** @description Ids of rows that belong here and are stored damaged, so that they cannot be shown. */
            damaged?: string[];
            /** @description The rows. */
            items: components["schemas"]["Operator"][];
        };
        /** @description A whole list. */
        ListView_Plugin: {
            /** @description Ids of rows that belong here and are stored damaged, so that they cannot be shown. */
            damaged?: string[];
            /** @description The rows. */
            items: components["schemas"]["Plugin"][];
        };
        /** @description A whole list. */
        ListView_Revision: {
            /** @description Ids of rows that belong here and are stored damaged, so that they cannot be shown. */
            damaged?: string[];
            /** @description The rows. */
            items: components["schemas"]["Revision"][];
        };
        /** @description A place that moves. */
        Live: {
            /** @description It was ended before its time: the place is the last one that was told. */
            ended: boolean;
            /**
             * Format: int32
             * @description Where it is heading, in degrees clockwise from north, 1 to 360.
             */
            heading: number | null;
            until: components["schemas"]["Time"] | null;
        };
        /**
         * @description The language of the console.
         * @enum {string}
         */
        Locale: "ru" | "en";
        /** @description A place. */
        LocationIn: {
            /**
             * Format: double
             * @description Degrees north.
             */
            latitude: number;
            /**
             * Format: double
             * @description Degrees east.
             */
            longitude: number;
        };
        /** @description Who is signed in and what it may do. */
        Me: {
            /** @description The operator. */
            operator: components["schemas"]["Operator"];
            /** @description What it may do. */
            permissions: components["schemas"]["Permission"][];
            /** @description The address that others reach this host by, without a slash at its end; absent if nobody has set it. */
            public_url: string | null;
            /**
             * @description What its role is called, if that is one of the organisation's own; `null` for a built-in one, and where the role is gone: then there
             *     are no rights, until somebody who manages the team gives another role.
             */
            role_name: string | null;
            /** @description The organisation. */
            tenant: components["schemas"]["Tenant"];
        };
        /** @description A change of oneself; what is absent stays. */
        MePatchIn: {
            locale?: components["schemas"]["Locale"] | null;
            /** @description The name that others see. */
            name?: string | null;
        };
        /** @description A kind of file that may be sent. */
        MediaLimit: {
            /** @description The kind. */
            kind: components["schemas"]["AttachmentKind"];
            /**
             * Format: int64
             * @description The largest size in bytes.
             */
            max_bytes: number;
        };
        /** @description A message, note or system entry of a conversation. */
        Message: {
            /** @description Its files. */
            attachments: components["schemas"]["Attachment"][];
            /** @description Who wrote it. */
            author: components["schemas"]["Author"];
            /** @description Rows of buttons. */
            buttons: components["schemas"]["Button"][][];
            /** @description The sender's key. */
            client_key: string | null;
            /** @description The conversation. */
            conversation_id: string;
            /** @description When it was written, or stored if nobody knows. */
            created_at: components["schemas"]["Time"];
            deleted_at: components["schemas"]["Time"] | null;
            /** @description Which way it goes. */
            direction: components["schemas"]["Direction"];
            edited_at: components["schemas"]["Time"] | null;
            failure: components["schemas"]["Failure"] | null;
            /** @description Whose words are passed on. */
            forwarded_from: string | null;
            /** @description Messages of one album share this. */
            group: string | null;
            /** @description Its id. */
            id: string;
            part: components["schemas"]["Part"] | null;
            /**
             * Format: int64
             * @description Its place in the conversation, in microseconds.
             */
            position: number;
            /** @description Reactions to it. */
            reactions: components["schemas"]["Reaction"][];
            reply_to: components["schemas"]["ReplyTo"] | null;
            /**
             * Format: int32
             * @description How many earlier texts are kept.
             */
            revisions: number;
            /** @description Its styles. */
            spans: components["schemas"]["Span"][];
            state: components["schemas"]["DeliveryState"] | null;
            /** @description The text; empty when there is something else. */
            text: string;
            /**
             * Format: int64
             * @description Rises with each change.
             */
            version: number;
        };
        /** @description Another text for a message. */
        MessageEditIn: {
            /** @description Its styles. */
            spans?: components["schemas"]["Span"][];
            /** @description The text from now on. */
            text: string;
        };
        /** @description A new message. */
        MessageIn: {
            /** @description Rows of buttons. */
            buttons?: components["schemas"]["Button"][][];
            /**
             * @description The sender's key, 8 to 64 visible ASCII characters, another for each message. The same key and body again is the same
             *     message.
             */
            client_key: string;
            /** @description Uploaded files. */
            file_ids?: string[];
            /** @description Who is to read it. */
            kind: components["schemas"]["MessageKind"];
            location?: components["schemas"]["LocationIn"] | null;
            /** @description The message that it answers to. */
            reply_to?: string | null;
            /** @description Its styles. */
            spans?: components["schemas"]["Span"][];
            /** @description The text. */
            text?: string;
        };
        /**
         * @description Who is to read a message.
         * @enum {string}
         */
        MessageKind: "reply" | "note";
        /** @description A stretch of a conversation. */
        MessagePage: {
            /** @description Ids of messages that belong here and are stored damaged, so that they cannot be shown. */
            damaged?: string[];
            /** @description The messages, oldest first. */
            items: components["schemas"]["Message"][];
            /** @description Pass it as `before` for what was said earlier; `null` at the beginning. */
            older: string | null;
        };
        /**
         * @description What a notice is about.
         * @enum {string}
         */
        NoticeKind: "empty" | "withheld" | "poll" | "poll_answer" | "poll_change" | "invoice" | "pre_checkout" | "payment" | "refund" | "checklist" | "tasks_done" | "tasks_added" | "paid_media" | "gift" | "giveaway" | "giveaway_winners" | "story" | "web_app_data" | "shared_users" | "shared_chat" | "dice" | "game" | "members_joined" | "member_left" | "group_renamed" | "pinned" | "topic" | "suggested_post";
        /** @description A colleague. */
        Operator: {
            /** @description Its picture. */
            avatar_url: string | null;
            /**
             * Format: int32
             * @description How many open conversations it may have at once through routing.
             */
            capacity: number;
            /** @description When it was created. */
            created_at: components["schemas"]["Time"];
            /** @description May not sign in any more. */
            disabled: boolean;
            /** @description The e-mail address to sign in with. */
            email: string;
            /** @description Its id. */
            id: string;
            /** @description Has not accepted the invitation yet. */
            invited: boolean;
            /**
             * Format: int32
             * @description How many open conversations it has.
             */
            load: number;
            locale: components["schemas"]["Locale"] | null;
            /** @description The name that others see. */
            name: string;
            /** @description Which role it has: that says what it may do. */
            role: components["schemas"]["Role"];
            /** @description Whether it takes conversations. */
            status: components["schemas"]["OperatorStatus"];
            /** @description Since when. */
            status_since: components["schemas"]["Time"];
            /**
             * Format: int64
             * @description Rises with each change.
             */
            version: number;
        };
        /** @description A new colleague. */
        OperatorIn: {
            /**
             * Format: int32
             * @description How many open conversations it may have at once through routing.
             * @default 10
             */
            capacity?: number;
            /** @description The e-mail address to sign in with. */
            email: string;
            /** @description The name that others see. */
            name: string;
            /** @description Which role it has: that says what it may do. None that gives rights which the asker lacks. */
            role: components["schemas"]["Role"];
        };
        /** @description A change of a colleague; what is absent stays. */
        OperatorPatchIn: {
            /**
             * Format: int32
             * @description New capacity.
             */
            capacity?: number | null;
            /** @description Whether it may no longer sign in. */
            disabled?: boolean | null;
            /** @description New name. */
            name?: string | null;
            role?: components["schemas"]["Role"] | null;
            /**
             * Format: int64
             * @description The version that the change is based on: 409 if it is no longer the stored one.
             */
            version?: number | null;
        };
        /**
         * @description Whether an operator takes conversations.
         * @enum {string}
         */
        OperatorStatus: "online" | "break" | "offline";
        /**
         * @description A role of the organisation's own: rights under a name, for the operators who have it. The built-in roles are beside these, in
         *     `GET /rights`.
         */
        OwnRole: {
            /**
             * Format: date-time
             * @description When it was made.
             */
            created_at: string;
            /** @description For whom it is, in a sentence; `null` without one. */
            description: string | null;
            /** @description Its id. */
            id: string;
            /** @description What it is called. No two have the same name, whatever the case, and none has that of a built-in one. */
            name: string;
            /**
             * @description The names of its rights, see `GET /rights`. Whoever saves it has each that is new in it. A name that nothing knows any more may
             *     stay, and gives nothing.
             */
            permissions: string[];
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            updated_at: string;
            /**
             * Format: int64
             * @description Rises with each change.
             */
            version: number;
        };
        /**
         * @description A role of the organisation's own: rights under a name, for the operators who have it. The built-in roles are beside these, in
         *     `GET /rights`.
         * @example {
         *       "description": "Reads along and writes notes",
         *       "name": "Trainee",
         *       "permissions": [
         *         "conversations.read_all",
         *         "conversations.read_own",
         *         "messages.note"
         *       ]
         *     }
         */
        OwnRoleIn: {
            /** @description For whom it is, in a sentence; `null` without one. */
            description?: string | null;
            /** @description What it is called. No two have the same name, whatever the case, and none has that of a built-in one. */
            name: string;
            /**
             * @description The names of its rights, see `GET /rights`. Whoever saves it has each that is new in it. A name that nothing knows any more may
             *     stay, and gives nothing.
             */
            permissions: string[];
        };
        /** @description A part of a list. */
        OwnRoleList: {
            /** @description Whether all there are can be found by what they are sorted by; `false` for a moment after an upgrade. */
            complete: boolean;
            /** @description Ids of rows that belong here and are stored damaged, so that they cannot be shown. */
            damaged?: string[];
            /** @description The rows. */
            items: components["schemas"]["OwnRole"][];
            /** @description Pass it as `cursor` for the next part; `null` at the end. */
            next: string | null;
        };
        /**
         * @description A change of a role; what is absent stays.
         * @example {
         *       "description": "Reads along and writes notes",
         *       "name": "Trainee",
         *       "permissions": [
         *         "conversations.read_all",
         *         "conversations.read_own",
         *         "messages.note"
         *       ]
         *     }
         */
        OwnRolePatchIn: {
            /** @description For whom it is, in a sentence; `null` without one. */
            description?: string | null;
            /** @description What it is called. No two have the same name, whatever the case, and none has that of a built-in one. */
            name?: string;
            /**
             * @description The names of its rights, see `GET /rights`. Whoever saves it has each that is new in it. A name that nothing knows any more may
             *     stay, and gives nothing.
             */
            permissions?: string[];
            /**
             * Format: int64
             * @description The version that the change is based on: 409 if it is no longer the stored one.
             */
            version?: number | null;
        };
        /** @description A part of a list. */
        PageView_AuditEntry: {
            /** @description Ids of rows that belong here and are stored damaged, so that they cannot be shown. */
            damaged?: string[];
            /** @description The rows. */
            items: components["schemas"]["AuditEntry"][];
            /** @description Pass it as `cursor` for the next part; `null` at the end. */
            next: string | null;
        };
        /** @description A part of a list. */
        PageView_Conversation: {
            /** @description Ids of rows that belong here and are stored damaged, so that they cannot be shown. */
            damaged?: string[];
            /** @description The rows. */
            items: components["schemas"]["Conversation"][];
            /** @description Pass it as `cursor` for the next part; `null` at the end. */
            next: string | null;
        };
        /** @description A part of a list. */
        PageView_Customer: {
            /** @description Ids of rows that belong here and are stored damaged, so that they cannot be shown. */
            damaged?: string[];
            /** @description The rows. */
            items: components["schemas"]["Customer"][];
            /** @description Pass it as `cursor` for the next part; `null` at the end. */
            next: string | null;
        };
        /** @description A part of a list. */
        PageView_Quarantined: {
            /** @description Ids of rows that belong here and are stored damaged, so that they cannot be shown. */
            damaged?: string[];
            /** @description The rows. */
            items: components["schemas"]["Quarantined"][];
            /** @description Pass it as `cursor` for the next part; `null` at the end. */
            next: string | null;
        };
        /** @description What a message is besides text, files and buttons. */
        Part: {
            /** @description Its address. */
            address: string | null;
            /**
             * Format: double
             * @description Degrees north.
             */
            latitude: number;
            live: components["schemas"]["Live"] | null;
            /**
             * Format: double
             * @description Degrees east.
             */
            longitude: number;
            /** @description Name of the place. */
            title: string | null;
            /** @enum {string} */
            type: "location";
        } | {
            /** @description The name. */
            name: string;
            /** @description The phone number. */
            phone: string;
            /** @enum {string} */
            type: "contact";
        } | {
            /** @description What it stands for. */
            emoji: string | null;
            /** @enum {string} */
            type: "sticker";
        } | {
            /** @description The button's data. */
            data: string;
            /** @description The button's label. */
            title: string | null;
            /** @enum {string} */
            type: "button_press";
        } | {
            /** @description What is known of it, in order. */
            facts: components["schemas"]["Fact"][];
            /** @description What it is about. */
            kind: components["schemas"]["NoticeKind"];
            /** @description What it is called: a poll's question, the title of an invoice; may be empty. */
            title: string;
            /** @enum {string} */
            type: "notice";
        } | {
            /** @description The platform's word for it. */
            kind: string;
            /** @description What can be said of it. */
            summary: string;
            /** @enum {string} */
            type: "unsupported";
        } | {
            /** @description Who did it. */
            actor: string | null;
            /** @description With which words. */
            comment: string | null;
            /** @description What happened. */
            entry: components["schemas"]["SystemEntry"];
            /** @description To whom. */
            target: string | null;
            /** @enum {string} */
            type: "system";
        };
        /** @description A change of one's own password. */
        PasswordIn: {
            /** @description The password until now. */
            current: string;
            /** @description The password from now on. */
            new: string;
        };
        /**
         * @description One right. `GET /rights` lists those of a host; clients show one that they do not know by its name.
         * @example conversations.read_all
         * @example conversations.read_own
         * @example conversations.take
         * @example conversations.assign
         * @example conversations.manage
         * @example messages.send
         * @example messages.note
         * @example messages.edit_own
         * @example messages.delete_own
         * @example messages.delete_any
         * @example customers.read
         * @example customers.write
         * @example inboxes.read
         * @example inboxes.manage
         * @example operators.read
         * @example operators.manage
         * @example quarantine.manage
         * @example audit.read
         * @example plugins.manage
         * @example files.upload
         * @example automations.manage
         * @example api_keys.manage
         * @example phrases.manage
         * @example views.manage
         * @example tags.manage
         */
        Permission: string;
        /**
         * @description A text that operators answer with again and again. In it `{{customer}}`, `{{operator}}` and `{{channel}}` stand for names, which
         *     are put in when it is used.
         */
        Phrase: {
            /**
             * Format: date-time
             * @description When it was made.
             */
            created_at: string;
            /** @description Its id. */
            id: string;
            /** @description Whose it is alone; everybody's if `null`. */
            owner_id: string | null;
            /**
             * @description What it is called up by, after a slash: without spaces and slashes. No two of everybody's have the same, and no two of one
             *     operator's own, whatever the case.
             */
            shortcut: string;
            /** @description The text. */
            text: string;
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            updated_at: string;
            /**
             * Format: int64
             * @description Rises with each change.
             */
            version: number;
        };
        /**
         * @description A text that operators answer with again and again. In it `{{customer}}`, `{{operator}}` and `{{channel}}` stand for names, which
         *     are put in when it is used.
         * @example {
         *       "owner_id": null,
         *       "shortcut": "hours",
         *       "text": "Good day, {{customer}}! We are here from nine to six."
         *     }
         */
        PhraseIn: {
            /** @description Whose it is alone; everybody's if `null`. */
            owner_id?: string | null;
            /**
             * @description What it is called up by, after a slash: without spaces and slashes. No two of everybody's have the same, and no two of one
             *     operator's own, whatever the case.
             */
            shortcut: string;
            /** @description The text. */
            text: string;
        };
        /** @description A part of a list. */
        PhraseList: {
            /** @description Whether all there are can be found by what they are sorted by; `false` for a moment after an upgrade. */
            complete: boolean;
            /** @description Ids of rows that belong here and are stored damaged, so that they cannot be shown. */
            damaged?: string[];
            /** @description The rows. */
            items: components["schemas"]["Phrase"][];
            /** @description Pass it as `cursor` for the next part; `null` at the end. */
            next: string | null;
        };
        /**
         * @description A change of a phrase; what is absent stays.
         * @example {
         *       "owner_id": null,
         *       "shortcut": "hours",
         *       "text": "Good day, {{customer}}! We are here from nine to six."
         *     }
         */
        PhrasePatchIn: {
            /** @description Whose it is alone; everybody's if `null`. */
            owner_id?: string | null;
            /**
             * @description What it is called up by, after a slash: without spaces and slashes. No two of everybody's have the same, and no two of one
             *     operator's own, whatever the case.
             */
            shortcut?: string;
            /** @description The text. */
            text?: string;
            /**
             * Format: int64
             * @description The version that the change is based on: 409 if it is no longer the stored one.
             */
            version?: number | null;
        };
        /** @description A plugin. */
        Plugin: {
            delay: components["schemas"]["PluginDelay"] | null;
            /** @description SHA-256 of the file that runs, in hex. */
            digest: string | null;
            /** @description Whether it is to run. */
            enabled: boolean;
            granted: components["schemas"]["PluginRights"] | null;
            /** @description How its calls went since it was started here. */
            health: components["schemas"]["PluginHealth"];
            /** @description Hosts that it may call: those of `granted`. */
            hosts: string[];
            /** @description Its id; of a channel also the kind of its inboxes. */
            id: string;
            /** @description What it is. */
            kind: components["schemas"]["PluginKind"];
            /** @description The version that a rollback brings back. */
            previous_version: string | null;
            /** @description Who signs it: the public key in hex. */
            publisher: string | null;
            refusal: components["schemas"]["PluginRefusal"] | null;
            /** @description How it is doing. */
            state: components["schemas"]["PluginState"];
            /** @description The name that people see. */
            title: string;
            /** @description The version that runs, or ran last. */
            version: string | null;
            waiting: components["schemas"]["PluginWaiting"] | null;
        };
        /** @description Which version is decided on. */
        PluginDecisionIn: {
            /** @description SHA-256 of its file in hex: what was looked at is what is decided on. */
            digest: string;
        };
        /** @description What keeps a version from starting for the time being. What ran before goes on running. */
        PluginDelay: {
            /**
             * Format: int32
             * @description How often it was tried.
             */
            attempts: number;
            /** @description When it is tried again. */
            next_at: components["schemas"]["Time"];
            /** @description What went wrong the last time. */
            reason: string;
            /** @description When it was tried for the first time. */
            since: components["schemas"]["Time"];
            /** @description Which. */
            version: string;
        };
        /** @description A plugin, whole. */
        PluginDetail: components["schemas"]["Plugin"] & {
            /** @description How an administrator sets it up, in Markdown. */
            docs: string;
            /** @description The last errors in its own words, newest first: a refused webhook, a rejected message. */
            errors: components["schemas"]["PluginFault"][];
            /** @description The last faults, newest first. */
            faults: components["schemas"]["PluginFault"][];
            /** @description The end of its log since the host started, at most 200 lines, newest first. */
            log: components["schemas"]["PluginLogLine"][];
            /**
             * Format: int64
             * @description Lines that were dropped because a call logged too many.
             */
            log_dropped: number;
            /** @description Counters of its own. */
            metrics: {
                [key: string]: number;
            };
            /** @description The versions that are kept, newest first. */
            releases: components["schemas"]["PluginRelease"][];
            /** @description Names of the secrets that the settings of the version have that runs, or else of the one that waits. */
            secrets: string[];
        };
        /** @description A fault of a plugin. */
        PluginFault: {
            /** @description For which inbox or automation, by its id; empty for calls that are for none. */
            account: string;
            /** @description When. */
            at: components["schemas"]["Time"];
            /** @description In which call. */
            export: string;
            /** @description For people. */
            message: string;
            /** @description What it was, as in `health.calls`. */
            outcome: string;
        };
        /** @description How the calls of a plugin went. */
        PluginHealth: {
            /** @description Calls by outcome: `ok`, `plugin_error`, `trap`, `cpu_timeout`, `wall_timeout`, `memory_limit`, `hostcall_limit`, `host_error`. */
            calls: {
                [key: string]: number;
            };
            /**
             * Format: int64
             * @description Processor time of all calls, in milliseconds.
             */
            cpu_ms: number;
            /**
             * Format: int64
             * @description HTTP requests.
             */
            http_requests: number;
            /** @description Accounts that are left alone for a while, because too many of their calls failed. */
            paused: components["schemas"]["PluginPause"][];
            /**
             * Format: int64
             * @description The most memory that one instance held, in bytes.
             */
            peak_memory_bytes: number;
        };
        /**
         * @description What a plugin is.
         * @enum {string}
         */
        PluginKind: "channel" | "scenario" | "tool";
        /**
         * @description How much a line of a log matters.
         * @enum {string}
         */
        PluginLogLevel: "error" | "warn" | "info" | "debug";
        /** @description A line of a plugin's log. */
        PluginLogLine: {
            /** @description For which inbox or automation, by its id; empty for calls that are for none. */
            account: string;
            /** @description When. */
            at: components["schemas"]["Time"];
            /** @description In which call: the name of the export, `send`. */
            export: string;
            /** @description Further fields as JSON; empty if there are none. */
            fields: string;
            /** @description How much it matters. */
            level: components["schemas"]["PluginLogLevel"];
            /** @description What was said. */
            message: string;
        };
        /** @description An account that is left alone for a while: what is sent waits, and webhooks are taken and put aside where that is possible. */
        PluginPause: {
            /** @description Id of the inbox or automation. */
            account: string;
            /** @description When it is tried again. */
            until: components["schemas"]["Time"];
        };
        /** @description Why a version does not run. */
        PluginRefusal: {
            /** @description When. */
            at: components["schemas"]["Time"];
            /** @description Who refused. */
            by: components["schemas"]["PluginRefusedBy"];
            /** @description SHA-256 of its file in hex. */
            digest: string;
            /** @description Why, and what to do. */
            reason: string;
            /** @description Which. */
            version: string;
        };
        /**
         * @description Who refused a version.
         * @enum {string}
         */
        PluginRefusedBy: "host" | "person";
        /** @description A version of a plugin. */
        PluginRelease: {
            /** @description What it asks for beyond what is granted, in words. */
            asks: string[];
            /** @description SHA-256 of its file in hex. */
            digest: string;
            granted: components["schemas"]["PluginRights"] | null;
            /** @description When it was installed. */
            installed_at: components["schemas"]["Time"];
            refusal: components["schemas"]["PluginRefusal"] | null;
            /** @description All that it asks for. */
            requests: components["schemas"]["PluginRights"];
            /** @description Names of the secrets that its settings have; absent while this host has not asked it. */
            secrets: string[] | null;
            /** @description Who signed it: the public key in hex. */
            signed_by: string | null;
            /**
             * Format: int64
             * @description Bytes of its file.
             */
            size: number;
            /** @description What it is to the plugin. */
            state: components["schemas"]["PluginReleaseState"];
            /** @description Which. */
            version: string;
        };
        /**
         * @description What a version is to its plugin.
         * @enum {string}
         */
        PluginReleaseState: "active" | "trying" | "waiting" | "declined" | "refused" | "previous" | "kept";
        /** @description What a version of a plugin asks for, or was granted. Where nothing is asked for, the usual figure. */
        PluginRights: {
            /**
             * Format: int64
             * @description Processor time of a call, in milliseconds.
             */
            cpu_ms: number;
            /** @description Hosts that it calls: `https://api.example.org`, `https://*.example.org`, or `config:SETTING` for the address in a setting. */
            hosts: string[];
            /**
             * Format: int64
             * @description Time of one HTTP request, in seconds.
             */
            http_s: number;
            /**
             * Format: int64
             * @description Bytes that it may keep for each inbox or automation.
             */
            kv_bytes: number;
            /**
             * Format: int64
             * @description Keys that it may keep for each inbox or automation.
             */
            kv_keys: number;
            /**
             * Format: int64
             * @description Memory of an instance, in MiB.
             */
            memory_mb: number;
            /** @description Which of these are more than usual: `kv_bytes`, `memory_mb`, `cpu_ms`, `wall_s`, `http_s`, `warm`. */
            raised: string[];
            /**
             * Format: int64
             * @description Whole time of a call, in seconds.
             */
            wall_s: number;
            warm: components["schemas"]["PluginWarm"] | null;
        };
        /**
         * @description How a plugin is doing.
         * @enum {string}
         */
        PluginState: "running" | "disabled" | "waiting" | "starting" | "failed" | "declined";
        /** @description A version that waits for approval. */
        PluginWaiting: {
            /** @description What it asks for beyond what was granted, in words. */
            asks: string[];
            /** @description SHA-256 of its file in hex: what is approved or declined. */
            digest: string;
            /** @description All hosts that it would call: those of `requests`. */
            hosts: string[];
            /** @description All that it asks for, also what was granted before. */
            requests: components["schemas"]["PluginRights"];
            /** @description Names of the secrets that its settings have; absent while this host has not asked it. */
            secrets: string[] | null;
            /** @description Who signed it: the public key in hex. */
            signed_by: string | null;
            /** @description Which. */
            version: string;
        };
        /** @description Instances that are kept between calls. */
        PluginWarm: {
            /**
             * Format: int32
             * @description After how many calls each is thrown away.
             */
            max_calls: number;
            /**
             * Format: int32
             * @description How many at most.
             */
            size: number;
        };
        /**
         * @description How urgent a conversation is.
         * @enum {string}
         */
        Priority: "low" | "normal" | "high" | "urgent";
        /** @description A problem document. Every answer with a status of 400 or above has this shape, as `application/problem+json`. */
        Problem: {
            /** @description The kind of problem as a stable code: `invalid`, `not_found`, … */
            code: string;
            /** @description What went wrong this time, for people. */
            detail?: string;
            /** @description The wrong fields, if fields are wrong. */
            errors?: components["schemas"]["FieldProblem"][];
            /** @description The request's id, as in the host's log and the `x-request-id` header. */
            request_id: string;
            /**
             * Format: int64
             * @description Not before so many milliseconds is it worth trying again.
             */
            retry_after_ms?: number;
            /**
             * Format: int32
             * @description The HTTP status.
             */
            status: number;
            /** @description The kind of problem in words. */
            title: string;
            /** @description A URI that names the kind of problem. */
            type: string;
        };
        /**
         * @description What became of a webhook in quarantine.
         * @enum {string}
         */
        QuarantineState: "held" | "replayed";
        /** @description A webhook that could not be understood. */
        Quarantined: {
            /**
             * Format: int32
             * @description How often it was tried.
             */
            attempts: number;
            /** @description The beginning of the body. */
            body_preview: string;
            /** @description Its id. */
            id: string;
            /** @description Where it came in. */
            inbox_id: string;
            /** @description Why it could not be understood. */
            reason: string;
            /** @description When it came. */
            received_at: components["schemas"]["Time"];
            /**
             * Format: int64
             * @description Bytes of the body.
             */
            size: number;
            /** @description What became of it. */
            state: components["schemas"]["QuarantineState"];
        };
        /** @description A webhook in quarantine, whole. */
        QuarantinedDetail: components["schemas"]["Quarantined"] & {
            /** @description Its body, with replacement characters for what is no UTF-8. */
            body: string;
            /** @description Its headers; secrets are left out. */
            headers: {
                [key: string]: string;
            };
        };
        /** @description A reaction to a message. */
        Reaction: {
            /** @description What kind of author reacted. */
            by: components["schemas"]["AuthorKind"];
            /**
             * Format: int32
             * @description How many, where the platform does not name them; else 1.
             */
            count: number;
            /** @description The emoji. */
            emoji: string;
            /** @description The name of who reacted; empty if nobody knows. */
            name: string;
            /** @description Who, by the platform's id; `null` if the platform does not name who reacted. */
            person: string | null;
        };
        /** @description What a session is renewed with, unless it is in the cookie. */
        RefreshIn: {
            /**
             * @description The refresh token; then the new one comes in the body too.
             * @default null
             */
            refresh_token?: string | null;
        };
        /** @description What a message answers to. */
        ReplyTo: {
            /** @description Who wrote it. */
            author_name: string;
            /** @description The message, if it is known here. */
            id: string | null;
            kind: components["schemas"]["LastMessageKind"] | null;
            /** @description What was quoted, or its beginning. Of a message that is not known here, as much as the platform told. */
            preview: string;
        };
        /** @description An earlier text of a message. */
        Revision: {
            /** @description When it was replaced. */
            at: components["schemas"]["Time"];
            /** @description Who replaced it. */
            by: components["schemas"]["Author"];
            /** @description It was replaced by nothing: the message was deleted. */
            deleted: boolean;
            /** @description Its styles. */
            spans: components["schemas"]["Span"][];
            /** @description What was said. */
            text: string;
        };
        /** @description A right that there is. */
        Right: {
            /** @description What it is about: its name up to the last dot. */
            group: string;
            /** @description Its name. */
            name: components["schemas"]["Permission"];
        };
        /** @description The rights that there are, and the roles that every organisation has. */
        Rights: {
            /** @description Every right, those of the same group together. */
            rights: components["schemas"]["Right"][];
            /** @description The built-in roles, those with fewer rights first. Nobody can change them. */
            roles: components["schemas"]["BuiltInRoleWithRights"][];
        };
        /**
         * @description A role: the name of a built-in one, or the id of one of the organisation's own. One that is gone gives no rights.
         * @example operator
         * @example role_0192f0c1a2b37c4d8e5f60718293a4b5
         */
        Role: string;
        /** @description How a key is renewed. */
        RotateIn: {
            /**
             * Format: int32
             * @description For how many hours the secrets before the new one still hold, 0 to 168; 24 if absent.
             * @default 24
             */
            overlap_hours?: number | null;
            /**
             * Format: int64
             * @description The version that the change is based on: 409 if it is no longer the stored one.
             */
            version?: number | null;
        };
        /** @description Why a conversation has its assignee. */
        RoutingDecision: {
            /** @description When. */
            at: components["schemas"]["Time"];
            /** @description A sentence for people. */
            reason: string;
            /** @description Who decided: a strategy's name, `operator`, `taken`. */
            strategy: string;
        };
        /**
         * @description How new conversations find an operator.
         * @enum {string}
         */
        RoutingStrategy: "round_robin" | "least_loaded" | "manual";
        /** @description What the host says over the WebSocket `/api/v1/ws`. Clients ignore types that they do not know. */
        ServerFrame: {
            /** @description Names the log, to be said together with a number. Another text each time; what it says is for the host alone. */
            epoch: string;
            /**
             * Format: int64
             * @description How often the client should say something, in seconds.
             */
            heartbeat_s: number;
            /**
             * Format: int64
             * @description Number of the newest event.
             */
            seq: number;
            /** @description The connection's id. */
            session: string;
            /** @enum {string} */
            type: "hello";
        } | {
            /** @description When it happened. */
            at: components["schemas"]["Time"];
            /** @description What happened. */
            event: components["schemas"]["Event"];
            /**
             * Format: int64
             * @description Its number, rising by one from event to event.
             */
            seq: number;
            /** @enum {string} */
            type: "event";
        } | {
            /**
             * Format: int64
             * @description Number of the newest event.
             */
            seq: number;
            /** @enum {string} */
            type: "resync";
        } | {
            /** @enum {string} */
            type: "rights_changed";
        } | {
            /** @description Who. */
            author: components["schemas"]["Author"];
            /** @description Where. */
            conversation_id: string;
            /** @description Whether it is being written. */
            on: boolean;
            /** @enum {string} */
            type: "typing";
        } | {
            /** @description The conversation. */
            conversation_id: string;
            /** @enum {string} */
            type: "viewers";
            /** @description All of them. */
            viewers: components["schemas"]["Viewer"][];
        } | {
            /** @description Whether a console of theirs is connected. */
            connected: boolean;
            /** @description Who. */
            operator_id: string;
            /** @description Whether they take conversations. */
            status: components["schemas"]["OperatorStatus"];
            /** @enum {string} */
            type: "presence";
        } | {
            /** @enum {string} */
            type: "pong";
        } | {
            /** @description What is wrong. */
            problem: components["schemas"]["Problem"];
            /** @enum {string} */
            type: "error";
        };
        /** @description A session that has begun or was renewed. */
        Session: {
            /** @description Send it as `Authorization: Bearer`. */
            access_token: string;
            /**
             * Format: int64
             * @description How long it lasts, in seconds.
             */
            expires_in: number;
            /** @description Who is signed in. */
            me: components["schemas"]["Me"];
            /** @description What the session is renewed with. Only with `transport: "body"`; browsers get it as a cookie. */
            refresh_token?: string;
        };
        /** @description The first organisation and its owner. */
        SetupIn: {
            /** @description The owner's e-mail address to sign in with. */
            email: string;
            locale?: components["schemas"]["Locale"] | null;
            /** @description The owner's name. */
            name: string;
            /** @description The name of the organisation. */
            organisation: string;
            /** @description The owner's password. */
            password: string;
            /** @description From the link that the host printed, after the `#`. */
            token: string;
            /** @description How the refresh token comes. */
            transport?: components["schemas"]["Transport"];
        };
        /** @description Whether the first administrator is still to be made. */
        SetupState: {
            /** @description Open the link that the host printed. */
            needed: boolean;
        };
        /** @description An e-mail address and a password. */
        SignInIn: {
            /** @description The e-mail address. */
            email: string;
            /**
             * @description The organisation, where address and password are right in several. Without it those are answered with 422 and an entry
             *     on `organisation_id` for each: `code` is its id, `message` its name.
             */
            organisation_id?: string | null;
            /** @description The password. */
            password: string;
            /** @description How the refresh token comes. */
            transport?: components["schemas"]["Transport"];
        };
        /**
         * @description What a played customer does.
         * @enum {string}
         */
        SimulatedAction: "message" | "edit" | "delete" | "typing" | "read" | "button";
        /** @description What the played customer does. */
        SimulationIn: {
            /** @description What it does. */
            action: components["schemas"]["SimulatedAction"];
            /** @description Which customer: any text of up to 100 characters; the same text is the same customer. */
            chat: string;
            /** @description The data of the button that it presses. */
            data?: string | null;
            /** @description Uploaded files that it sends, for `message`. */
            file_ids?: string[];
            /** @description The customer's name. */
            name: string;
            /** @description The message that it edits or deletes, answers to, or under which it presses a button. */
            target_message_id?: string | null;
            /** @description What it writes, for `message` and `edit`. */
            text?: string;
        };
        /** @description What became of it. */
        SimulationResult: {
            /** @description The conversation. */
            conversation_id: string | null;
            /** @description The message that was added or changed. */
            message_id: string | null;
        };
        /** @description Until when a conversation is out of sight. */
        SnoozeIn: {
            /**
             * Format: date-time
             * @description The time, in the future.
             */
            until: string;
            /**
             * Format: int64
             * @description The version that the action is based on.
             */
            version?: number | null;
        };
        /** @description A stretch of text with a style. Offsets count UTF-16 code units. */
        Span: {
            /**
             * Format: int32
             * @description How long it is.
             */
            length: number;
            /**
             * Format: int32
             * @description Where it begins.
             */
            start: number;
            /** @description How it looks. */
            style: components["schemas"]["SpanStyle"];
            /** @description Where a link leads. */
            url?: string;
        };
        /**
         * @description How a stretch of text looks.
         * @enum {string}
         */
        SpanStyle: "bold" | "italic" | "underline" | "strike" | "code" | "pre" | "spoiler" | "quote" | "link";
        /** @description How the host is doing. */
        Status: {
            /** @description Screens of everybody that are connected to this host; only for who looks after its plugins. */
            connections: number | null;
            /** @description What follows this organisation's log, and how far each has come. */
            consumers: components["schemas"]["Consumer"][];
            /**
             * Format: int64
             * @description The number of the newest event.
             */
            head_seq: number;
            jobs: components["schemas"]["Jobs"] | null;
            /** @description `memory`, `sqlite` or `postgres`. */
            store: string;
            /**
             * Format: int64
             * @description Seconds since it started.
             */
            uptime_s: number;
            /** @description The host's version. */
            version: string;
            /** @description What will keep it from working before long, for people. */
            warnings: string[];
        };
        /** @description Whether one takes conversations. */
        StatusIn: {
            /** @description The status from now on. */
            status: components["schemas"]["OperatorStatus"];
        };
        /**
         * @description What a system entry tells.
         * @enum {string}
         */
        SystemEntry: "started" | "assigned" | "unassigned" | "transferred" | "joined" | "invited" | "left" | "handed_over" | "resolved" | "closed" | "reopened" | "spam" | "snoozed" | "priority" | "blocked" | "unblocked";
        /**
         * @description A tag as the organisation describes it: a colour and a few words for a text that conversations carry. Conversations may carry texts
         *     that nobody has described. A change of its name follows on the conversations that have it.
         */
        Tag: {
            /** @description In which colour it is shown. */
            colour: components["schemas"]["TagColour"];
            /**
             * Format: date-time
             * @description When it was made.
             */
            created_at: string;
            /** @description What it is for; may be empty. */
            description: string;
            /** @description Its id. */
            id: string;
            /** @description What it is called: the text that conversations carry, letter by letter. No two have the same name, whatever the case. */
            name: string;
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            updated_at: string;
            /**
             * Format: int64
             * @description Rises with each change.
             */
            version: number;
        };
        /**
         * @description A colour by name; each has a shade for light and one for dark.
         * @enum {string}
         */
        TagColour: "grey" | "red" | "amber" | "green" | "teal" | "blue" | "violet" | "pink";
        /**
         * @description A tag as the organisation describes it: a colour and a few words for a text that conversations carry. Conversations may carry texts
         *     that nobody has described. A change of its name follows on the conversations that have it.
         * @example {
         *       "colour": "amber",
         *       "description": "The customer wants money back.",
         *       "name": "refund"
         *     }
         */
        TagIn: {
            /**
             * @description In which colour it is shown.
             * @default grey
             */
            colour?: components["schemas"]["TagColour"];
            /**
             * @description What it is for; may be empty.
             * @default
             */
            description?: string;
            /** @description What it is called: the text that conversations carry, letter by letter. No two have the same name, whatever the case. */
            name: string;
        };
        /** @description A part of a list. */
        TagList: {
            /** @description Whether all there are can be found by what they are sorted by; `false` for a moment after an upgrade. */
            complete: boolean;
            /** @description Ids of rows that belong here and are stored damaged, so that they cannot be shown. */
            damaged?: string[];
            /** @description The rows. */
            items: components["schemas"]["Tag"][];
            /** @description Pass it as `cursor` for the next part; `null` at the end. */
            next: string | null;
        };
        /**
         * @description A change of a tag; what is absent stays.
         * @example {
         *       "colour": "amber",
         *       "description": "The customer wants money back.",
         *       "name": "refund"
         *     }
         */
        TagPatchIn: {
            /** @description In which colour it is shown. */
            colour?: components["schemas"]["TagColour"];
            /** @description What it is for; may be empty. */
            description?: string;
            /** @description What it is called: the text that conversations carry, letter by letter. No two have the same name, whatever the case. */
            name?: string;
            /**
             * Format: int64
             * @description The version that the change is based on: 409 if it is no longer the stored one.
             */
            version?: number | null;
        };
        /** @description An organisation. */
        Tenant: {
            /** @description Its id. */
            id: string;
            /** @description The name that people see. */
            name: string;
        };
        /**
         * Format: date-time
         * @description A moment in UTC by RFC 3339: `2026-01-31T12:00:00.5Z`.
         */
        Time: string;
        /** @description A tool. */
        Tool: {
            /** @description One sentence that says when to use it. */
            description: string;
            /** @description What it is called by: the kind, a slash, the tool's own name. */
            name: string;
            /** @description It changes nothing anywhere. */
            read_only: boolean;
        };
        /** @description To whom a conversation is handed over. */
        TransferIn: {
            /** @description A word for them. */
            comment?: string | null;
            /** @description The operator. */
            operator_id: string;
            /**
             * Format: int64
             * @description The version that the action is based on.
             */
            version?: number | null;
        };
        /**
         * @description How the refresh token comes and goes.
         * @enum {string}
         */
        Transport: "cookie" | "body";
        /** @description Settings to be tried out. */
        TrialIn: {
            /** @description All settings, secrets included. */
            config: Record<string, unknown>;
            /** @description Outgoing proxy: `http://…` or `socks5://…`. */
            proxy_url?: string | null;
        };
        /** @description A list of conversations under a name: those of which a condition is true, in an order. «me» in its condition is whoever looks. */
        View: {
            /**
             * Format: date-time
             * @description When it was made.
             */
            created_at: string;
            /** @description Which conversations it shows: a condition over their fields. */
            filter: components["schemas"]["ConversationCondition"];
            /** @description Its id. */
            id: string;
            /** @description What it is called. No two of everybody's have the same name, and no two of one operator's own, whatever the case. */
            name: string;
            /** @description Whose it is alone; everybody's if `null`. */
            owner_id: string | null;
            /** @description In which order. */
            sort: components["schemas"]["ViewSort"];
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            updated_at: string;
            /**
             * Format: int64
             * @description Rises with each change.
             */
            version: number;
        };
        /**
         * @description A list of conversations under a name: those of which a condition is true, in an order. «me» in its condition is whoever looks.
         * @example {
         *       "filter": {
         *         "all": [
         *           {
         *             "field": "priority",
         *             "op": "in",
         *             "value": [
         *               "high",
         *               "urgent"
         *             ]
         *           },
         *           {
         *             "field": "assignee",
         *             "op": "is",
         *             "value": "me"
         *           }
         *         ]
         *       },
         *       "name": "Urgent and mine",
         *       "owner_id": null,
         *       "sort": "activity"
         *     }
         */
        ViewIn: {
            /** @description Which conversations it shows: a condition over their fields. */
            filter: components["schemas"]["ConversationCondition"];
            /** @description What it is called. No two of everybody's have the same name, and no two of one operator's own, whatever the case. */
            name: string;
            /** @description Whose it is alone; everybody's if `null`. */
            owner_id?: string | null;
            /**
             * @description In which order.
             * @default activity
             */
            sort?: components["schemas"]["ViewSort"];
        };
        /** @description A part of a list. */
        ViewList: {
            /** @description Whether all there are can be found by what they are sorted by; `false` for a moment after an upgrade. */
            complete: boolean;
            /** @description Ids of rows that belong here and are stored damaged, so that they cannot be shown. */
            damaged?: string[];
            /** @description The rows. */
            items: components["schemas"]["View"][];
            /** @description Pass it as `cursor` for the next part; `null` at the end. */
            next: string | null;
        };
        /**
         * @description A change of a view; what is absent stays.
         * @example {
         *       "filter": {
         *         "all": [
         *           {
         *             "field": "priority",
         *             "op": "in",
         *             "value": [
         *               "high",
         *               "urgent"
         *             ]
         *           },
         *           {
         *             "field": "assignee",
         *             "op": "is",
         *             "value": "me"
         *           }
         *         ]
         *       },
         *       "name": "Urgent and mine",
         *       "owner_id": null,
         *       "sort": "activity"
         *     }
         */
        ViewPatchIn: {
            /** @description Which conversations it shows: a condition over their fields. */
            filter?: components["schemas"]["ConversationCondition"];
            /** @description What it is called. No two of everybody's have the same name, and no two of one operator's own, whatever the case. */
            name?: string;
            /** @description Whose it is alone; everybody's if `null`. */
            owner_id?: string | null;
            /** @description In which order. */
            sort?: components["schemas"]["ViewSort"];
            /**
             * Format: int64
             * @description The version that the change is based on: 409 if it is no longer the stored one.
             */
            version?: number | null;
        };
        /**
         * @description The order of a view.
         * @enum {string}
         */
        ViewSort: "activity" | "created" | "waiting";
        /** @description Somebody who looks at a conversation. */
        Viewer: {
            /** @description Who. */
            operator_id: string;
            /** @description An answer is being written. */
            replying: boolean;
        };
        /** @description What a widget says. */
        WidgetClientFrameIn: {
            /** @description The cursor of the last event that was seen; none to begin with what comes next. */
            after?: string | null;
            /** @description The visitor's token. */
            token: string;
            /** @enum {string} */
            type: "hello";
        } | {
            /** @description Which. */
            on: boolean;
            /** @enum {string} */
            type: "typing";
        } | {
            /** @enum {string} */
            type: "ping";
        };
        /** @description How the widget looks and what it asks. */
        WidgetConfig: {
            /** @description The colour, `#rrggbb`. */
            accent: string;
            /** @description What is said while nobody is there. */
            away_message: string;
            /** @description Whether the widget says by whom it is made. */
            branding: boolean;
            /** @description What stands above an empty chat. */
            greeting: string;
            /** @description The language of the widget's own words. */
            locale: components["schemas"]["WidgetLocale"];
            /**
             * Format: int64
             * @description The largest file, in bytes.
             */
            max_file_bytes: number;
            /** @description While nobody is there, ask for an address to answer to. */
            offline_form: boolean;
            /** @description Whether the visitor meets somebody. */
            online: boolean;
            /** @description In which lower corner of the page the button stands. */
            position: components["schemas"]["WidgetPosition"];
            /** @description The form before the chat. */
            prechat: components["schemas"]["WidgetPrechat"];
            /** @description The title. */
            title: string;
        };
        /** @description Where the conversation stands, for its visitor. */
        WidgetConversation: {
            /** @description Its id. */
            id: string;
            operator: components["schemas"]["WidgetOperator"] | null;
            /** @description Where it stands. */
            status: components["schemas"]["WidgetConversationStatus"];
            /** @description Answers that the visitor has not read. */
            unread: number;
        };
        /**
         * @description Where a conversation stands, for its visitor: what operators do with it behind the scenes is their business.
         * @enum {string}
         */
        WidgetConversationStatus: "open" | "resolved" | "closed";
        /** @description Something that happened, as its visitor sees it. */
        WidgetEvent: {
            /** @description The message. */
            message: components["schemas"]["WidgetMessage"];
            /** @enum {string} */
            type: "message_created";
        } | {
            /** @description The message as it is now. */
            message: components["schemas"]["WidgetMessage"];
            /** @enum {string} */
            type: "message_updated";
        } | {
            /** @description The conversation as it is now. */
            conversation: components["schemas"]["WidgetConversation"];
            /** @enum {string} */
            type: "conversation_updated";
        };
        /** @description Who comes, and where it goes on. */
        WidgetHelloIn: {
            /** @description The cursor of the last event that was seen; none to begin with what comes next. */
            after?: string | null;
            /** @description The visitor's token. */
            token: string;
        };
        /** @description A message that is left while nobody is there. */
        WidgetLeftMessageIn: {
            /** @description The same key again is the same message. */
            client_key: string;
            /** @description Where to answer; this or a phone number is needed. */
            email?: string | null;
            /** @description Who writes. */
            name: string;
            /** @description Where to answer; this or an e-mail address is needed. */
            phone?: string | null;
            /** @description The text. */
            text: string;
        };
        /**
         * @description The language of the widget's own words.
         * @enum {string}
         */
        WidgetLocale: "auto" | "ru" | "en";
        /** @description A message as its visitor sees it. */
        WidgetMessage: {
            /** @description Its files. */
            attachments: components["schemas"]["Attachment"][];
            /** @description The name of who wrote it. */
            author_name: string | null;
            /** @description Rows of buttons. */
            buttons: components["schemas"]["Button"][][];
            /** @description The sender's key. */
            client_key: string | null;
            /** @description When it was written. */
            created_at: components["schemas"]["Time"];
            deleted_at: components["schemas"]["Time"] | null;
            edited_at: components["schemas"]["Time"] | null;
            /** @description Who wrote it. */
            from: components["schemas"]["WidgetSide"];
            /** @description Its id. */
            id: string;
            part: components["schemas"]["Part"] | null;
            /**
             * Format: int64
             * @description Its place in the conversation, in microseconds.
             */
            position: number;
            reply_to: components["schemas"]["WidgetQuote"] | null;
            /** @description Its styles. */
            spans: components["schemas"]["Span"][];
            state: components["schemas"]["WidgetSentState"] | null;
            /** @description The text. */
            text: string;
            /**
             * Format: int64
             * @description Rises with each change.
             */
            version: number;
        };
        /** @description A message as the widget sends it. */
        WidgetMessageIn: {
            button?: components["schemas"]["WidgetPressIn"] | null;
            /** @description The same key again is the same message. */
            client_key: string;
            /** @description Files that this visitor uploaded. */
            file_ids?: string[];
            /** @description The text. */
            text?: string;
        };
        /** @description A stretch of the conversation, oldest first. */
        WidgetMessagePage: {
            /** @description The messages, oldest first. */
            items: components["schemas"]["WidgetMessage"][];
            /** @description Pass it as `before` for what was said earlier; `null` at the beginning. */
            older: string | null;
        };
        /** @description Who answers. */
        WidgetOperator: {
            /** @description Where the picture can be read. */
            avatar_url: string | null;
            /** @description The name. */
            name: string;
        };
        /** @description The page around the widget. */
        WidgetPageIn: {
            /** @description From where the visitor came to it. */
            referrer?: string;
            /** @description Its title. */
            title?: string;
            /** @description Its address. */
            url?: string;
        };
        /**
         * @description In which lower corner of the page the button stands.
         * @enum {string}
         */
        WidgetPosition: "right" | "left";
        /** @description The form before the chat. */
        WidgetPrechat: {
            /** @description Whether anything is asked. */
            enabled: boolean;
            /** @description What is asked. */
            fields: components["schemas"]["WidgetPrechatField"][];
        };
        /** @description One question of the form before the chat. */
        WidgetPrechatField: {
            /** @description What is asked for. */
            name: components["schemas"]["WidgetPrechatName"];
            /** @description It may not be left empty. */
            required: boolean;
        };
        /**
         * @description What the form before the chat asks for.
         * @enum {string}
         */
        WidgetPrechatName: "name" | "email" | "phone";
        /** @description A button that was pressed. */
        WidgetPressIn: {
            /** @description The button's data. */
            data: string;
            /** @description The message under which it is. */
            message_id: string;
        };
        /** @description What a message answers to. */
        WidgetQuote: {
            /** @description Who wrote it. */
            author_name: string;
            /** @description What was quoted, or its beginning. */
            preview: string;
        };
        /**
         * @description How far a message of the visitor got.
         * @enum {string}
         */
        WidgetSentState: "sent" | "read";
        /** @description What the host says. */
        WidgetServerFrame: {
            /** @description Where to go on after it. */
            cursor: string;
            /** @description Whether the visitor meets somebody. */
            online: boolean;
            /** @enum {string} */
            type: "hello";
        } | {
            /** @description Where to go on after it: `after` of the next hello. It says nothing, and the same place has another each time. */
            cursor: string;
            /** @description What happened. */
            event: components["schemas"]["WidgetEvent"];
            /** @enum {string} */
            type: "event";
        } | {
            /** @description Who. */
            name: string;
            /** @description Whether it is being written. */
            on: boolean;
            /** @enum {string} */
            type: "typing";
        } | {
            /** @description Whether the visitor meets somebody. */
            online: boolean;
            /** @enum {string} */
            type: "online";
        } | {
            /** @enum {string} */
            type: "resync";
        } | {
            /** @enum {string} */
            type: "pong";
        };
        /** @description A session as its visitor gets it. */
        WidgetSession: {
            conversation: components["schemas"]["WidgetConversation"] | null;
            /** @description Where the socket goes on: `after` of its hello. */
            cursor: string;
            /** @description The last messages, oldest first. */
            messages: components["schemas"]["WidgetMessage"][];
            /** @description Pass it as `before` for what was said earlier; `null` at the beginning. */
            older: string | null;
            /** @description Whether the visitor meets somebody. */
            online: boolean;
            /** @description Send it as `Authorization: Bearer`. */
            token: string;
            /** @description What forms can be filled with. */
            visitor: components["schemas"]["WidgetVisitor"];
        };
        /** @description What a widget says when it begins. */
        WidgetSessionIn: {
            /** @description The language of the widget. */
            locale?: string;
            page?: components["schemas"]["WidgetPageIn"] | null;
            /** @description The visitor's token, to go on with a session. */
            token?: string | null;
            visitor?: components["schemas"]["WidgetVisitorIn"] | null;
        };
        /**
         * @description Who wrote a message.
         * @enum {string}
         */
        WidgetSide: "visitor" | "operator" | "bot" | "system";
        /** @description What forms can be filled with. */
        WidgetVisitor: {
            /** @description The e-mail address. */
            email: string | null;
            /** @description The name. */
            name: string | null;
        };
        /** @description Who the visitor is, as the site says. */
        WidgetVisitorIn: {
            /** @description Whatever else the site knows: texts, numbers, `true` and `false`. The rest is left out. */
            attributes?: {
                [key: string]: unknown;
            };
            /** @description The e-mail address; left out if it is none. */
            email?: string | null;
            /** @description The site's own id of the visitor. */
            external_id?: string | null;
            /** @description Proves the id: HMAC-SHA256 of it with the inbox's identity secret, in hex. */
            hash?: string | null;
            /** @description The name; cut after 200 characters. */
            name?: string | null;
            /** @description The phone number; left out if it is none. */
            phone?: string | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    list_api_keys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListView_ApiKey"];
                };
            };
        };
    };
    create_api_key: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Shop",
                 *       "permissions": [
                 *         "conversations.read_all"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["ApiKeyIn"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyWithToken"];
                };
            };
        };
    };
    get_api_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKey"];
                };
            };
        };
    };
    revoke_api_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to say. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    update_api_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "name": "Shop"
                 *     }
                 */
                "application/json": components["schemas"]["ApiKeyPatchIn"];
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKey"];
                };
            };
        };
    };
    rotate_api_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "overlap_hours": 24
                 *     }
                 */
                "application/json": components["schemas"]["RotateIn"];
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyWithToken"];
                };
            };
        };
    };
    list_audit: {
        parameters: {
            query?: {
                /** @description How many rows at most, 1 to 100; 50 if absent. */
                limit?: number;
                /** @description Where to go on: `next` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageView_AuditEntry"];
                };
            };
        };
    };
    accept_invite: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Anna",
                 *       "password": "correct horse battery",
                 *       "token": "b64f0c2e5d7a4c1f9e3b8a6d2c4f0e1a",
                 *       "transport": "cookie"
                 *     }
                 */
                "application/json": components["schemas"]["AcceptInviteIn"];
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
        };
    };
    change_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "current": "correct horse battery",
                 *       "new": "a better staple"
                 *     }
                 */
                "application/json": components["schemas"]["PasswordIn"];
            };
        };
        responses: {
            /** @description Done; there is nothing to say. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    refresh_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "refresh_token": "b64f0c2e5d7a4c1f9e3b8a6d2c4f0e1a"
                 *     }
                 */
                "application/json": components["schemas"]["RefreshIn"];
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
        };
    };
    sign_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "anna@example.org",
                 *       "password": "correct horse battery",
                 *       "transport": "body"
                 *     }
                 */
                "application/json": components["schemas"]["SignInIn"];
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
        };
    };
    sign_out: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to say. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    sign_out_everywhere: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to say. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    list_automations: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListView_Automation"];
                };
            };
        };
    };
    create_automation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "config": {},
                 *       "kind": "greeter",
                 *       "title": "Greeter"
                 *     }
                 */
                "application/json": components["schemas"]["AutomationIn"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Automation"];
                };
            };
        };
    };
    list_automation_kinds: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListView_AutomationKind"];
                };
            };
        };
    };
    get_automation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Automation"];
                };
            };
        };
    };
    delete_automation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to say. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    update_automation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "enabled": false
                 *     }
                 */
                "application/json": components["schemas"]["AutomationPatchIn"];
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Automation"];
                };
            };
        };
    };
    list_channels: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListView_ChannelKind"];
                };
            };
        };
    };
    test_channel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                kind: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "config": {}
                 *     }
                 */
                "application/json": components["schemas"]["TrialIn"];
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionTest"];
                };
            };
        };
    };
    list_conversations: {
        parameters: {
            query?: {
                /** @description One of these, with commas between: `new,open,pending`. */
                status?: components["schemas"]["ConversationStatus"][];
                /** @description On this inbox. */
                inbox_id?: string;
                /** @description On this channel. */
                channel?: string;
                /** @description Whose: `me`, `none` or an operator's id. */
                assignee?: string;
                /** @description To which somebody was invited: `me` or an operator's id. */
                participant?: string;
                /** @description This urgent. */
                priority?: components["schemas"]["Priority"];
                /** @description With this label. */
                tag?: string;
                /** @description Only those with unread messages. */
                unread?: boolean;
                /** @description Only those in which the customer waits. */
                unanswered?: boolean;
                /** @description With this customer. */
                customer_id?: string;
                /**
                 * @description At or after this time, by the time that the list is sorted by: the last activity, with `sort=created` the beginning,
                 *     with `sort=waiting` since when the customer waits.
                 */
                from?: string;
                /** @description Before this time, by the same time as `from`. */
                to?: string;
                /**
                 * @description A condition that must be true as well: the schema `ConversationCondition` as JSON, over fields of conversations. All other parameters
                 *     are short for conditions that are often asked for.
                 */
                filter?: string;
                /** @description The order; `activity` if absent. */
                sort?: components["schemas"]["ConversationSort"];
                /** @description How many rows at most, 1 to 100; 50 if absent. */
                limit?: number;
                /** @description Where to go on: `next` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageView_Conversation"];
                };
            };
        };
    };
    count_conversations: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationCounts"];
                };
            };
        };
    };
    get_conversation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
        };
    };
    update_conversation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "attributes": {
                 *         "order": "4711"
                 *       },
                 *       "priority": "high",
                 *       "subject": "Invoice 1042",
                 *       "tags": [
                 *         "invoice"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["ConversationPatchIn"];
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
        };
    };
    assign_conversation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "operator_id": null
                 *     }
                 */
                "application/json": components["schemas"]["AssignIn"];
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
        };
    };
    close_conversation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": components["schemas"]["ActionIn"];
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
        };
    };
    invite_to_conversation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "operator_id": "op_0192f0c1a2b37c4d8e5f60718293a4b5"
                 *     }
                 */
                "application/json": components["schemas"]["InviteIn"];
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
        };
    };
    leave_conversation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": components["schemas"]["ActionIn"];
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
        };
    };
    list_messages: {
        parameters: {
            query?: {
                /** @description What was said before this: `older` of the stretch after. The newest if absent. */
                before?: string;
                /** @description How many messages at most, 1 to 100; 50 if absent. */
                limit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessagePage"];
                };
            };
        };
    };
    send_message: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "client_key": "5f0c2e5d-7a4c",
                 *       "kind": "reply",
                 *       "spans": [
                 *         {
                 *           "length": 12,
                 *           "start": 0,
                 *           "style": "bold"
                 *         }
                 *       ],
                 *       "text": "Good morning! Here is your invoice."
                 *     }
                 */
                "application/json": components["schemas"]["MessageIn"];
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            /** @description Taken: it is stored and will be done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
        };
    };
    read_conversation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": components["schemas"]["ActionIn"];
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
        };
    };
    reopen_conversation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": components["schemas"]["ActionIn"];
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
        };
    };
    resolve_conversation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": components["schemas"]["ActionIn"];
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
        };
    };
    snooze_conversation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "until": "2030-01-31T09:00:00Z"
                 *     }
                 */
                "application/json": components["schemas"]["SnoozeIn"];
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
        };
    };
    spam_conversation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": components["schemas"]["ActionIn"];
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
        };
    };
    take_conversation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": components["schemas"]["ActionIn"];
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
        };
    };
    transfer_conversation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "comment": "Asks about an invoice.",
                 *       "operator_id": "op_0192f0c1a2b37c4d8e5f60718293a4b5"
                 *     }
                 */
                "application/json": components["schemas"]["TransferIn"];
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
        };
    };
    list_customers: {
        parameters: {
            query?: {
                /** @description Part of a name, an e-mail address or a phone number, at least 3 characters of it: short for a condition that is often asked for. */
                q?: string;
                /** @description A condition that must be true as well: the schema `CustomerCondition` as JSON, over fields of customers. */
                filter?: string;
                /** @description The order; `seen` if absent. */
                sort?: components["schemas"]["CustomerSort"];
                /** @description How many rows at most, 1 to 100; 50 if absent. */
                limit?: number;
                /** @description Where to go on: `next` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageView_Customer"];
                };
            };
        };
    };
    get_customer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Customer"];
                };
            };
        };
    };
    update_customer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "attributes": {
                 *         "plan": "pro"
                 *       },
                 *       "email": "boris@example.org",
                 *       "name": "Boris",
                 *       "phone": null,
                 *       "tags": [
                 *         "regular"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["CustomerPatchIn"];
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Customer"];
                };
            };
        };
    };
    list_customer_conversations: {
        parameters: {
            query?: {
                /** @description Only those of this inbox. An API key of several inboxes names one. */
                inbox_id?: string;
                /** @description How many rows at most, 1 to 100; 50 if absent. */
                limit?: number;
                /** @description Where to go on: `next` of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageView_Conversation"];
                };
            };
        };
    };
    list_events: {
        parameters: {
            query?: {
                /** @description Those after this number; from the oldest that is kept if absent. */
                after?: number;
                /** @description What the answer with that number named the log by: 409 if it is another one by now. */
                epoch?: string;
                /** @description How many at most, 1 to 500; 100 if absent. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventPage"];
                };
            };
        };
    };
    upload_file: {
        parameters: {
            query?: {
                /** @description The file's name. */
                name?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Stored */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["File"];
                };
            };
        };
    };
    download_file: {
        parameters: {
            query?: {
                /** @description `1` to have it saved rather than shown. */
                download?: number;
            };
            header?: never;
            path: {
                file_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bytes, as what they are */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description The stretch that was asked for */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description Not changed; a file never changes */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    list_inboxes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListView_Inbox"];
                };
            };
        };
    };
    create_inbox: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "config": {},
                 *       "kind": "sandbox",
                 *       "title": "Practice"
                 *     }
                 */
                "application/json": components["schemas"]["InboxIn"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Inbox"];
                };
            };
        };
    };
    get_inbox: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Inbox"];
                };
            };
        };
    };
    delete_inbox: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to say. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    update_inbox: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "enabled": true,
                 *       "title": "Practice"
                 *     }
                 */
                "application/json": components["schemas"]["InboxPatchIn"];
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Inbox"];
                };
            };
        };
    };
    sign_out_visitors: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Inbox"];
                };
            };
        };
    };
    simulate_customer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "action": "message",
                 *       "chat": "boris",
                 *       "name": "Boris",
                 *       "text": "Good morning!"
                 *     }
                 */
                "application/json": components["schemas"]["SimulationIn"];
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SimulationResult"];
                };
            };
        };
    };
    test_inbox: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionTest"];
                };
            };
        };
    };
    register_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Inbox"];
                };
            };
        };
    };
    remove_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Inbox"];
                };
            };
        };
    };
    get_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
        };
    };
    update_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "locale": "en",
                 *       "name": "Anna"
                 *     }
                 */
                "application/json": components["schemas"]["MePatchIn"];
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
        };
    };
    set_my_status: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "status": "online"
                 *     }
                 */
                "application/json": components["schemas"]["StatusIn"];
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operator"];
                };
            };
        };
    };
    delete_message: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
        };
    };
    edit_message: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "text": "Good morning! Here is the right invoice."
                 *     }
                 */
                "application/json": components["schemas"]["MessageEditIn"];
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
        };
    };
    fetch_attachment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                attachment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
        };
    };
    retry_message: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
        };
    };
    list_revisions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListView_Revision"];
                };
            };
        };
    };
    list_operators: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListView_Operator"];
                };
            };
        };
    };
    create_operator: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "capacity": 10,
                 *       "email": "boris@example.org",
                 *       "name": "Boris",
                 *       "role": "operator"
                 *     }
                 */
                "application/json": components["schemas"]["OperatorIn"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invitation"];
                };
            };
        };
    };
    update_operator: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "capacity": 5,
                 *       "role": "admin"
                 *     }
                 */
                "application/json": components["schemas"]["OperatorPatchIn"];
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operator"];
                };
            };
        };
    };
    invite_operator: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invitation"];
                };
            };
        };
    };
    list_phrases: {
        parameters: {
            query?: {
                /** @description How many rows at most, 1 to 100; 50 if absent. */
                limit?: number;
                /** @description Where to go on: `next` of the page before. */
                cursor?: string;
                /** @description What the rows are sorted by, with `-` the other way round. */
                sort?: "shortcut" | "-shortcut";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PhraseList"];
                };
            };
        };
    };
    create_phrase: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "owner_id": null,
                 *       "shortcut": "hours",
                 *       "text": "Good day, {{customer}}! We are here from nine to six."
                 *     }
                 */
                "application/json": components["schemas"]["PhraseIn"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    /** @description The version. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Phrase"];
                };
            };
        };
    };
    get_phrase: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    /** @description The version. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Phrase"];
                };
            };
        };
    };
    delete_phrase: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to say. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    update_phrase: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "owner_id": null,
                 *       "shortcut": "hours",
                 *       "text": "Good day, {{customer}}! We are here from nine to six."
                 *     }
                 */
                "application/json": components["schemas"]["PhrasePatchIn"];
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    /** @description The version. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Phrase"];
                };
            };
        };
    };
    list_plugins: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListView_Plugin"];
                };
            };
        };
    };
    install_plugin: {
        parameters: {
            query?: {
                /** @description The text of its signature, `NAME.wasm.sig`. */
                signature?: string;
                /** @description Grant what it asks for; otherwise it waits for approval if it asks for more than it was granted before. */
                approve?: boolean;
                /** @description It may be older than the version that runs. */
                older?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/wasm": string;
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Plugin"];
                };
            };
        };
    };
    get_plugin: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PluginDetail"];
                };
            };
        };
    };
    delete_plugin: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to say. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    approve_plugin: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "digest": "0000000000000000000000000000000000000000000000000000000000000000"
                 *     }
                 */
                "application/json": components["schemas"]["PluginDecisionIn"];
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Plugin"];
                };
            };
        };
    };
    decline_plugin: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "digest": "0000000000000000000000000000000000000000000000000000000000000000"
                 *     }
                 */
                "application/json": components["schemas"]["PluginDecisionIn"];
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Plugin"];
                };
            };
        };
    };
    disable_plugin: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Plugin"];
                };
            };
        };
    };
    enable_plugin: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Plugin"];
                };
            };
        };
    };
    roll_back_plugin: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Plugin"];
                };
            };
        };
    };
    list_quarantine: {
        parameters: {
            query?: {
                /** @description How many rows at most, 1 to 100; 50 if absent. */
                limit?: number;
                /** @description Where to go on: `next` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageView_Quarantined"];
                };
            };
        };
    };
    get_quarantined: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuarantinedDetail"];
                };
            };
        };
    };
    delete_quarantined: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to say. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    replay_quarantined: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Quarantined"];
                };
            };
        };
    };
    list_rights: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "rights": [
                     *         {
                     *           "group": "messages",
                     *           "name": "messages.send"
                     *         },
                     *         {
                     *           "group": "messages",
                     *           "name": "messages.note"
                     *         }
                     *       ],
                     *       "roles": [
                     *         {
                     *           "permissions": [
                     *             "messages.send",
                     *             "messages.note"
                     *           ],
                     *           "role": "operator"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Rights"];
                };
            };
        };
    };
    list_roles: {
        parameters: {
            query?: {
                /** @description How many rows at most, 1 to 100; 50 if absent. */
                limit?: number;
                /** @description Where to go on: `next` of the page before. */
                cursor?: string;
                /** @description What the rows are sorted by, with `-` the other way round. */
                sort?: "name" | "-name";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnRoleList"];
                };
            };
        };
    };
    create_role: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "description": "Reads along and writes notes",
                 *       "name": "Trainee",
                 *       "permissions": [
                 *         "conversations.read_all",
                 *         "conversations.read_own",
                 *         "messages.note"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["OwnRoleIn"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    /** @description The version. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnRole"];
                };
            };
        };
    };
    get_role: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    /** @description The version. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnRole"];
                };
            };
        };
    };
    delete_role: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to say. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    update_role: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "description": "Reads along and writes notes",
                 *       "name": "Trainee",
                 *       "permissions": [
                 *         "conversations.read_all",
                 *         "conversations.read_own",
                 *         "messages.note"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["OwnRolePatchIn"];
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    /** @description The version. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnRole"];
                };
            };
        };
    };
    get_setup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SetupState"];
                };
            };
        };
    };
    create_setup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "anna@example.org",
                 *       "locale": "en",
                 *       "name": "Anna",
                 *       "organisation": "Example Ltd",
                 *       "password": "correct horse battery",
                 *       "token": "b64f0c2e5d7a4c1f9e3b8a6d2c4f0e1a"
                 *     }
                 */
                "application/json": components["schemas"]["SetupIn"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
        };
    };
    get_status: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Status"];
                };
            };
        };
    };
    list_tags: {
        parameters: {
            query?: {
                /** @description How many rows at most, 1 to 100; 50 if absent. */
                limit?: number;
                /** @description Where to go on: `next` of the page before. */
                cursor?: string;
                /** @description What the rows are sorted by, with `-` the other way round. */
                sort?: "name" | "-name";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TagList"];
                };
            };
        };
    };
    create_tag: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "colour": "amber",
                 *       "description": "The customer wants money back.",
                 *       "name": "refund"
                 *     }
                 */
                "application/json": components["schemas"]["TagIn"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    /** @description The version. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tag"];
                };
            };
        };
    };
    get_tag: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    /** @description The version. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tag"];
                };
            };
        };
    };
    delete_tag: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to say. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    update_tag: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "colour": "amber",
                 *       "description": "The customer wants money back.",
                 *       "name": "refund"
                 *     }
                 */
                "application/json": components["schemas"]["TagPatchIn"];
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    /** @description The version. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tag"];
                };
            };
        };
    };
    list_views: {
        parameters: {
            query?: {
                /** @description How many rows at most, 1 to 100; 50 if absent. */
                limit?: number;
                /** @description Where to go on: `next` of the page before. */
                cursor?: string;
                /** @description What the rows are sorted by, with `-` the other way round. */
                sort?: "name" | "-name";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ViewList"];
                };
            };
        };
    };
    create_view: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "filter": {
                 *         "all": [
                 *           {
                 *             "field": "priority",
                 *             "op": "in",
                 *             "value": [
                 *               "high",
                 *               "urgent"
                 *             ]
                 *           },
                 *           {
                 *             "field": "assignee",
                 *             "op": "is",
                 *             "value": "me"
                 *           }
                 *         ]
                 *       },
                 *       "name": "Urgent and mine",
                 *       "owner_id": null,
                 *       "sort": "activity"
                 *     }
                 */
                "application/json": components["schemas"]["ViewIn"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    /** @description The version. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["View"];
                };
            };
        };
    };
    get_view: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    /** @description The version. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["View"];
                };
            };
        };
    };
    delete_view: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to say. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    update_view: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "filter": {
                 *         "all": [
                 *           {
                 *             "field": "priority",
                 *             "op": "in",
                 *             "value": [
                 *               "high",
                 *               "urgent"
                 *             ]
                 *           },
                 *           {
                 *             "field": "assignee",
                 *             "op": "is",
                 *             "value": "me"
                 *           }
                 *         ]
                 *       },
                 *       "name": "Urgent and mine",
                 *       "owner_id": null,
                 *       "sort": "activity"
                 *     }
                 */
                "application/json": components["schemas"]["ViewPatchIn"];
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    /** @description The version. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["View"];
                };
            };
        };
    };
    connect: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The connection becomes a WebSocket. */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthCheck"];
                };
            };
        };
    };
    get_ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthCheck"];
                };
            };
        };
    };
    download_shared: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant: string;
                file: string;
                expires: number;
                seal: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bytes, as what they are */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description The stretch that was asked for */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description Not changed; a file never changes */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    confirm_app_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                kind: string;
                app: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What the platform wants to hear. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
        };
    };
    receive_app_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                kind: string;
                app: string;
            };
            cookie?: never;
        };
        /** @description Whatever the platform sends. */
        requestBody: {
            content: {
                "*/*": string;
            };
        };
        responses: {
            /** @description Kept. The body is what the platform wants to hear. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
        };
    };
    confirm_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                inbox_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What the platform wants to hear. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
        };
    };
    receive_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                inbox_id: string;
            };
            cookie?: never;
        };
        /** @description Whatever the platform sends. */
        requestBody: {
            content: {
                "*/*": string;
            };
        };
        responses: {
            /** @description Kept. The body is what the platform wants to hear. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
        };
    };
    download_visitor_file: {
        parameters: {
            query: {
                /** @description The widget in which the file is seen: says whose file it is. */
                inbox: string;
                /** @description Until when it holds, in seconds since 1970. */
                expires: number;
                /** @description Proves that the host made it. */
                sig: string;
                /** @description `1` to have it saved rather than shown. */
                download?: number;
            };
            header?: never;
            path: {
                file_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bytes, as what they are */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description The stretch that was asked for */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description Not changed; a file never changes */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_widget_config: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                inbox_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WidgetConfig"];
                };
            };
        };
    };
    upload_visitor_file: {
        parameters: {
            query?: {
                /** @description The file's name. */
                name?: string;
            };
            header?: never;
            path: {
                inbox_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["File"];
                };
            };
        };
    };
    list_visitor_messages: {
        parameters: {
            query?: {
                /** @description What was said before this: `older` of the stretch after. The newest if absent. */
                before?: string;
            };
            header?: never;
            path: {
                inbox_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WidgetMessagePage"];
                };
            };
        };
    };
    send_visitor_message: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                inbox_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "client_key": "5f0c2e5d-7a4c",
                 *       "text": "Good morning!"
                 *     }
                 */
                "application/json": components["schemas"]["WidgetMessageIn"];
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WidgetMessage"];
                };
            };
            /** @description Taken: it is stored and will be done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WidgetMessage"];
                };
            };
        };
    };
    leave_message: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                inbox_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "client_key": "5f0c2e5d-7a4d",
                 *       "email": "boris@example.org",
                 *       "name": "Boris",
                 *       "text": "Please call me back."
                 *     }
                 */
                "application/json": components["schemas"]["WidgetLeftMessageIn"];
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WidgetMessage"];
                };
            };
            /** @description Taken: it is stored and will be done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WidgetMessage"];
                };
            };
        };
    };
    mark_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                inbox_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to say. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    start_session: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                inbox_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "locale": "en",
                 *       "page": {
                 *         "referrer": "",
                 *         "title": "Prices",
                 *         "url": "https://example.org/prices"
                 *       },
                 *       "visitor": {
                 *         "attributes": {
                 *           "plan": "pro"
                 *         },
                 *         "email": "boris@example.org",
                 *         "name": "Boris"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["WidgetSessionIn"];
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WidgetSession"];
                };
            };
        };
    };
    connect_visitor: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                inbox_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The connection becomes a WebSocket. */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
