//! The PostgreSQL store and bus.

mod abandoned;
mod bus;
mod cluster;
mod damaged;
mod documents;
mod fixture;
mod nodes;
mod queue;
mod restarts;
mod schema;
mod waves;

use self::fixture::fresh;

omnichat_core::store_suite!(suite, fresh);

#[test]
fn it_answers_like_the_memory_store() {
    omnichat_core::testing::model::check(fresh, 8);
}
