//! Random lists of children against a model that keeps nothing but who lends to whom.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

/// The nine hotkeys of these tests, by number.
type Lists = BTreeMap<u8, Vec<(u64, u8)>>;
/// A list that waits: the block from which it counts, and whose it is.
type Waiting = (u64, u8, Vec<(u64, u8)>);

/// Whether a list may be set, by the words of the rules.
fn is_allowed(lists: &Lists, hotkey: u8, list: &[(u64, u8)]) -> bool {
    let names: Vec<u8> = list.iter().map(|(_, child)| *child).collect();
    let mut distinct = names.clone();
    distinct.sort_unstable();
    distinct.dedup();
    let lends_to = |parent: u8| lists.get(&parent).cloned().unwrap_or_default();
    list.len() <= 5
        && !names.contains(&hotkey)
        && distinct.len() == names.len()
        && list.iter().all(|(part, _)| *part > 0)
        && list.iter().map(|(part, _)| u128::from(*part)).sum::<u128>() <= u128::from(WHOLE)
        && names
            .iter()
            .all(|child| lends_to(*child).iter().all(|(_, other)| *other != hotkey))
}

/// What storage says.
fn stored() -> Lists {
    (11..20)
        .map(|hotkey| {
            let list = children(hotkey)
                .into_iter()
                .map(|(part, child)| (part, AsRef::<[u8]>::as_ref(&child)[0]))
                .collect();
            (hotkey, list)
        })
        .filter(|(_, list): &(u8, Vec<_>)| !list.is_empty())
        .collect()
}

fn lists() -> impl Strategy<Value = Vec<(u8, Vec<(u64, u8)>)>> {
    let part = prop_oneof![
        8 => 1..WHOLE / 4,
        1 => Just(0),
        1 => any::<u64>(),
    ];
    let list = prop::collection::vec((part, 11..20_u8), 0..7);
    prop::collection::vec((11..20_u8, list), 1..30)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn at_once_the_stored_edges_are_those_of_the_last_allowed_lists(steps in lists()) {
        run(|| {
            stop_subtoken();
            let mut expected = Lists::new();
            for (hotkey, list) in steps {
                System::set_block_number(System::block_number() + 150);
                let is_set = set(hotkey, &list).is_ok();
                assert_eq!(is_set, is_allowed(&expected, hotkey, &list), "{hotkey} {list:?}");
                if is_set && list.is_empty() {
                    expected.remove(&hotkey);
                } else if is_set {
                    expected.insert(hotkey, list);
                }
                assert_eq!(stored(), expected);
                SubtensorModule::do_try_state().unwrap();
            }
        });
    }

    /// Scheduled, they count in the order of their blocks, each if it is allowed then.
    #[test]
    fn after_epochs_they_are_those_of_the_lists_in_their_order(steps in lists()) {
        run(|| {
            crate::PendingChildKeyCooldown::<Test>::put(1_000);
            let mut expected = Lists::new();
            let mut waiting: Vec<Waiting> = vec![];
            for (step, (hotkey, list)) in steps.into_iter().enumerate() {
                System::set_block_number(System::block_number() + 150);
                if set(hotkey, &list).is_ok() {
                    waiting.retain(|(_, other, _)| *other != hotkey);
                    waiting.push((System::block_number() + 1_000, hotkey, list));
                }
                SubtensorModule::do_try_state().unwrap();
                if step % 5 == 4 {
                    let now = System::block_number() + 1;
                    epoch_in(now);
                    let due = waiting.iter().filter(|(block, ..)| *block <= now).count();
                    for (_, hotkey, list) in waiting.drain(..due) {
                        if is_allowed(&expected, hotkey, &list) {
                            expected.remove(&hotkey);
                            if !list.is_empty() {
                                expected.insert(hotkey, list);
                            }
                        }
                    }
                    assert_eq!(stored(), expected);
                }
            }
        });
    }
}
