//! What no call of this pallet does yet, or what others do: stake, emission, children, TAO, authors and budgets.

use dendra_primitives::{AlphaBalance, NetUid, TaoBalance};
use frame_support::{
    BoundedVec,
    traits::{
        fungible::Mutate,
        tokens::{Fortitude, Precision, Preservation},
    },
    weights::Weight,
};

use super::{books::Books, draw, honest, rng::Rng};
use crate::{
    AccountId, AutoStakeDestination, ChildKeys, ChildkeyTake, Delegates, Owner, ParentKeys,
    PendingEmissions, Positions, SubnetAlphaOut, SubnetList, SubnetTAO, TotalStake,
    mock::{
        Author, Balances, Budget, ExistentialDeposit, SubtensorModule, Test, UNIT, give_stake, many,
    },
};

/// Alpha of one subnet beyond which none is given, so that sums stay within 64 bits.
const MOST_ALPHA: u64 = 1 << 61;

/// One of them; what it did.
pub(super) fn random(rng: &mut Rng, books: &mut Books) -> String {
    match rng.below(20) {
        0..=6 => stake(rng, books),
        7..=9 => unstake(rng, books),
        10..=14 => emit(rng, books),
        15 => top_up(rng, books),
        16 => lend(rng),
        17 => delegate(rng),
        18 => redirect(rng),
        _ => reset_bonds(rng),
    }
}

/// TAO that nobody staked keeps the account of root alive when the last staker but one leaves.
pub(super) fn keep_root_alive() {
    let account = SubtensorModule::subnet_account(NetUid::ROOT);
    Balances::mint_into(&account, ExistentialDeposit::get()).unwrap();
}

/// Who makes the block, and what its hook may use.
pub(super) fn begin_block(rng: &mut Rng) -> String {
    let author = match rng.below(4) {
        0 => None,
        // Without an account of its own: small fees cannot open one.
        1 => Some(many(rng.within(10_000, 10_010) as u32)),
        _ => Some(draw::coldkey(rng)),
    };
    Author::set(&author);
    let budget = match rng.below(4) {
        0 => Weight::from_parts(rng.below(12), 0),
        _ => Weight::MAX,
    };
    Budget::set(&budget);
    format!("author {author:?}, budget {budget:?}")
}

fn amount(rng: &mut Rng) -> u64 {
    match rng.below(10) {
        0 => 1,
        1 => rng.within(1, 1_000),
        2 => rng.within(1, 1 << 55),
        _ => rng.within(1, 1_000 * UNIT),
    }
}

/// A hotkey that somebody owns, with its owner.
fn owned(rng: &mut Rng) -> Option<(AccountId, AccountId)> {
    let hotkey = many(rng.below(draw::HOTKEYS.into()) as u32);
    let owner = Owner::<Test>::contains_key(&hotkey).then(|| Owner::<Test>::get(&hotkey));
    owner.map(|owner| (hotkey, owner))
}

fn stake(rng: &mut Rng, books: &mut Books) -> String {
    let Some((hotkey, owner)) = owned(rng) else {
        return "no hotkey to stake on".into();
    };
    let coldkey = if rng.chance(60) {
        owner
    } else {
        draw::coldkey(rng)
    };
    let netuid = draw::open_netuid(rng)
        .filter(|_| rng.chance(85))
        .unwrap_or(NetUid::ROOT);
    let mut alpha = amount(rng);
    if netuid.is_root() {
        // As TAO it counts on every subnet, so it stays far below what the honest validators have.
        alpha = alpha.min(50 * UNIT);
        books.mint(&SubtensorModule::subnet_account(netuid), alpha);
        books.subnets.get_mut(&netuid).unwrap().tao += alpha;
    } else if SubnetAlphaOut::<Test>::get(netuid).get() > MOST_ALPHA {
        return "no more alpha".into();
    }
    give_stake(netuid, &hotkey, &coldkey, alpha);
    books.deposit((netuid, hotkey.clone(), coldkey), alpha);
    format!("stake {alpha} on {hotkey:?} on {netuid:?}")
}

fn unstake(rng: &mut Rng, books: &mut Books) -> String {
    let existing = SubnetList::<Test>::get();
    let held: Vec<(NetUid, AccountId, AccountId)> = Positions::<Test>::iter_keys()
        .filter(|(netuid, ..)| *netuid != honest::NETUID && existing.contains(netuid))
        .collect();
    if held.is_empty() {
        return "nothing to unstake".into();
    }
    let (netuid, hotkey, coldkey) = rng.pick(&held).clone();
    let worth = SubtensorModule::stake_of(&hotkey, &coldkey, netuid).get();
    if worth == 0 {
        return "nothing but dust".into();
    }
    let alpha = if rng.chance(40) {
        worth
    } else {
        rng.within(1, worth)
    };
    let taken = AlphaBalance::new(alpha);
    SubtensorModule::withdraw(&hotkey, &coldkey, netuid, taken).unwrap();
    SubtensorModule::destroy_alpha(netuid, taken).unwrap();
    books.withdraw((netuid, hotkey.clone(), coldkey), alpha);
    if netuid.is_root() {
        let account = SubtensorModule::subnet_account(netuid);
        let tao = TaoBalance::new(alpha);
        SubnetTAO::<Test>::mutate(netuid, |pool| *pool = pool.checked_sub(tao).unwrap());
        TotalStake::<Test>::mutate(|total| *total = total.checked_sub(tao).unwrap());
        Balances::burn_from(
            &account,
            alpha,
            Preservation::Expendable,
            Precision::Exact,
            Fortitude::Polite,
        )
        .unwrap();
        books.burn(&account, alpha);
        books.subnets.get_mut(&netuid).unwrap().tao -= alpha;
    }
    format!("unstake {alpha} of {worth} from {hotkey:?} on {netuid:?}")
}

