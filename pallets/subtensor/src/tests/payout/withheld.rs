//! What becomes of the amounts of the owner's miners (section 5.4).

use super::*;

/// Two thirds of the miners' amounts are of the owner: through the owner hotkey, and through miner 4.
fn withheld(how: RecycleOrBurnEnum, test: impl FnOnce()) {
    subnet_of(&[0, MILLION, MILLION, 0])
        .neuron(2, hotkey(4), account(1))
        .run(|| {
            begin();
            RecycleOrBurn::<Test>::insert(SUBNET, how);
            agree(&[0, 3, 4], &[1, 1, 1]);
            give_pending(SUBNET, 6_000, 6_000);
            assert_eq!(
                Owner::<Test>::get(hotkey(4)),
                SubnetOwner::<Test>::get(SUBNET)
            );
            epoch();
            test();
        });
}

/// Each of three miners has a third of half of 12000, rounded down twice.
const THIRD: u64 = 1_999;

#[test]
fn miners_of_the_owner_are_not_paid_and_their_amount_burns() {
    withheld(RecycleOrBurnEnum::Burn, || {
        assert_eq!(own(3), THIRD);
        assert_eq!((own(0), stake(&hotkey(4), &coldkey(0))), (0, 0));
        assert_eq!(burned(), 2 * THIRD);
        assert_eq!(issued(), 2 * MILLION + 12_000);
        assert_eq!((own(1), own(2)), (MILLION + 3_000, MILLION + 3_000));
        assert_eq!(residual(), 3);
        assert!(events().contains(&Event::MinerEmissionWithheld {
            netuid: SUBNET,
            alpha: AlphaBalance::new(2 * THIRD),
            how: RecycleOrBurnEnum::Burn,
        }));
        // Two thirds, of 2^64−1.
        assert_eq!(MinerBurned::<Test>::get(SUBNET), u64::MAX / 3 * 2);
    });
}

#[test]
fn miners_of_the_owner_are_not_paid_and_their_amount_is_recycled() {
    withheld(RecycleOrBurnEnum::Recycle, || {
        assert_eq!(own(3), THIRD);
        assert_eq!(burned(), 0);
        assert_eq!(issued(), 2 * MILLION + 12_000 - 2 * THIRD);
        assert_eq!(residual(), 3);
        assert_eq!(MinerBurned::<Test>::get(SUBNET), u64::MAX / 3 * 2);
    });
}

#[test]
fn what_was_withheld_is_that_of_the_last_epoch() {
    withheld(RecycleOrBurnEnum::Burn, || {
        agree(&[3], &[1]);
        give_pending(SUBNET, 6_000, 6_000);
        epoch();
        assert_eq!(MinerBurned::<Test>::get(SUBNET), 0);
        agree(&[0], &[1]);
        give_pending(SUBNET, 6_000, 6_000);
        epoch();
        assert_eq!(MinerBurned::<Test>::get(SUBNET), u64::MAX);
        // A pot that is withheld is not one without miners: validators get no more.
        assert_eq!(burned(), 2 * THIRD + 6_000);
    });
}
