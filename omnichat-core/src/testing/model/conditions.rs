//! Conditions that customers of the small world often meet.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::world::{ATTRIBUTE, NAMES, TAGS, World, pick};
use crate::condition::{Is, Predicate, Test, Value};
use crate::customers::{CustomerFilter, CustomerSort, fields, with_text};

impl World {
    /// A filter of customers: a few tests, joined and turned around.
    pub(super) fn customer_filter(&self, seed: u64) -> CustomerFilter {
        let rng = &mut StdRng::seed_from_u64(seed);
        let parts = (0..rng.random_range(1..4)).map(|_| {
            let text = Value::Text(pick(rng, &TAGS).to_owned());
            let at = self.time(rng).micros();
            let test = match rng.random_range(0..7) {
                0 => Predicate::one_of(fields::TAGS, [text]),
                1 => Predicate::Test(Test {
                    field: fields::ATTRIBUTES,
                    attribute: Some(ATTRIBUTE.to_owned()),
                    is: Is::OneOf(vec![text]),
                }),
                2 => Predicate::one_of(fields::BLOCKED, [Value::Flag(rng.random())]),
                3 => Predicate::test(fields::LAST_SEEN_AT, Is::AtLeast(at)),
                4 => Predicate::test(fields::CREATED_AT, Is::Below(at)),
                5 => Predicate::test(fields::EMAIL, Is::There),
                _ => with_text(pick(rng, &NAMES)),
            };
            if rng.random_range(0..4) == 0 {
                test.negated()
            } else {
                test
            }
        });
        let parts: Vec<Predicate> = parts.collect();
        CustomerFilter {
            condition: match rng.random_range(0..4) {
                0 => Predicate::Any(parts),
                _ => Predicate::All(parts),
            },
            sort: pick(rng, &[CustomerSort::Seen, CustomerSort::Created]),
        }
    }
}
