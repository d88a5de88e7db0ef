//! Symbols: the catalogue, who gets which, and how one is changed and given back.

use std::collections::BTreeSet;

use dendra_primitives::NetUid;
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{DispatchError, DispatchResult};

use crate::{
    Error, Event, SymbolsInUse, TokenSymbol,
    mock::{ExtBuilder, RuntimeOrigin, SubtensorModule, Test, account, events, signed},
    subnets::symbols::{SYMBOLS, Symbol, characters, is_in_catalogue},
};

const NETUID: NetUid = NetUid::new(2);
const TAU: [u8; 4] = [0xf0, 0x9d, 0x9c, 0x8f];

fn chain() -> ExtBuilder {
    ExtBuilder::new().subnet(2, account(1), account(2))
}

fn all() -> Vec<String> {
    characters().map(String::from).collect()
}

fn bytes(text: &str) -> Symbol {
    text.as_bytes().to_vec().try_into().unwrap()
}

fn symbol_of(netuid: u16) -> String {
    let stored = TokenSymbol::<Test>::get(NetUid::new(netuid));
    String::from_utf8(stored.into_inner()).unwrap()
}

fn update(coldkey: u8, netuid: NetUid, text: &str) -> DispatchResult {
    SubtensorModule::update_symbol(signed(&account(coldkey)), netuid, text.as_bytes().to_vec())
}

#[test]
fn the_catalogue_has_439_different_symbols() {
    let symbols = all();
    assert_eq!(symbols.len(), 439);
    assert_eq!(SYMBOLS, 439);
    let distinct: BTreeSet<_> = symbols.iter().collect();
    assert_eq!(distinct.len(), 439);
    assert_eq!(symbols[0].as_bytes(), TAU);
    assert_eq!(symbols[1..5].concat(), "αβγδ");
    assert_eq!(symbols[438], "⊥");
}

#[test]
fn every_symbol_is_one_visible_character() {
    for symbol in all() {
        let characters: Vec<char> = symbol.chars().collect();
        let [only] = characters[..] else {
            panic!("{symbol} is not one character")
        };
        // Neither group has marks that join others, blanks, or signs that steer the direction.
        let is_sign = ('\u{2200}'..='\u{22ff}').contains(&only);
        assert!(
            only.is_alphabetic() || is_sign,
            "{only:?} is no letter and no sign"
        );
        let is_written_to_the_left = ('\u{0590}'..='\u{08ff}').contains(&only);
        assert!(
            !is_written_to_the_left,
            "{only:?} is written from right to left"
        );
    }
}

#[test]
fn only_whole_symbols_are_in_the_catalogue() {
    assert!(
        all()
            .iter()
            .all(|symbol| is_in_catalogue(symbol.as_bytes()))
    );
    for other in [
        "", "a", "αβ", "α ", "\u{3bf}", "\u{3c2}", "𝛕", "\u{22a6}", "א", "\u{301}",
    ] {
        assert!(!is_in_catalogue(other.as_bytes()), "{other:?}");
    }
    assert!(!is_in_catalogue(&TAU[..3]));
    assert!(!is_in_catalogue(&[0xff]));
    assert!(!is_in_catalogue(&[b'a'; 10_000]));
}

#[test]
fn subnets_get_the_symbol_of_their_number() {
    chain().subnet(3, account(1), account(3)).run(|| {
        assert_eq!(TokenSymbol::<Test>::get(NetUid::ROOT).to_vec(), TAU);
        assert_eq!([1, 2, 3].map(symbol_of).concat(), "αβγ");
        let users: BTreeSet<_> = SymbolsInUse::<Test>::iter().collect();
        let expected = [("\u{1d70f}", 0), ("α", 1), ("β", 2), ("γ", 3)];
        assert_eq!(
            users,
            BTreeSet::from(expected.map(|(text, netuid)| (bytes(text), NetUid::new(netuid))))
        );
    });
}

#[test]
fn a_new_subnet_gets_the_next_symbol_if_its_own_is_taken() {
    chain().run(|| {
        assert_ok!(update(1, NETUID, "γ"));
        let (origin, hotkey) = (signed(&account(5)), account(6));
        assert_ok!(SubtensorModule::register_network(origin, hotkey));
        assert_eq!([2, 3].map(symbol_of).concat(), "γδ");
    });
}

#[test]
fn the_search_begins_again_at_alpha_and_never_gives_the_symbol_of_root() {
    ExtBuilder::new().bare().run(|| {
        // The last place, then round the corner.
        let [last, next] = [438, 438 + 438].map(NetUid::new);
        for netuid in [last, next] {
            SubtensorModule::give_free_symbol(netuid);
        }
        assert_eq!([438, 876].map(symbol_of).concat(), "⊥α");
        for netuid in [last, next] {
            SubtensorModule::free_symbol(netuid);
        }
        assert_eq!(SymbolsInUse::<Test>::iter().count(), 0);
    });
}

