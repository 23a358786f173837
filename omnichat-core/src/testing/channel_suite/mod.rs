//! What every channel does, case by case. [`channel_suite!`](crate::channel_suite) makes a test of each.
//!
//! The cases need no platform: they look at what a channel says of itself, at how it opens, and at how it takes webhooks,
//! good ones, forged ones and rubbish. A channel without webhooks passes no samples.

pub mod abilities;
pub mod apps;
pub mod descriptor;
pub mod fixture;
pub mod rubbish;
pub mod webhooks;

/// Makes a test of every case of the channel suite. Takes a name for the module of the tests, and an async function that
/// gives a [`ChannelFixture`](fixture::ChannelFixture).
#[macro_export]
macro_rules! channel_suite {
    ($name:ident, $make:path) => {
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            $crate::channel_suite! {
                @tests $make;
                descriptor: [
                    a_kind_describes_itself,
                    the_settings_can_be_drawn_as_a_form,
                    valid_settings_fit_the_schema,
                    odd_settings_do_no_harm,
                    accounts_are_opened_apart,
                ],
                abilities: [
                    capabilities_agree_with_each_other,
                    what_is_ruled_out_is_rejected,
                ],
                webhooks: [
                    samples_are_accepted,
                    the_same_bytes_give_the_same_events,
                    events_are_well_formed,
                    forged_signatures_are_refused,
                ],
                apps: [
                    an_app_names_plain_settings,
                    samples_speak_of_their_account,
                    parts_of_other_accounts_are_ignored,
                    rubbish_speaks_of_nobody,
                ],
                rubbish: [
                    fixed_rubbish_does_no_harm,
                    random_bytes_do_no_harm,
                    torn_samples_do_no_harm,
                    damaged_samples_do_no_harm,
                    samples_with_odd_values_do_no_harm,
                    odd_headers_do_no_harm,
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
                $crate::testing::try_case(async || $make().await, $crate::testing::channel_suite::$group::$case);
            })*
        })*
    };
}
