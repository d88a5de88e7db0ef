//! Purchases by the chain.

use frame_support::{assert_noop, traits::fungible::Mutate};

use super::*;
use crate::{Error, mock::*, *};

/// Mints TAO into the account of a subnet, as emission does, and buys for it.
fn buy_for(netuid: NetUid, rao: u64) -> Result<AlphaBalance, DispatchError> {
    Balances::mint_into(&SubtensorModule::subnet_account(netuid), rao)?;
    SubtensorModule::buy_for_protocol(netuid, tao(rao))
}

#[test]
fn what_the_chain_buys_is_its_own_and_bears_no_fee() {
    chain().run(|| {
        set_pool(NETUID, X, Y, 60);
        Author::set(&Some(author()));
        let before = books(NETUID);
        let bought = buy_for(NETUID, 1_000_000_000_000).unwrap().get();
        assert_eq!(bought, 2_996_254_370_083);
        assert_eq!(SubnetProtocolAlpha::<Test>::get(NETUID), alpha(bought));
        let expected = Books {
            alpha_in: X - bought,
            tao_in: Y + 1_000_000_000_000,
            alpha_out: before.alpha_out + bought,
            volume: before.volume + 1_000_000_000_000,
            account: before.account + 1_000_000_000_000,
            total_stake: before.total_stake + 1_000_000_000_000,
            issuance: before.issuance + 1_000_000_000_000,
        };
        assert_eq!(books(NETUID), expected);
        assert_eq!(held(&author()), RICH);
        // The next purchase adds to it.
        let more = buy_for(NETUID, UNIT).unwrap().get();
        assert_eq!(
            SubnetProtocolAlpha::<Test>::get(NETUID),
            alpha(bought + more)
        );
    });
}

#[test]
fn what_cannot_be_bought_is_refused_and_nothing_is_written() {
    chain().run(|| {
        set_pool(NETUID, 1_500_000, 1_500_000, 50);
        for (netuid, rao, error) in [
            (NETUID, 0, Error::<Test>::AmountTooLow),
            (NETUID, 3_000_000, Error::<Test>::InsufficientLiquidity),
            (NETUID, 1_500_000_001, Error::<Test>::InsufficientLiquidity),
            (NetUid::new(4), UNIT, Error::<Test>::SubnetNotExists),
        ] {
            assert_noop!(SubtensorModule::buy_for_protocol(netuid, tao(rao)), error);
        }
    });
}
