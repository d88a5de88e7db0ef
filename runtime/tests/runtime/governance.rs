//! Proxies, safe mode and sudo.

use crate::common::{account, address, development, signed, start_block, transfer};
use dendra_runtime::{
    Balances, Executive, ProxyType, RuntimeCall, RuntimeEvent, SafeMode, System, TAO,
};
use frame_support::traits::InstanceFilter;
use sp_runtime::transaction_validity::TransactionValidityError;

const ALL: [ProxyType; 18] = [
    ProxyType::Any,
    ProxyType::Owner,
    ProxyType::NonCritical,
    ProxyType::NonTransfer,
    ProxyType::Senate,
    ProxyType::NonFungible,
    ProxyType::Triumvirate,
    ProxyType::Governance,
    ProxyType::Staking,
    ProxyType::Registration,
    ProxyType::Transfer,
    ProxyType::SmallTransfer,
    ProxyType::RootWeights,
    ProxyType::ChildKeys,
    ProxyType::SudoUncheckedSetCode,
    ProxyType::SwapHotkey,
    ProxyType::SubnetLeaseBeneficiary,
    ProxyType::RootClaim,
];

fn all_calls() -> Vec<RuntimeCall> {
    let remark = RuntimeCall::System(frame_system::Call::remark { remark: vec![] });
    let set_code = RuntimeCall::System(frame_system::Call::set_code { code: vec![] });
    let unchecked = |call: RuntimeCall| {
        RuntimeCall::Sudo(pallet_sudo::Call::sudo_unchecked_weight {
            call: Box::new(call),
            weight: Default::default(),
        })
    };
    vec![
        transfer("//Bob", TAO),
        transfer("//Bob", TAO / 2),
        transfer("//Bob", TAO / 2 - 1),
        RuntimeCall::Balances(pallet_balances::Call::transfer_all {
            dest: address("//Bob"),
            keep_alive: true,
        }),
        RuntimeCall::Balances(pallet_balances::Call::burn {
            value: 1,
            keep_alive: true,
        }),
        RuntimeCall::Sudo(pallet_sudo::Call::sudo {
            call: Box::new(remark.clone()),
        }),
        unchecked(set_code.clone()),
        unchecked(remark.clone()),
        remark,
        set_code,
    ]
}

#[test]
fn each_kind_of_proxy_allows_what_its_name_says() {
    let allowed = |kind: ProxyType| -> Vec<usize> {
        let calls = all_calls();
        (0..calls.len())
            .filter(|at| kind.filter(&calls[*at]))
            .collect()
    };
    assert_eq!(allowed(ProxyType::Any), (0..10).collect::<Vec<_>>());
    assert_eq!(allowed(ProxyType::Transfer), [0, 1, 2, 3]);
    assert_eq!(allowed(ProxyType::SmallTransfer), [2]);
    assert_eq!(allowed(ProxyType::NonTransfer), [5, 6, 7, 8, 9]);
    assert_eq!(allowed(ProxyType::NonCritical), [0, 1, 2, 3, 4, 8, 9]);
    assert_eq!(allowed(ProxyType::SudoUncheckedSetCode), [6]);
    for retired in [
        ProxyType::Senate,
        ProxyType::Triumvirate,
        ProxyType::Governance,
        ProxyType::RootWeights,
    ] {
        assert_eq!(allowed(retired), Vec::<usize>::new(), "{retired:?}");
    }
}

#[test]
fn a_kind_that_claims_to_include_another_allows_all_that_the_other_allows() {
    for mine in ALL {
        for theirs in ALL.into_iter().filter(|theirs| mine.is_superset(theirs)) {
            for call in all_calls() {
                assert!(
                    mine.filter(&call) || !theirs.filter(&call),
                    "{mine:?} claims to include {theirs:?}, which alone allows {call:?}"
                );
            }
        }
    }
}