fn emit(rng: &mut Rng, books: &mut Books) -> String {
    let Some(netuid) = draw::open_netuid(rng) else {
        return "nowhere to emit".into();
    };
    let out = SubnetAlphaOut::<Test>::get(netuid).get();
    if out > MOST_ALPHA {
        return "no more alpha".into();
    }
    let parts = [(); 4].map(|()| if rng.chance(25) { 0 } else { amount(rng) });
    let [server, validator, root, owner] = parts.map(AlphaBalance::new);
    SubnetAlphaOut::<Test>::insert(netuid, AlphaBalance::new(out + parts.iter().sum::<u64>()));
    PendingEmissions::<Test>::mutate(netuid, |pending| {
        pending.server = pending.server.checked_add(server).unwrap();
        pending.validator = pending.validator.checked_add(validator).unwrap();
        pending.root = pending.root.checked_add(root).unwrap();
        pending.owner = pending.owner.checked_add(owner).unwrap();
        books.subnets.get_mut(&netuid).unwrap().pending = *pending;
    });
    format!("emit {parts:?} to {netuid:?}")
}

/// Coldkeys that spent what they had get more; sometimes a subnet's account is given TAO by a stranger.
fn top_up(rng: &mut Rng, books: &mut Books) -> String {
    let coldkey = draw::coldkey(rng);
    let tao = 2_000 * UNIT;
    Balances::mint_into(&coldkey, tao).unwrap();
    books.mint(&coldkey, tao);
    let closing = crate::DissolveCleanupQueue::<Test>::get();
    if rng.chance(10) {
        let netuid = match closing.first() {
            Some(netuid) => *netuid,
            None => draw::open_netuid(rng).unwrap_or(NetUid::ROOT),
        };
        let account = SubtensorModule::subnet_account(netuid);
        let gift = rng.within(500, UNIT);
        frame_support::assert_ok!(<Balances as Mutate<_>>::transfer(
            &coldkey,
            &account,
            gift,
            Preservation::Preserve
        ));
        books.take(&coldkey, gift);
        books.add(&account, gift);
        return format!("a gift of {gift} to the account of {netuid:?}");
    }
    format!("top up {coldkey:?}")
}

/// A hotkey lends stake to another one.
fn lend(rng: &mut Rng) -> String {
    let (Some((parent, _)), Some((child, _)), Some(netuid)) =
        (owned(rng), owned(rng), draw::open_netuid(rng))
    else {
        return "nobody to lend to".into();
    };
    let part = match rng.below(3) {
        0 => u64::MAX,
        _ => rng.next(),
    };
    let others = ChildKeys::<Test>::get(&parent, netuid);
    let others: Vec<AccountId> = others.into_iter().map(|(_, child)| child).collect();
    for other in others {
        ParentKeys::<Test>::mutate(&other, netuid, |edges| {
            edges.retain(|(_, key)| *key != parent)
        });
    }
    if parent == child || rng.chance(20) {
        ChildKeys::<Test>::remove(&parent, netuid);
        return format!("{parent:?} lends nothing on {netuid:?}");
    }
    let edge = (part, child.clone());
    ChildKeys::<Test>::insert(&parent, netuid, BoundedVec::truncate_from(vec![edge]));
    ParentKeys::<Test>::mutate(&child, netuid, |edges| {
        edges.try_push((part, parent.clone())).unwrap();
    });
    let take = rng.below(11_797) as u16;
    ChildkeyTake::<Test>::insert(&child, netuid, take);
    format!("{parent:?} lends {part} to {child:?} on {netuid:?}")
}

fn delegate(rng: &mut Rng) -> String {
    let hotkey = many(rng.below(draw::HOTKEYS.into()) as u32);
    let take = rng.below(11_797) as u16;
    Delegates::<Test>::insert(&hotkey, take);
    format!("{hotkey:?} takes {take}")
}

/// A coldkey has its income staked elsewhere, possibly where nobody owns the hotkey.
fn redirect(rng: &mut Rng) -> String {
    let (coldkey, hotkey) = (draw::coldkey(rng), many(rng.below(80) as u32));
    let Some(netuid) = draw::open_netuid(rng) else {
        return "nothing to redirect".into();
    };
    AutoStakeDestination::<Test>::insert(&coldkey, netuid, &hotkey);
    format!("{coldkey:?} stakes on {hotkey:?} on {netuid:?}")
}

fn reset_bonds(rng: &mut Rng) -> String {
    let (netuid, hotkey) = (draw::open_netuid(rng), draw::hotkey(rng));
    if let Some(netuid) = netuid {
        SubtensorModule::reset_bonds(netuid, &hotkey);
    }
    format!("reset bonds toward {hotkey:?} on {netuid:?}")
}
