//! The books against the chain.

use std::{collections::BTreeMap, fmt::Debug};

use dendra_primitives::NetUid;

use super::books::{Books, Subnet};
use crate::{
    BurnedAlpha, DissolveCleanupQueue, HotkeyPools, Keys, Owner, PendingEmissions, Positions,
    RootDividendPot, SubnetAlphaIn, SubnetAlphaOut, SubnetList, SubnetProtocolAlpha,
    SubnetResidual, SubnetTAO, SubnetworkN, TotalHotkeyAlpha,
    mock::{Balances, Test},
};

/// A copy of the chain, from which the books begin.
pub(super) fn open() -> Books {
    let mut books = Books {
        issuance: Balances::total_issuance(),
        balances: balances(),
        owners: Owner::<Test>::iter().collect(),
        ..Books::default()
    };
    for (hotkey, netuid, value) in TotalHotkeyAlpha::<Test>::iter() {
        let shares = HotkeyPools::<Test>::get(&hotkey, netuid);
        let pool = share_ledger::SharePool::from_parts(value, shares.shares, shares.scale);
        books.pools.insert((netuid, hotkey), pool.unwrap());
    }
    for ((netuid, hotkey, coldkey), position) in Positions::<Test>::iter() {
        books
            .positions
            .insert((netuid, hotkey, coldkey), position.into());
    }
    for netuid in SubnetList::<Test>::get() {
        books.subnets.insert(netuid, subnet(netuid));
    }
    books
}

fn balances() -> BTreeMap<crate::AccountId, u64> {
    frame_system::Account::<Test>::iter()
        .map(|(account, info)| (account, info.data.free))
        .filter(|(_, free)| *free > 0)
        .collect()
}

pub(super) fn subnet(netuid: NetUid) -> Subnet {
    Subnet {
        tao: SubnetTAO::<Test>::get(netuid).get(),
        alpha_in: SubnetAlphaIn::<Test>::get(netuid).get(),
        pending: PendingEmissions::<Test>::get(netuid),
        residual: SubnetResidual::<Test>::get(netuid).get(),
        burned: BurnedAlpha::<Test>::get(netuid).get(),
        root_pot: RootDividendPot::<Test>::get(netuid).get(),
        protocol: SubnetProtocolAlpha::<Test>::get(netuid).get(),
        neurons: (0..SubnetworkN::<Test>::get(netuid))
            .map(|uid| Some(Keys::<Test>::get(netuid, uid)))
            .collect(),
        ..Subnet::default()
    }
}

/// That two tables are the same; only what differs is shown.
fn assert_same<K: Ord + Debug, V: PartialEq + Debug>(
    chain: &BTreeMap<K, V>,
    books: &BTreeMap<K, V>,
    what: &str,
) {
    let only = |of: &BTreeMap<K, V>, other: &BTreeMap<K, V>| -> Vec<String> {
        of.iter()
            .filter(|(key, value)| other.get(*key) != Some(*value))
            .map(|entry| format!("{entry:?}"))
            .collect()
    };
    assert_eq!(only(chain, books), only(books, chain), "{what}");
}

impl Books {
    /// That the issuance is what events say.
    pub(super) fn check_issuance(&self) {
        assert_eq!(
            Balances::total_issuance(),
            self.issuance,
            "TAO came or went without an event"
        );
    }

    /// That everything is what events say.
    pub(super) fn check(&self) {
        self.check_issuance();
        let mut held = self.balances.clone();
        held.retain(|_, tao| *tao > 0);
        assert_eq!(balances(), held, "balances");
        let owners: BTreeMap<_, _> = Owner::<Test>::iter().collect();
        assert_eq!(owners, self.owners, "owners of hotkeys");

        let chain = open();
        assert_same(&chain.pools, &self.pools, "stake by hotkey");
        assert_same(&chain.positions, &self.positions, "stake by holder");

        let existing: Vec<NetUid> = SubnetList::<Test>::get().into_inner();
        let closing = DissolveCleanupQueue::<Test>::get();
        for (netuid, known) in &self.subnets {
            assert_ne!(existing.contains(netuid), closing.contains(netuid));
            assert_eq!(closing.contains(netuid), known.is_closing);
            if known.is_closing {
                continue;
            }
            assert_eq!(&subnet(*netuid), known, "subnet {netuid:?}");
            self.check_alpha(*netuid, known);
        }
        let all = existing.len() + closing.len();
        assert_eq!(
            self.subnets.len(),
            all,
            "subnets that exist or are cleaned up"
        );
    }

    fn check_alpha(&self, netuid: NetUid, known: &Subnet) {
        let out = self.staked(netuid)
            + known.pending.total().unwrap().get()
            + known.residual
            + known.root_pot
            + known.burned
            + known.protocol;
        assert_eq!(
            SubnetAlphaOut::<Test>::get(netuid).get(),
            out,
            "alpha of {netuid:?}"
        );
    }
}