#[test]
fn a_transfer_proxy_pays_for_its_principal_and_cannot_do_more() {
    development().execute_with(|| {
        start_block(1, 7);
        let add = RuntimeCall::Proxy(pallet_proxy::Call::add_proxy {
            delegate: address("//Eve"),
            proxy_type: ProxyType::SmallTransfer,
            delay: 0,
        });
        Executive::apply_extrinsic(signed("//Alice", 0, 0, add))
            .unwrap()
            .unwrap();
        let act = |nonce, call: RuntimeCall| {
            let proxy = RuntimeCall::Proxy(pallet_proxy::Call::proxy {
                real: address("//Alice"),
                force_proxy_type: None,
                call: Box::new(call),
            });
            Executive::apply_extrinsic(signed("//Eve", nonce, 0, proxy))
                .unwrap()
                .unwrap();
            System::events()
                .into_iter()
                .rev()
                .find_map(|record| match record.event {
                    RuntimeEvent::Proxy(pallet_proxy::Event::ProxyExecuted { result }) => {
                        Some(result)
                    }
                    _ => None,
                })
                .unwrap()
        };
        let bob = Balances::free_balance(account("//Bob"));
        assert!(act(0, transfer("//Bob", 1_000)).is_ok());
        assert!(act(1, transfer("//Bob", TAO)).is_err());
        assert_eq!(Balances::free_balance(account("//Bob")), bob + 1_000);
    });
}

#[test]
fn safe_mode_stops_transfers_and_sudo_ends_it() {
    development().execute_with(|| {
        start_block(1, 7);
        let sudo = |call: RuntimeCall| {
            RuntimeCall::Sudo(pallet_sudo::Call::sudo {
                call: Box::new(call),
            })
        };
        let enter = sudo(RuntimeCall::SafeMode(
            pallet_safe_mode::Call::force_enter {},
        ));
        Executive::apply_extrinsic(signed("//Alice", 0, 0, enter))
            .unwrap()
            .unwrap();
        assert!(SafeMode::is_entered());
        let bob = Balances::free_balance(account("//Bob"));
        let stopped = Executive::apply_extrinsic(signed("//Alice", 1, 0, transfer("//Bob", 1)));
        assert_eq!(
            stopped.unwrap().unwrap_err(),
            frame_system::Error::<dendra_runtime::Runtime>::CallFiltered.into()
        );
        assert_eq!(Balances::free_balance(account("//Bob")), bob);

        let exit = sudo(RuntimeCall::SafeMode(pallet_safe_mode::Call::force_exit {}));
        Executive::apply_extrinsic(signed("//Alice", 2, 0, exit))
            .unwrap()
            .unwrap();
        let transfer = Executive::apply_extrinsic(signed("//Alice", 3, 0, transfer("//Bob", 1)));
        transfer.unwrap().unwrap();
        assert_eq!(Balances::free_balance(account("//Bob")), bob + 1);
    });
}

#[test]
fn nobody_can_buy_safe_mode() {
    development().execute_with(|| {
        start_block(1, 7);
        let enter = RuntimeCall::SafeMode(pallet_safe_mode::Call::enter {});
        let outcome: Result<_, TransactionValidityError> =
            Executive::apply_extrinsic(signed("//Alice", 0, 0, enter));
        assert!(outcome.unwrap().is_err());
        assert!(!SafeMode::is_entered());
    });
}

#[test]
fn only_the_sudo_key_is_sudo() {
    development().execute_with(|| {
        start_block(1, 7);
        let call = RuntimeCall::Sudo(pallet_sudo::Call::sudo {
            call: Box::new(RuntimeCall::Balances(
                pallet_balances::Call::force_set_balance {
                    who: address("//Bob"),
                    new_free: 1,
                },
            )),
        });
        let bob = Balances::free_balance(account("//Bob"));
        let outcome = Executive::apply_extrinsic(signed("//Bob", 0, 0, call));
        assert_eq!(
            outcome.unwrap().unwrap_err(),
            pallet_sudo::Error::<dendra_runtime::Runtime>::RequireSudo.into()
        );
        assert!(Balances::free_balance(account("//Bob")) <= bob);
        assert!(Balances::free_balance(account("//Bob")) > bob - TAO);
    });
}
