//! Forgetting the root dividends of a dissolved subnet (section 9.3 of the economics).

use alloc::vec::Vec;

use dendra_primitives::NetUid;

use crate::{
    AccountId, Config, Pallet, RootClaimable, RootClaimed, RootDividendRest, RootHoldings, RootKept,
};

impl<T: Config> Pallet<T> {
    /// Forgets up to `most` rates, as many accounts, and as many kept dividends; whether none are left. The pot
    /// goes with the values of the subnet: nobody owns it any more.
    pub(crate) fn forget_root_dividends(netuid: NetUid, most: u32) -> bool {
        let most = most as usize;
        let hotkeys: Vec<AccountId> = RootDividendRest::<T>::drain_prefix(netuid)
            .take(most)
            .map(|(hotkey, _)| hotkey)
            .collect();
        for hotkey in &hotkeys {
            RootClaimable::<T>::mutate_exists(hotkey, |rates| {
                if let Some(all) = rates {
                    all.remove(&netuid);
                    if all.is_empty() {
                        *rates = None;
                    }
                }
            });
        }
        let claimed = RootClaimed::<T>::drain_prefix((netuid,)).take(most).count();
        let kept: Vec<(AccountId, AccountId)> = RootKept::<T>::drain_prefix((netuid,))
            .take(most)
            .map(|(keys, _)| keys)
            .collect();
        for (hotkey, coldkey) in &kept {
            let before = RootHoldings::<T>::get(coldkey, hotkey);
            let mut after = before;
            after.kept = after.kept.saturating_sub(1);
            Self::write_holding(hotkey, coldkey, before, after);
        }
        hotkeys.len() < most && claimed < most && kept.len() < most
    }
}
