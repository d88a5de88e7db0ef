//! What a hotkey weighs on a subnet: its own stake, less what it lends to children, plus what parents
//! lend to it (section 4.2 of the consensus).

use alloc::vec::Vec;

use dendra_primitives::{AlphaBalance, NetUid, Proportion64, TaoBalance};
use yuma_consensus::StakeWeight;

use crate::{
    AccountId, ChildKeys, Config, Pallet, ParentKeys, StakeThreshold, SubnetOwnerHotkey, TaoWeight,
    TotalHotkeyAlpha,
};

/// Stake of a hotkey on a subnet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HotkeyStake {
    /// Alpha on the subnet.
    pub alpha: AlphaBalance,
    /// TAO on root.
    pub tao: TaoBalance,
}

impl HotkeyStake {
    /// Without a part that is lent.
    fn less(self, proportion: Proportion64, of: Self) -> Self {
        let part = of.part(proportion);
        // The proportions lent sum to at most one, so this does not saturate.
        Self {
            alpha: self.alpha.saturating_sub(part.alpha),
            tao: self.tao.saturating_sub(part.tao),
        }
    }

    /// With a part that is borrowed. The supply keeps sums below 64 bits.
    fn plus(self, proportion: Proportion64, of: Self) -> Self {
        let part = of.part(proportion);
        Self {
            alpha: self.alpha.saturating_add(part.alpha),
            tao: self.tao.saturating_add(part.tao),
        }
    }

    /// A proportion, rounded down: the same for the lender and the borrower.
    fn part(self, proportion: Proportion64) -> Self {
        Self {
            alpha: AlphaBalance::new(proportion.part_of(self.alpha.get())),
            tao: TaoBalance::new(proportion.part_of(self.tao.get())),
        }
    }
}

impl<T: Config> Pallet<T> {
    /// What is staked on the hotkey itself.
    pub fn own_stake(hotkey: &AccountId, netuid: NetUid) -> HotkeyStake {
        let tao = TaoBalance::new(TotalHotkeyAlpha::<T>::get(hotkey, NetUid::ROOT).get());
        if netuid.is_root() {
            return HotkeyStake {
                alpha: AlphaBalance::ZERO,
                tao,
            };
        }
        HotkeyStake {
            alpha: TotalHotkeyAlpha::<T>::get(hotkey, netuid),
            tao,
        }
    }

    /// What the hotkey commands: own, less lent, plus borrowed. On root it is the own stake.
    pub fn stake_on(hotkey: &AccountId, netuid: NetUid) -> HotkeyStake {
        let own = Self::own_stake(hotkey, netuid);
        if netuid.is_root() {
            return own;
        }
        let kept = ChildKeys::<T>::get(hotkey, netuid)
            .iter()
            .fold(own, |kept, (part, _)| {
                kept.less(Proportion64::from_parts(*part), own)
            });
        ParentKeys::<T>::get(hotkey, netuid)
            .iter()
            .fold(kept, |sum, (part, parent)| {
                sum.plus(
                    Proportion64::from_parts(*part),
                    Self::own_stake(parent, netuid),
                )
            })
    }

    /// The same for many hotkeys. Where nobody lends, which one read tells, it is their own stake.
    pub(crate) fn stakes_on(hotkeys: &[AccountId], netuid: NetUid) -> Vec<HotkeyStake> {
        let read = if Self::lenders_exist(netuid) {
            Self::stake_on
        } else {
            Self::own_stake
        };
        hotkeys.iter().map(|hotkey| read(hotkey, netuid)).collect()
    }

    /// Stake weight before threshold and normalisation.
    pub fn stake_weight(hotkey: &AccountId, netuid: NetUid) -> StakeWeight {
        let HotkeyStake { alpha, tao } = Self::stake_on(hotkey, netuid);
        StakeWeight::combine(alpha.get(), tao.get(), TaoWeight::<T>::get())
    }

    /// Stake weights of many hotkeys.
    pub(crate) fn stake_weights(hotkeys: &[AccountId], netuid: NetUid) -> Vec<StakeWeight> {
        let tao_weight = TaoWeight::<T>::get();
        Self::stakes_on(hotkeys, netuid)
            .into_iter()
            .map(|stake| StakeWeight::combine(stake.alpha.get(), stake.tao.get(), tao_weight))
            .collect()
    }

    /// Whether the stake weight reaches the threshold; the owner hotkey always does.
    pub(crate) fn reaches_threshold(hotkey: &AccountId, netuid: NetUid) -> bool {
        let threshold = StakeThreshold::<T>::get();
        threshold == 0
            || SubnetOwnerHotkey::<T>::get(netuid) == *hotkey
            || Self::stake_weight(hotkey, netuid).units() >= threshold
    }
}
