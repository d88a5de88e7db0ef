//! What a coldkey can send while its swap is announced or disputed.

use frame_support::{assert_ok, dispatch::GetDispatchInfo, traits::Get};
use sp_core::H256;
use sp_runtime::{
    traits::{TransactionExtension, TxBaseImplication},
    transaction_validity::{InvalidTransaction, TransactionSource, TransactionValidityError},
};

use super::*;
use crate::{
    extension::{Refusal, SubtensorTransactionExtension},
    *,
};

fn ask(who: &AccountId, call: impl Into<RuntimeCall>) -> Result<(), TransactionValidityError> {
    let call = call.into();
    let info = call.get_dispatch_info();
    SubtensorTransactionExtension::<Test>::default()
        .validate(
            signed(who),
            &call,
            &info,
            0,
            (),
            &TxBaseImplication(()),
            TransactionSource::External,
        )
        .map(|_| ())
}

fn refused(who: &AccountId, call: impl Into<RuntimeCall>, refusal: Refusal) {
    let number = InvalidTransaction::Custom(refusal as u8).into();
    assert_eq!(ask(who, call), Err(number));
}

fn successor() -> AccountId {
    many(9)
}

/// The hash of the successor is announced and the swap can be executed, from block 1 on.
fn announce(coldkey: &AccountId) {
    let hash = <sp_runtime::traits::BlakeTwo256 as sp_runtime::traits::Hash>::hash_of(&successor());
    ColdkeySwapAnnouncements::<Test>::insert(coldkey, (1, hash));
}

fn dispute(coldkey: &AccountId) {
    announce(coldkey);
    ColdkeySwapDisputes::<Test>::insert(coldkey, 1);
}

fn about_the_swap() -> [RuntimeCall; 4] {
    [
        Call::announce_coldkey_swap {
            new_coldkey_hash: H256([1; 32]),
        }
        .into(),
        Call::swap_coldkey_announced {
            new_coldkey: successor(),
        }
        .into(),
        Call::dispute_coldkey_swap {}.into(),
        Call::clear_coldkey_swap_announcement {}.into(),
    ]
}

fn transfer() -> RuntimeCall {
    pallet_balances::Call::transfer_allow_death {
        dest: account(99),
        value: 1,
    }
    .into()
}

fn others() -> Vec<RuntimeCall> {
    vec![
        transfer(),
        frame_system::Call::remark { remark: vec![1] }.into(),
        Call::swap_hotkey {
            hotkey: old(),
            new_hotkey: new(),
            netuid: None,
        }
        .into(),
        Call::register_network { hotkey: new() }.into(),
        Call::set_weights {
            netuid: NETUID,
            dests: vec![],
            weights: vec![],
            version_key: 0,
        }
        .into(),
        Call::schedule_swap_coldkey {
            new_coldkey: successor(),
        }
        .into(),
    ]
}

#[test]
fn an_announced_coldkey_sends_nothing_but_what_is_about_the_swap() {
    chain().run(|| {
        announce(&owner());
        for call in about_the_swap() {
            assert_ok!(ask(&owner(), call));
        }
        for call in others() {
            refused(&owner(), call, Refusal::ColdkeySwapAnnounced);
        }
        // Somebody else does.
        assert_ok!(ask(&staker(), transfer()));
    });
}

#[test]
fn a_disputed_coldkey_sends_nothing_at_all() {
    chain().run(|| {
        dispute(&owner());
        for call in about_the_swap().into_iter().chain(others()) {
            refused(&owner(), call, Refusal::ColdkeySwapDisputed);
        }
        assert_ok!(ask(&staker(), transfer()));
        assert_ok!(SubtensorModule::reset_coldkey_swap(
            RuntimeOrigin::root(),
            owner()
        ));
        assert_ok!(ask(&owner(), transfer()));
    });
}

