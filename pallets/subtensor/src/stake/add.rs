//! Staking: TAO becomes alpha of a position.

use dendra_primitives::{NetUid, TaoBalance};
use frame_support::ensure;
use sp_runtime::{DispatchError, DispatchResult};

use super::check::{Holding, Traded};
use crate::{
    AccountId, Config, Error, Event, LastColdkeyHotkeyStakeBlock, LastRateLimitedBlock, Pallet,
    PoolSettings, Tempo,
    pools::{Fee, Purchase},
    types::{MIN_STAKE, RateLimitKey, TradeLimit},
};

impl Purchase {
    /// What the buyer pays, the fee included.
    pub(crate) fn paid(&self) -> TaoBalance {
        // Parts of an amount of 64 bits.
        self.used.saturating_add(self.fee)
    }
}

impl<T: Config> Pallet<T> {
    /// The calls `add_stake` and `add_stake_limit`.
    pub(crate) fn do_add_stake(
        coldkey: &AccountId,
        hotkey: &AccountId,
        netuid: NetUid,
        tao: TaoBalance,
        limit: Option<TradeLimit>,
    ) -> DispatchResult {
        let to = Holding::new(coldkey, hotkey, netuid);
        Self::check_add_stake(to, tao, limit)?;
        let price = limit.map(TradeLimit::price_limit);
        let purchase = Self::buy(coldkey, netuid, tao, price, Fee::Charged)?;
        Self::deposit(hotkey, coldkey, netuid, purchase.alpha)?;
        Self::note_staking(coldkey, hotkey);
        Self::deposit_event(Event::StakeAdded(
            coldkey.clone(),
            hotkey.clone(),
            purchase.paid(),
            purchase.alpha,
            netuid,
            purchase.fee.get(),
        ));
        Ok(())
    }

    /// Whether TAO can be staked now, and what it buys.
    ///
    /// **Errors:** in this order `SubnetNotExists`, `SubtokenDisabled`, `HotKeyAccountNotExists`, and those of
    /// [`Self::check_purchase`].
    pub(crate) fn check_add_stake(
        to: Holding<'_>,
        tao: TaoBalance,
        limit: Option<TradeLimit>,
    ) -> Result<Purchase, DispatchError> {
        Self::ensure_stakeable(to)?;
        Self::check_purchase(to.coldkey, to.netuid, tao, limit)
    }

    /// Whether a coldkey can buy for this much TAO now, and what it gets.
    ///
    /// **Errors:** in this order `AmountTooLow` if less than the least stake is left without the fee,
    /// `NotEnoughBalanceToStake`, `SlippageTooHigh` and `ZeroMaxAmount` for the limit, `InsufficientLiquidity`.
    fn check_purchase(
        coldkey: &AccountId,
        netuid: NetUid,
        tao: TaoBalance,
        limit: Option<TradeLimit>,
    ) -> Result<Purchase, DispatchError> {
        let fee = if Self::has_pool(netuid) {
            T::Pools::fee_rate(netuid).of_gross(tao.get())
        } else {
            0
        };
        ensure!(
            tao.get().saturating_sub(fee) >= MIN_STAKE,
            Error::<T>::AmountTooLow
        );
        ensure!(
            Self::spendable(coldkey) >= tao,
            Error::<T>::NotEnoughBalanceToStake
        );
        let traded = |quote: &Purchase| Traded {
            tao: quote.used,
            is_complete: quote.unspent.is_zero(),
        };
        let quote = Self::quote_within(
            limit,
            |limit| {
                let price = limit.map(TradeLimit::price_limit);
                Self::quote_buy(netuid, tao, price, Fee::Charged)
            },
            traded,
        )?;
        Self::ensure_worthwhile(traded(&quote), false, limit)?;
        Ok(quote)
    }

    /// Notes that a coldkey staked on a hotkey in this block. The note goes when the coldkey leaves the hotkey.
    pub(crate) fn note_staking(coldkey: &AccountId, hotkey: &AccountId) {
        LastColdkeyHotkeyStakeBlock::<T>::insert(coldkey, hotkey, Self::block());
    }

    /// The call `add_stake_burn`: nothing is staked, the alpha is burned as it is bought.
    pub(crate) fn do_add_stake_burn(
        coldkey: &AccountId,
        hotkey: &AccountId,
        netuid: NetUid,
        tao: TaoBalance,
        limit: Option<TaoBalance>,
    ) -> DispatchResult {
        let limit = limit.map(|price| TradeLimit {
            price,
            allow_partial: false,
        });
        Self::check_add_stake_burn(coldkey, hotkey, netuid, tao, limit)?;
        let price = limit.map(TradeLimit::price_limit);
        let purchase = Self::buy(coldkey, netuid, tao, price, Fee::Charged)?;
        Self::count_burned(netuid, purchase.alpha)?;
        LastRateLimitedBlock::<T>::insert(RateLimitKey::AddStakeBurn(netuid), Self::block());
        Self::deposit_event(Event::AddStakeBurn {
            netuid,
            hotkey: hotkey.clone(),
            amount: purchase.paid(),
            alpha: purchase.alpha,
        });
        Ok(())
    }

    /// Whether the owner of a subnet can buy and burn now.
    ///
    /// **Errors:** in this order `CannotBurnOrRecycleOnRootSubnet`, `SubnetNotExists`, `NotSubnetOwner`,
    /// `SubtokenDisabled`, `HotKeyAccountNotExists`, `AddStakeBurnRateLimitExceeded`, and those of
    /// [`Self::check_purchase`].
    pub(crate) fn check_add_stake_burn(
        coldkey: &AccountId,
        hotkey: &AccountId,
        netuid: NetUid,
        tao: TaoBalance,
        limit: Option<TradeLimit>,
    ) -> Result<Purchase, DispatchError> {
        ensure!(
            !netuid.is_root(),
            Error::<T>::CannotBurnOrRecycleOnRootSubnet
        );
        Self::ensure_owner(coldkey, netuid)?;
        Self::ensure_open(netuid)?;
        Self::ensure_owned(hotkey)?;
        let last = LastRateLimitedBlock::<T>::get(RateLimitKey::AddStakeBurn(netuid));
        let tempo = u64::from(Tempo::<T>::get(netuid));
        ensure!(
            last == 0 || Self::block().saturating_sub(last) >= tempo,
            Error::<T>::AddStakeBurnRateLimitExceeded
        );
        Self::check_purchase(coldkey, netuid, tao, limit)
    }
}
