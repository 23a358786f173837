//! The SQLite store.

mod damaged;
mod file;
mod fixture;
mod killed;

use self::fixture::fresh;

omnichat_core::store_suite!(suite, fresh);

#[test]
fn it_answers_like_the_memory_store() {
    omnichat_core::testing::model::check(fresh, 24);
}