#[test]
fn nobody_acts_for_a_frozen_coldkey() {
    chain().run(|| {
        let (announced, disputed) = (account(60), account(61));
        announce(&announced);
        dispute(&disputed);
        for (real, refusal) in [
            (&announced, Refusal::ColdkeySwapAnnounced),
            (&disputed, Refusal::ColdkeySwapDisputed),
        ] {
            let acted = acting_for(real, transfer());
            let nested = [
                acted.clone(),
                // A proxy of a proxy, in either order.
                acting_for(&account(70), acted.clone()),
                acting_for(real, acting_for(&account(70), transfer())),
                batch(vec![transfer(), acted.clone()]),
                batch(vec![batch(vec![batch(vec![acted.clone()])])]),
                acting_for(real, batch(vec![transfer()])),
                batch(vec![acting_for(&account(70), batch(vec![acted]))]),
            ];
            for call in nested {
                refused(&staker(), call, refusal);
            }
        }
        // Somebody may help with the swap that is announced, but not with the other one.
        let help = acting_for(&announced, about_the_swap()[1].clone());
        assert_ok!(ask(&staker(), help));
        let help = acting_for(&disputed, about_the_swap()[1].clone());
        refused(&staker(), help, Refusal::ColdkeySwapDisputed);
        assert_ok!(ask(&staker(), acting_for(&account(70), transfer())));
    });
}

#[test]
fn an_announced_coldkey_does_not_hide_calls_in_a_batch() {
    chain().run(|| {
        announce(&owner());
        for call in [transfer(), about_the_swap()[0].clone()] {
            refused(&owner(), batch(vec![call]), Refusal::ColdkeySwapAnnounced);
        }
        let acted = acting_for(&staker(), transfer());
        refused(&owner(), acted, Refusal::ColdkeySwapAnnounced);
    });
}

#[test]
fn hotkeys_of_a_frozen_coldkey_go_on() {
    chain().run(|| {
        dispute(&owner());
        let set = Call::set_weights {
            netuid: NETUID,
            dests: vec![1],
            weights: vec![1],
            version_key: 0,
        };
        assert_ok!(ask(&old(), set.clone()));
        assert_ok!(SubtensorModule::set_weights(
            signed(&old()),
            NETUID,
            vec![1],
            vec![1],
            0
        ));
        refused(&owner(), set, Refusal::ColdkeySwapDisputed);
    });
}

#[test]
fn the_freeze_ends_with_the_swap() {
    chain().run(|| {
        announce(&owner());
        assert_ok!(SubtensorModule::swap_coldkey_announced(
            signed(&owner()),
            successor()
        ));
        assert_ok!(ask(&owner(), transfer()));
        assert_ok!(ask(&successor(), transfer()));
    });
}

#[test]
fn a_swap_that_fails_for_certain_is_kept_out() {
    chain().run(|| {
        let swap = |netuid| Call::swap_hotkey {
            hotkey: old(),
            new_hotkey: new(),
            netuid,
        };
        refused(&staker(), swap(None), Refusal::NonAssociatedColdKey);
        refused(
            &owner(),
            swap(Some(NetUid::new(9))),
            Refusal::SubnetNotExists,
        );
        assert_ok!(ask(&owner(), swap(None)));
        System::set_block_number(3);
        assert_ok!(swap_all(false));
        let again = Call::swap_hotkey_v2 {
            hotkey: new(),
            new_hotkey: old(),
            netuid: None,
            keep_stake: true,
        };
        refused(&owner(), again, Refusal::RateLimitExceeded);
        // Whose reason has no number pays for its failure.
        let nothing = Call::swap_coldkey_announced {
            new_coldkey: successor(),
        };
        assert_ok!(ask(&owner(), nothing));
    });
}

#[test]
fn looking_for_the_frozen_is_paid_for() {
    chain().run(|| {
        let weight = |call: RuntimeCall| {
            SubtensorTransactionExtension::<Test>::default()
                .weight(&call)
                .ref_time()
        };
        type Db = <Test as frame_system::Config>::DbWeight;
        let costs: frame_support::weights::RuntimeDbWeight = Db::get();
        let read = costs.read;
        assert_eq!(weight(transfer()), 2 * read);
        assert_eq!(weight(batch(vec![transfer(); 9])), 2 * read);
        let acted = acting_for(&owner(), transfer());
        assert_eq!(weight(acted.clone()), 4 * read);
        assert_eq!(weight(batch(vec![acted; 9])), 20 * read);
    });
}
