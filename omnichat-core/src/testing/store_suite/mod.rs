//! What every store does, case by case. [`store_suite!`](crate::store_suite) makes a test of each.
//!
//! A case gets a fresh [`StoreFixture`](fixture::StoreFixture) of its own. Cases are grouped by what they are about and
//! registered in one list, at the end of this file.

pub mod fixture;
pub mod kinds;
pub mod scene;
pub mod shares;

mod alike;
mod pool;

pub mod accounts;
pub mod commits;
pub mod conditions;
pub mod conversations;
pub mod customer_conditions;
pub mod customers;
pub mod documents;
pub mod duplicates;
pub mod entities;
pub mod events;
pub mod filters;
pub mod isolation;
pub mod jobs;
pub mod lanes;
pub mod leases;
pub mod life;
pub mod logs;
pub mod messages;
pub mod paging;
pub mod ranges;
pub mod records;
pub mod text;
pub mod versions;
pub mod writers;

/// Makes a test of every case of the store suite. Takes a name for the module of the tests, and an async function that
/// gives a [`StoreFixture`](fixture::StoreFixture) with a fresh, empty store for each case; or an
/// `Option` of one, `None` where the server that it needs is not there.
#[macro_export]
macro_rules! store_suite {
    ($name:ident, $make:path) => {
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            $crate::store_suite! {
                @tests $make;
                commits: [
                    everything_is_written,
                    a_faulty_row_leaves_nothing,
                    a_faulty_job_leaves_nothing,
                    a_fault_leaves_the_queue_as_it_was,
                    a_row_of_another_tenant_is_refused,
                    a_job_of_another_tenant_is_refused,
                    a_tenant_must_exist,
                    a_tenant_is_made_with_its_first_rows,
                    nothing_can_be_committed,
                    removals_come_last,
                    a_large_commit_is_whole,
                ],
                versions: [
                    the_next_version_replaces,
                    another_version_conflicts,
                    a_later_version_of_nothing_conflicts,
                    a_new_row_must_be_new,
                    a_row_may_build_on_one_before_it,
                    one_writer_of_a_version_wins,
                    writers_of_other_rows_do_not_disturb,
                ],
                duplicates: [
                    operators_by_email,
                    contacts_by_key,
                    chats_by_id,
                    conversations_by_chat,
                    messages_by_external_id,
                    messages_by_further_external_ids,
                    messages_by_client_key,
                    a_message_keeps_its_own_ids,
                    revisions_by_number,
                    rules_hold_within_a_commit,
                    one_of_many_deliveries_is_stored,
                ],
                isolation: [
                    alike_tenants_see_their_own,
                    foreign_ids_find_nothing,
                    a_foreign_row_cannot_be_replaced,
                    a_foreign_inbox_id_is_refused,
                    a_foreign_row_cannot_be_removed,
                    a_foreign_lease_is_not_held,
                    lanes_and_keys_are_apart,
                    claims_cross_tenants,
                    a_foreign_cursor_reveals_nothing,
                    an_empty_tenant_sees_nothing,
                ],
                events: [
                    events_are_numbered_from_one,
                    a_commit_answers_what_the_log_holds,
                    events_carry_their_time,
                    events_say_who_why_and_what_they_touched,
                    tenants_count_apart,
                    a_failed_commit_uses_no_number,
                    concurrent_commits_leave_no_gap,
                    a_follower_misses_nothing,
                    events_are_read_in_pages,
                    pruning_moves_the_tail,
                    pruning_covers_every_tenant,
                    consumers_hold_what_they_have_not_read,
                    every_kind_of_event_is_kept,
                    large_events_come_in_several_reads,
                    a_follower_of_another_history_is_told,
                ],
                jobs: [
                    a_claimed_job_is_what_was_queued,
                    a_job_waits_until_it_is_due,
                    longest_due_first,
                    kinds_are_claimed_apart,
                    a_job_is_queued_once,
                    a_waiting_unique_job_is_enough,
                    unique_jobs_of_one_commit,
                    a_leased_unique_job_is_not_enough,
                    a_unique_job_given_back_waits_again,
                    one_of_many_unique_jobs_is_queued,
                    the_next_due_time,
                    a_clock_that_is_ahead_delays_nothing,
                    the_depth_of_the_queue,
                    a_job_ends_together_with_its_effect,
                ],
                shares: [
                    a_tenant_with_many_jobs_delays_nobody,
                    a_very_long_queue_is_shared_out_too,
                    a_tenant_holds_no_more_than_its_share,
                    an_inbox_holds_no_more_than_its_share,
                    what_is_lost_counts_for_nobody,
                    shares_are_of_the_wanted_kinds,
                ],
                lanes: [
                    a_lane_keeps_its_order,
                    a_waiting_head_holds_its_lane_alone,
                    a_head_of_another_kind_holds_its_lane,
                    a_repeated_job_goes_to_the_end,
                    many_workers_keep_lanes_in_order,
                    two_claimers_never_get_the_same,
                ],
                leases: [
                    an_ended_lease_is_given_again,
                    an_old_holder_is_fenced_off,
                    a_late_holder_may_still_finish,
                    a_finished_job_is_gone,
                    a_lease_must_have_been_given,
                    a_retried_job_counts_its_attempts,
                    a_repeated_job_begins_anew,
                    an_extended_lease_lasts_longer,
                    a_loss_is_told_once,
                    a_lost_lease_is_told_from_a_stale_row,
                    a_waiting_job_counts_for_nothing,
                    a_repeated_job_makes_way_for_its_like,
                ],
                conversations: [
                    the_current_conversation,
                    views_are_counted,
                    counts_stop_at_their_cap,
                    unassigned_conversations_longest_waiting_first,
                    loads_count_open_conversations,
                    a_scenario_holds_a_conversation,
                ],
                paging: [
                    each_filter_agrees_with_its_specification,
                    joined_filters_agree_with_their_specification,
                    equal_values_are_paged_by_id,
                    the_last_page_has_no_next,
                    a_cursor_may_lie_outside,
                    paging_is_stable_while_rows_are_added,
                    paging_is_stable_while_rows_change,
                    a_changed_row_moves_between_lists,
                    thousands_of_rows_are_paged,
                    times_may_lie_far_away,
                ],
                filters: [
                    every_combination_agrees_with_its_specification,
                ],
                conditions: [
                    trees_agree_with_their_specification,
                    what_is_rare_is_found_behind_much_else,
                ],
                ranges: [
                    a_range_bounds_the_time_of_the_order,
                    a_range_is_paged,
                    a_cursor_may_lie_outside_a_range,
                    equal_times_at_an_edge_are_paged_by_id,
                    a_range_joins_other_filters,
                ],
                messages: [
                    the_time_line_is_sorted_by_position,
                    positions_may_be_extreme,
                    reading_back_is_stable,
                    a_message_is_found_by_its_external_ids,
                    a_message_is_found_by_its_client_key,
                    a_read_mark_covers_unread_answers,
                    a_read_mark_has_a_limit,
                    revisions_come_in_order,
                    a_message_needs_no_conversation_row,
                ],
                customers: [
                    search_does_not_regard_case,
                    search_takes_every_character_literally,
                    search_looks_into_addresses,
                    search_follows_changes,
                    customers_last_seen_first,
                    contacts_of_a_customer,
                    chats_of_a_customer,
                ],
                customer_conditions: [
                    trees_of_customers_agree_with_their_specification,
                    customers_are_found_by_what_has_an_index,
                    what_finds_a_customer_follows_its_changes,
                    a_long_value_of_a_customer_is_kept,
                    a_rare_customer_is_found_behind_much_else,
                    conditions_find_ones_own_customers,
                ],
                accounts: [
                    tenants_oldest_first,
                    operators_oldest_first,
                    operators_by_address_across_tenants,
                    inboxes_oldest_first,
                    inboxes_by_app_and_account_across_tenants,
                    an_inbox_that_leaves_its_app_is_found_there_no_more,
                    a_removed_inbox_leaves_its_conversations,
                ],
                records: [
                    a_record_is_found_by_kind_and_key,
                    records_are_listed_by_prefix,
                    records_are_sorted_by_bytes,
                    records_expire_when_pruned,
                    an_end_may_be_put_off,
                    a_removed_record_begins_again,
                    any_json_is_kept,
                ],
                entities: [
                    an_entity_is_found_by_kind_and_id,
                    an_index_is_read_in_the_order_of_its_keys,
                    a_stretch_of_an_index_ends_where_it_says,
                    a_unique_key_has_one_holder,
                    a_key_is_passed_on_within_a_commit,
                    entries_follow_their_entity,
                    an_index_is_stable_while_rows_are_added,
                    entities_of_an_earlier_layout_are_told,
                    one_of_many_gets_a_unique_key,
                    a_tenant_sees_its_own_entities,
                ],
                documents: [
                    a_document_keeps_every_byte,
                    large_documents_come_together,
                    documents_are_paged_in_order,
                ],
                logs: [
                    audit_newest_first,
                    a_file_is_bound_later,
                    files_that_nobody_needs_are_told,
                    a_removed_file_is_gone,
                ],
                text: [
                    every_field_is_kept,
                    empty_text_is_kept,
                    any_script_is_kept,
                    special_characters_are_kept,
                    long_text_is_kept,
                    nul_is_kept_or_refused,
                ],
                writers: [
                    writers_queue,
                    repetitions_disturb_nobody,
                    a_named_version_is_compared,
                    a_writer_that_goes_away_holds_nobody_up,
                ],
                life: [
                    a_store_answers,
                    a_closed_store_refuses_everything,
                    closing_tears_no_commit,
                    reopening_keeps_everything,
                    a_crash_loses_nothing,
                    reopening_often_changes_nothing,
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
                $crate::testing::try_case(async || $make().await, $crate::testing::store_suite::$group::$case);
            })*
        })*
    };
}
