//! What every blob store does, case by case. [`blob_suite!`](crate::blob_suite) makes a test of each.

pub mod fixture;
pub mod reads;
pub mod writes;

pub use fixture::BlobFixture;

/// Makes a test of every case of the blob suite. Takes a name for the module of the tests, and an async function that gives
/// a [`BlobFixture`] with a fresh, empty blob store for each case; or an `Option` of one, `None` where the service that it
/// needs is not there.
#[macro_export]
macro_rules! blob_suite {
    ($name:ident, $make:path) => {
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            $crate::blob_suite! {
                @tests $make;
                writes: [
                    a_blob_is_read_back,
                    an_empty_blob_is_a_blob,
                    a_large_blob_is_whole,
                    the_same_twice_is_kept_once,
                    the_same_many_times_at_once,
                    too_much_is_refused,
                    a_broken_stream_leaves_nothing,
                    a_cancelled_writer_leaves_no_blob,
                    what_is_not_kept_leaves_nothing,
                    blobs_are_listed,
                ],
                reads: [
                    a_stretch_is_read,
                    a_stretch_outside_is_refused,
                    tenants_are_apart,
                    a_removed_blob_is_gone,
                    what_is_no_digest_names_nothing,
                ],
            }
        }
    };
    (@tests $make:path; $($group:ident: [$($case:ident),* $(,)?],)*) => {
        $(mod $group {
            #[allow(unused_imports)]
            use super::*;

            $(#[test]
            fn $case() {
                $crate::testing::try_case(async || $make().await, $crate::testing::blob_suite::$group::$case);
            })*
        })*
    };
}
