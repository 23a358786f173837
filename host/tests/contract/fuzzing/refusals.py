"""Requests that the document allows and the host refuses all the same, since a stored row, a channel or the clock decides: no
schema can say so. Each is named with its field and fault; whatever else is refused is a failure.
"""

# The row is not in a state for it, or the channel cannot do it: `"code": "rejected"`, without a field.
STATE = "rejected"

# The grammar of addresses is longer than a pattern.
PROXY = "proxy_url format"

# Rules of a channel about what a message holds, and those between fields.
CONTENT = {
    "buttons required",
    "buttons scheme",
    "buttons unsupported",
    "file_ids too_many",
    "file_ids unknown",
    "reply_to unknown",
    "spans range",
    "spans scheme",
    "text required",
    "text too_long",
}

# Which rights there are, an embedder decides as well.
OF_A_KEY = {"permissions not_confined", "permissions not_for_keys", "permissions unknown"}

OF_THE_MOMENT = {
    # Passwords are judged by more than their length.
    "accept_invite": {"password too_simple"},
    "change_password": {"current wrong", "new too_simple"},
    # Rights and inboxes of a key are those of its maker; its end is compared with the clock.
    "create_api_key": {"expires_at past", "expires_at range", *OF_A_KEY},
    "update_api_key": {"expires_at past", "expires_at range", *OF_A_KEY, STATE},
    "rotate_api_key": {STATE},
    # Kinds come from channels and plugins, settings have schemas of theirs.
    "create_automation": {"kind unknown"},
    "create_inbox": {"kind unknown", "config.signing_secret required", "config.token required", "scenario unknown", PROXY},
    "update_inbox": {"scenario unknown", PROXY},
    "test_channel": {PROXY},
    "create_operator": {"email taken", "role unknown"},
    "update_operator": {"role unknown"},
    "create_phrase": {"shortcut taken"},
    "create_role": {"name taken", "permissions unknown"},
    "create_tag": {"name taken"},
    "create_view": {"name taken"},
    "update_phrase": {"shortcut taken"},
    "update_role": {"name taken", "permissions unknown"},
    "update_tag": {"name taken"},
    "delete_role": {STATE},
    "update_view": {"name taken"},
    "approve_plugin": {STATE},
    "decline_plugin": {STATE},
    "roll_back_plugin": {STATE},
    "install_plugin": {"plugin not_wasm", "signature format"},
    "register_webhook": {STATE},
    "remove_webhook": {STATE},
    "sign_out_visitors": {STATE},
    "delete_message": {STATE},
    "edit_message": {STATE, *CONTENT},
    "retry_message": {STATE},
    "send_message": {STATE, *CONTENT},
    "simulate_customer": {STATE, "target_message_id required", "target_message_id unknown", *CONTENT},
    "snooze_conversation": {STATE, "until past", "until range"},
    "list_customers": {"q too_short"},
    "upload_file": {"file empty"},
    "upload_visitor_file": {"file empty"},
    "send_visitor_message": {"button unknown", *CONTENT},
    "leave_message": {"email required", "phone format", *CONTENT},
}


def is_of_the_moment(operation, problem):
    allowed = OF_THE_MOMENT.get(operation, set())
    if problem["code"] == STATE:
        return STATE in allowed
    faults = {f"{fault['field']} {fault['code']}" for fault in problem.get("errors", [])}
    return bool(faults) and faults <= allowed
