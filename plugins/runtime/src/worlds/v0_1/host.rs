//! The host's side of the imports.

use wasmtime::Result;

use super::channel_world::omnichat::plugin::{host_crypto, host_env, host_http, host_kv, types};
use crate::factors::State;

type Said<T> = Result<std::result::Result<T, types::PluginError>>;

fn said<T>(result: std::result::Result<T, crate::outcome::PluginError>) -> Said<T> {
    Ok(result.map_err(types::PluginError::from))
}

impl types::Host for State {}

impl host_http::Host for State {
    async fn send(&mut self, request: types::HttpRequest) -> Said<types::HttpResponse> {
        said(self.http.send(request.into()).await.map(Into::into))
    }
}

impl host_kv::Host for State {
    async fn get(&mut self, key: String) -> Said<Option<Vec<u8>>> {
        said(self.kv.get(&key).await)
    }

    async fn set(&mut self, key: String, value: Vec<u8>, ttl_ms: Option<u64>) -> Said<()> {
        said(self.kv.set(&key, &value, ttl_ms).await)
    }

    async fn compare_and_set(
        &mut self,
        key: String,
        expected: Option<Vec<u8>>,
        value: Vec<u8>,
    ) -> Said<bool> {
        said(self.kv.compare_and_set(&key, expected.as_deref(), &value).await)
    }

    async fn delete(&mut self, key: String) -> Said<()> {
        said(self.kv.delete(&key).await)
    }

    async fn list_keys(&mut self, prefix: String, cursor: Option<String>) -> Said<host_kv::KeyPage> {
        let page = self.kv.list_keys(&prefix, cursor.as_deref()).await;
        said(page.map(|(keys, cursor)| host_kv::KeyPage { keys, cursor }))
    }
}

impl host_env::Host for State {
    async fn config(&mut self) -> Result<String> {
        Ok(self.env.config())
    }

    async fn now_ms(&mut self) -> Result<u64> {
        Ok(self.env.now_ms())
    }

    async fn random(&mut self, count: u32) -> Result<Vec<u8>> {
        Ok(self.env.random(count))
    }

    async fn log(&mut self, level: String, message: String, fields: String) -> Result<()> {
        self.env.log(&level, message, fields);
        Ok(())
    }

    async fn count(&mut self, metric: String, by: u64) -> Result<()> {
        self.env.count(metric, by);
        Ok(())
    }
}

impl host_crypto::Host for State {
    async fn hmac(&mut self, alg: String, secret: String, data: Vec<u8>) -> Said<Vec<u8>> {
        said(self.crypto.hmac(&alg, &secret, &data))
    }

    async fn verify_hmac(&mut self, alg: String, secret: String, data: Vec<u8>, mac: Vec<u8>) -> Said<bool> {
        said(self.crypto.verify_hmac(&alg, &secret, &data, &mac))
    }

    async fn equals_secret(&mut self, secret: String, value: Vec<u8>) -> Said<bool> {
        said(self.crypto.equals_secret(&secret, &value))
    }
}
