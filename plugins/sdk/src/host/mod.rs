//! What a plugin may call. On WebAssembly these are the host's own functions; natively they are the [`crate::fixture`] that
//! the test has set up.

pub mod crypto;
pub mod env;
pub mod http;
pub mod kv;

#[cfg(not(target_arch = "wasm32"))]
pub(crate) use crate::fixture::imports;
#[cfg(target_arch = "wasm32")]
pub(crate) mod imports {
    pub(crate) use crate::bindings::channel::omnichat::plugin::{host_crypto, host_env, host_http, host_kv};
}