#[test]
fn the_last_free_symbol_is_found() {
    chain().run(|| {
        let other = NetUid::new(9);
        let free = |text: &str| ["\u{1d70f}", "α", "β", "ω"].contains(&text);
        for text in all().iter().filter(|text| !free(text)) {
            SymbolsInUse::<Test>::insert(bytes(text), NETUID);
        }
        SubtensorModule::give_free_symbol(other);
        assert_eq!(symbol_of(9), "ω");
        SubtensorModule::free_symbol(other);
        for text in all().iter().filter(|text| !free(text)) {
            SymbolsInUse::<Test>::remove(bytes(text));
        }
    });
}

#[test]
fn subnets_beyond_the_catalogue_share_the_symbol_of_root() {
    chain().run(|| {
        let free = |text: &str| ["\u{1d70f}", "α", "β"].contains(&text);
        for text in all().iter().filter(|text| !free(text)) {
            SymbolsInUse::<Test>::insert(bytes(text), NETUID);
        }
        let [first, second] = [9, 10].map(NetUid::new);
        for netuid in [first, second] {
            SubtensorModule::give_free_symbol(netuid);
            assert_eq!(TokenSymbol::<Test>::get(netuid).to_vec(), TAU);
        }
        // Giving it back takes nothing from root.
        SubtensorModule::free_symbol(first);
        assert_eq!(
            SymbolsInUse::<Test>::get(bytes("\u{1d70f}")),
            Some(NetUid::ROOT)
        );
        for text in all().iter().filter(|text| !free(text)) {
            SymbolsInUse::<Test>::remove(bytes(text));
        }
    });
}

#[test]
fn an_owner_chooses_another_symbol_and_frees_the_former_one() {
    chain().run(|| {
        assert_ok!(update(1, NETUID, "ж"));
        assert_eq!(symbol_of(2), "ж");
        assert_eq!(SymbolsInUse::<Test>::get(bytes("ж")), Some(NETUID));
        assert_eq!(SymbolsInUse::<Test>::get(bytes("β")), None);
        assert_ok!(update(1, NETUID, "β"));
        assert_eq!(SymbolsInUse::<Test>::get(bytes("ж")), None);
        let said = |text: &str| Event::SymbolUpdated {
            netuid: NETUID,
            symbol: text.as_bytes().to_vec(),
        };
        assert_eq!(events(), [said("ж"), said("β")]);
    });
}

#[test]
fn root_chooses_symbols_too() {
    chain().run(|| {
        let symbol = "⊕".as_bytes().to_vec();
        let root = RuntimeOrigin::root();
        assert_ok!(SubtensorModule::update_symbol(root.clone(), NETUID, symbol));
        assert_eq!(symbol_of(2), "⊕");
        let symbol = "⊗".as_bytes().to_vec();
        assert_noop!(
            SubtensorModule::update_symbol(root, NetUid::new(7), symbol.clone()),
            Error::<Test>::SubnetNotExists
        );
        assert_noop!(
            SubtensorModule::update_symbol(RuntimeOrigin::none(), NETUID, symbol),
            DispatchError::BadOrigin
        );
    });
}

#[test]
fn a_symbol_is_chosen_by_the_owner_from_what_is_free() {
    chain().run(|| {
        assert_noop!(update(9, NETUID, "ж"), Error::<Test>::NotSubnetOwner);
        assert_noop!(update(2, NETUID, "ж"), Error::<Test>::NotSubnetOwner);
        assert_noop!(
            update(1, NetUid::new(7), "ж"),
            Error::<Test>::SubnetNotExists
        );
        for unknown in ["", "Ж", "жж", "x"] {
            assert_noop!(
                update(1, NETUID, unknown),
                Error::<Test>::SymbolDoesNotExist
            );
        }
        for taken in ["\u{1d70f}", "α", "β"] {
            assert_noop!(update(1, NETUID, taken), Error::<Test>::SymbolAlreadyInUse);
        }
    });
}

#[test]
fn the_symbol_of_a_dissolved_subnet_is_free_at_once() {
    chain().subnet(3, account(1), account(3)).run(|| {
        assert_ok!(SubtensorModule::root_dissolve_network(
            RuntimeOrigin::root(),
            NETUID
        ));
        assert_eq!(SymbolsInUse::<Test>::get(bytes("β")), None);
        assert_ok!(update(1, NetUid::new(3), "β"));
        assert_eq!(SymbolsInUse::<Test>::get(bytes("β")), Some(NetUid::new(3)));
    });
}
