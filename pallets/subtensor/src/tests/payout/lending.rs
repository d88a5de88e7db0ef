//! What parents and their children get (section 5.2).

use super::*;

/// Lends a proportion of a parent's stake to a child, and nothing to others.
fn lend(parent: &AccountId, child: u16, proportion: u64) {
    crate::mock::lend(SUBNET, parent, &[(proportion, hotkey(child))]);
}

/// What a child takes.
fn child_takes(child: u16, take: u16) {
    crate::MaxChildkeyTake::<Test>::put(take);
    SubtensorModule::write_childkey_take(&hotkey(child), SUBNET, take);
}

/// Validator 1 with a million of its own, to which hotkey 7 lends all of its three millions; validator 2
/// with four millions. So each has half of the subnet.
fn with_parent(parents_coldkey: AccountId, test: impl FnOnce(AccountId)) {
    subnet_of(&[0, MILLION, 4 * MILLION, 0])
        .stake(2, hotkey(7), parents_coldkey.clone(), 3 * MILLION)
        .run(|| {
            lend(&hotkey(7), 1, u64::MAX);
            begin();
            Delegates::<Test>::insert(hotkey(7), 0);
            agree(&[3], &[1]);
            test(parents_coldkey);
        });
}

#[test]
fn parents_get_the_part_of_what_they_lent() {
    with_parent(coldkey(7), |parent| {
        give_pending(SUBNET, 80_000, 80_000);
        epoch();
        assert_eq!(own(2), 4 * MILLION + 40_000);
        assert_eq!(own(1), MILLION + 10_000);
        assert_eq!(stake(&hotkey(7), &parent), 3 * MILLION + 30_000);
        assert_eq!(residual(), 0);
        let recorded = |uid| AlphaDividendsPerSubnet::<Test>::get(SUBNET, hotkey(uid)).get();
        assert_eq!((recorded(1), recorded(7)), (10_000, 30_000));
    });
}

#[test]
fn a_child_takes_its_part_of_what_a_stranger_lent() {
    with_parent(coldkey(7), |parent| {
        // A fifth of 65535.
        child_takes(1, 13_107);
        give_pending(SUBNET, 80_000, 80_000);
        epoch();
        assert_eq!(own(1), MILLION + 10_000 + 6_000);
        assert_eq!(stake(&hotkey(7), &parent), 3 * MILLION + 24_000);
        assert_eq!(residual(), 0);
    });
}

#[test]
fn a_child_takes_nothing_of_what_its_owner_lent() {
    with_parent(coldkey(1), |parent| {
        child_takes(1, 13_107);
        give_pending(SUBNET, 80_000, 80_000);
        epoch();
        assert_eq!(own(1), MILLION + 10_000);
        assert_eq!(stake(&hotkey(7), &parent), 3 * MILLION + 30_000);
    });
}

#[test]
fn the_delegate_take_of_a_parent_is_its_own() {
    with_parent(coldkey(7), |parent| {
        give_stake(SUBNET, &hotkey(7), &account(60), 3 * MILLION);
        give_stake(SUBNET, &hotkey(2), &coldkey(2), 3 * MILLION);
        Delegates::<Test>::insert(hotkey(7), 13_107);
        Delegates::<Test>::insert(hotkey(1), 13_107);
        // Both validators have seven millions; six of validator 1 are lent.
        give_pending(SUBNET, 140_000, 140_000);
        epoch();
        assert_eq!(stake(&hotkey(7), &account(60)), 3 * MILLION + 24_000);
        // Buying shares rounds down, and so does their worth.
        assert_eq!(
            stake(&hotkey(7), &parent),
            3 * MILLION + 24_000 + 12_000 - 1
        );
        assert_eq!(own(1), MILLION + 10_000);
    });
}

#[test]
fn what_is_lent_weighs_with_the_child() {
    with_parent(coldkey(7), |_| {
        assert_eq!(
            crate::StakeWeight::<Test>::get(SUBNET).into_inner(),
            [0, 32_767, 32_767, 0]
        );
        // Half of it comes back.
        lend(&hotkey(7), 1, u64::MAX / 2);
        epoch();
        // 2499999 of 6499999, as lending rounds down.
        assert_eq!(crate::StakeWeight::<Test>::get(SUBNET)[1], 25_205);
    });
}

#[test]
fn a_hotkey_whose_stakers_left_leaves_its_dividend_to_the_subnet() {
    with_parent(coldkey(7), |parent| {
        // A child without stake of its own earns for its parent alone.
        take_stake(&hotkey(1), &coldkey(1));
        child_takes(1, 13_107);
        give_pending(SUBNET, 70_000, 70_000);
        epoch();
        // Of seven parts, three are lent: 30000, of which a fifth is the child's take. Nobody stakes on the
        // child, so there is nobody to pay; by rounding of the shares a unit may move.
        let to_parent = stake(&hotkey(7), &parent) - 3 * MILLION;
        assert!((23_999..=24_000).contains(&to_parent), "{to_parent}");
        let left = residual();
        assert!((6_000..=6_002).contains(&left), "{left}");
        assert_eq!(own(1), 0);
    });
}
