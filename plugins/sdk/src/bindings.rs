//! What wit-bindgen makes of the contract: a module for each world. Types and imports are made once, for channels, and shared.
//!
//! The macro `export!` of a world is called by ours, in the author's crate; only there does the world become part of the
//! module, so that one crate can serve all worlds.
#![allow(
    unsafe_code,
    missing_docs,
    unreachable_pub,
    clippy::all,
    reason = "generated code"
)]

/// Channels.
pub mod channel {
    wit_bindgen::generate!({
        path: "../wit/v0.1",
        world: "channel-plugin",
        pub_export_macro: true,
        export_macro_name: "export_channel_world",
        runtime_path: "::omnichat_plugin_sdk::__private::wit_bindgen::rt",
        generate_unused_types: true,
        additional_derives: [PartialEq, Default],
        additional_derives_ignore: ["body", "content"],
        additional_type_attributes: {
            "omnichat:plugin/types@0.1.0/plugin-error": [#[cfg_attr(not(target_arch = "wasm32"), derive(serde::Serialize, serde::Deserialize), serde(default))]],
            "omnichat:plugin/types@0.1.0/limit": [#[cfg_attr(not(target_arch = "wasm32"), derive(serde::Serialize, serde::Deserialize), serde(default))]],
            "omnichat:plugin/types@0.1.0/app-accounts": [#[cfg_attr(not(target_arch = "wasm32"), derive(serde::Serialize, serde::Deserialize), serde(default))]],
            "omnichat:plugin/types@0.1.0/descriptor": [#[cfg_attr(not(target_arch = "wasm32"), derive(serde::Serialize, serde::Deserialize), serde(default))]],
            "omnichat:plugin/types@0.1.0/config-issue": [#[cfg_attr(not(target_arch = "wasm32"), derive(serde::Serialize, serde::Deserialize), serde(default))]],
            "omnichat:plugin/types@0.1.0/part": [#[cfg_attr(not(target_arch = "wasm32"), derive(serde::Serialize, serde::Deserialize), serde(default))]],
            "omnichat:plugin/types@0.1.0/http-request": [#[cfg_attr(not(target_arch = "wasm32"), derive(serde::Serialize, serde::Deserialize), serde(default))]],
            "omnichat:plugin/types@0.1.0/http-response": [#[cfg_attr(not(target_arch = "wasm32"), derive(serde::Serialize, serde::Deserialize), serde(default))]],
            "omnichat:plugin/types@0.1.0/span": [#[cfg_attr(not(target_arch = "wasm32"), derive(serde::Serialize, serde::Deserialize), serde(default))]],
            "omnichat:plugin/types@0.1.0/button": [#[cfg_attr(not(target_arch = "wasm32"), derive(serde::Serialize, serde::Deserialize), serde(default))]],
            "omnichat:plugin/types@0.1.0/location": [#[cfg_attr(not(target_arch = "wasm32"), derive(serde::Serialize, serde::Deserialize), serde(default))]],
            "omnichat:plugin/types@0.1.0/contact": [#[cfg_attr(not(target_arch = "wasm32"), derive(serde::Serialize, serde::Deserialize), serde(default))]],
            "omnichat:plugin/types@0.1.0/account-info": [#[cfg_attr(not(target_arch = "wasm32"), derive(serde::Serialize, serde::Deserialize), serde(default))]],
            "omnichat:plugin/channel@0.1.0/webhook-request": [#[cfg_attr(not(target_arch = "wasm32"), derive(serde::Serialize, serde::Deserialize), serde(default))]],
            "omnichat:plugin/channel@0.1.0/webhook-reply": [#[cfg_attr(not(target_arch = "wasm32"), derive(serde::Serialize, serde::Deserialize), serde(default))]],
            "omnichat:plugin/channel@0.1.0/webhook-verdict": [#[cfg_attr(not(target_arch = "wasm32"), derive(serde::Serialize, serde::Deserialize), serde(default))]],
            "omnichat:plugin/channel@0.1.0/chat": [#[cfg_attr(not(target_arch = "wasm32"), derive(serde::Serialize, serde::Deserialize), serde(default))]],
            "omnichat:plugin/channel@0.1.0/person": [#[cfg_attr(not(target_arch = "wasm32"), derive(serde::Serialize, serde::Deserialize), serde(default))]],
            "omnichat:plugin/channel@0.1.0/inbound-file": [#[cfg_attr(not(target_arch = "wasm32"), derive(serde::Serialize, serde::Deserialize), serde(default))]],
            "omnichat:plugin/channel@0.1.0/inbound-message": [#[cfg_attr(not(target_arch = "wasm32"), derive(serde::Serialize, serde::Deserialize), serde(default))]],
            "omnichat:plugin/channel@0.1.0/inbound-event": [#[cfg_attr(not(target_arch = "wasm32"), derive(serde::Serialize, serde::Deserialize), serde(default))]],
            "omnichat:plugin/channel@0.1.0/unreadable": [#[cfg_attr(not(target_arch = "wasm32"), derive(serde::Serialize, serde::Deserialize), serde(default))]],
            "omnichat:plugin/channel@0.1.0/poll-batch": [#[cfg_attr(not(target_arch = "wasm32"), derive(serde::Serialize, serde::Deserialize), serde(default))]],
            "omnichat:plugin/channel@0.1.0/outbound-file": [#[cfg_attr(not(target_arch = "wasm32"), derive(serde::Serialize, serde::Deserialize), serde(default))]],
            "omnichat:plugin/channel@0.1.0/outbound": [#[cfg_attr(not(target_arch = "wasm32"), derive(serde::Serialize, serde::Deserialize), serde(default))]],
            "omnichat:plugin/channel@0.1.0/receipt": [#[cfg_attr(not(target_arch = "wasm32"), derive(serde::Serialize, serde::Deserialize), serde(default))]],
            "omnichat:plugin/channel@0.1.0/action": [#[cfg_attr(not(target_arch = "wasm32"), derive(serde::Serialize, serde::Deserialize), serde(default))]],
        },
        additional_member_attributes: {
            "omnichat:plugin/types@0.1.0/http-response.body": [#[cfg_attr(not(target_arch = "wasm32"), serde(with = "crate::json::bytes"))]],
            "omnichat:plugin/channel@0.1.0/webhook-request.body": [#[cfg_attr(not(target_arch = "wasm32"), serde(with = "crate::json::bytes"))]],
            "omnichat:plugin/channel@0.1.0/webhook-reply.body": [#[cfg_attr(not(target_arch = "wasm32"), serde(with = "crate::json::bytes"))]],
        },
    });
}

/// Scenarios.
pub mod scenario {
    wit_bindgen::generate!({
        path: "../wit/v0.1",
        world: "scenario-plugin",
        pub_export_macro: true,
        export_macro_name: "export_scenario_world",
        runtime_path: "::omnichat_plugin_sdk::__private::wit_bindgen::rt",
        additional_derives: [PartialEq, Default],
        additional_type_attributes: {
            "omnichat:plugin/scenario@0.1.0/person": [#[cfg_attr(not(target_arch = "wasm32"), derive(serde::Serialize, serde::Deserialize), serde(default))]],
            "omnichat:plugin/scenario@0.1.0/turn-event": [#[cfg_attr(not(target_arch = "wasm32"), derive(serde::Serialize, serde::Deserialize), serde(default))]],
            "omnichat:plugin/scenario@0.1.0/turn-context": [#[cfg_attr(not(target_arch = "wasm32"), derive(serde::Serialize, serde::Deserialize), serde(default))]],
            "omnichat:plugin/scenario@0.1.0/action": [#[cfg_attr(not(target_arch = "wasm32"), derive(serde::Serialize, serde::Deserialize), serde(default))]],
            "omnichat:plugin/scenario@0.1.0/turn": [#[cfg_attr(not(target_arch = "wasm32"), derive(serde::Serialize, serde::Deserialize), serde(default))]],
        },
        with: {
            "omnichat:plugin/types@0.1.0": crate::bindings::channel::omnichat::plugin::types,
            "omnichat:plugin/host-env@0.1.0": crate::bindings::channel::omnichat::plugin::host_env,
        },
    });
}

/// Tools.
pub mod tool {
    wit_bindgen::generate!({
        path: "../wit/v0.1",
        world: "tool-plugin",
        pub_export_macro: true,
        export_macro_name: "export_tool_world",
        runtime_path: "::omnichat_plugin_sdk::__private::wit_bindgen::rt",
        additional_derives: [PartialEq, Default],
        additional_type_attributes: {
            "omnichat:plugin/tool@0.1.0/tool-spec": [#[cfg_attr(not(target_arch = "wasm32"), derive(serde::Serialize, serde::Deserialize), serde(default))]],
            "omnichat:plugin/tool@0.1.0/tool-context": [#[cfg_attr(not(target_arch = "wasm32"), derive(serde::Serialize, serde::Deserialize), serde(default))]],
        },
        with: {
            "omnichat:plugin/types@0.1.0": crate::bindings::channel::omnichat::plugin::types,
            "omnichat:plugin/host-http@0.1.0": crate::bindings::channel::omnichat::plugin::host_http,
            "omnichat:plugin/host-kv@0.1.0": crate::bindings::channel::omnichat::plugin::host_kv,
            "omnichat:plugin/host-env@0.1.0": crate::bindings::channel::omnichat::plugin::host_env,
            "omnichat:plugin/host-crypto@0.1.0": crate::bindings::channel::omnichat::plugin::host_crypto,
        },
    });
}
