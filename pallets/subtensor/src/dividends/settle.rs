//! Paying a claim: alpha of the pot becomes stake of its claimant, as alpha or sold for TAO.

use dendra_primitives::{AlphaBalance, I96F32, NetUid, TaoBalance, records::RootClaimTypeEnum};
use frame_support::{ensure, storage::with_storage_layer};
use sp_runtime::{DispatchError, DispatchResult};
use subnet_emission::RootRate;

use super::automatic::Allowances;
use crate::{
    AccountId, Config, Error, Event, Pallet, RootClaimType, RootClaimable, RootClaimableThreshold,
    RootDividendPot, SubnetAlphaOut, SubtokenEnabled, pools::Fee,
};

/// On whose demand dividends are claimed.
pub(super) enum Demand<'a> {
    /// The coldkey signed it: everything is sold at any price, and what does not happen is told.
    Signed,
    /// Nobody's: no more is sold than is allowed.
    Automatic(&'a mut Allowances),
}

/// What became of claims.
#[derive(Default)]
pub(super) struct Tally {
    /// Pairs of hotkey and subnet that were looked at.
    pub(super) claims: u32,
    /// Accounts that were corrected because root stake was added.
    pub(super) rebased: u32,
    /// Claims that were paid.
    pub(super) paid: u32,
    /// Why the first claim failed that did.
    pub(super) failure: Option<DispatchError>,
}

/// Whose dividends are claimed.
struct Claimant<'a> {
    hotkey: &'a AccountId,
    coldkey: &'a AccountId,
    stake: TaoBalance,
}

/// What became of one claim.
enum Outcome {
    /// There is nothing to claim.
    Nothing,
    /// What is owed is below the threshold, or what of it may be sold now.
    BelowThreshold(AlphaBalance),
    /// It was paid; what it was sold for, if it was.
    Paid(Option<TaoBalance>),
}

impl<T: Config> Pallet<T> {
    /// Whether claims of a coldkey may be sold.
    pub(super) fn sells_root_dividends(kind: &RootClaimTypeEnum) -> bool {
        !matches!(kind, RootClaimTypeEnum::Keep)
    }

    /// Claims root dividends of some subnets on one hotkey and counts what became of it.
    ///
    /// A claim that cannot be executed is left as it was. The TAO of those that were sold is added to the root
    /// stake at once.
    ///
    /// **Errors:** if that cannot be, for instance `TooManyStakingHotkeys`; nothing was claimed then.
    pub(super) fn claim_on_hotkey(
        hotkey: &AccountId,
        coldkey: &AccountId,
        netuids: &[NetUid],
        mut demand: Demand,
        tally: &mut Tally,
    ) -> DispatchResult {
        let rates = RootClaimable::<T>::get(hotkey);
        let kind = RootClaimType::<T>::get(coldkey);
        let claimant = Claimant {
            hotkey,
            coldkey,
            stake: Self::root_stake(hotkey, coldkey),
        };
        with_storage_layer(|| {
            let mut proceeds = TaoBalance::ZERO;
            for netuid in netuids {
                tally.claims = tally.claims.saturating_add(1);
                let Some(rate) = rates
                    .get(netuid)
                    .and_then(|rate| RootRate::from_fixed(*rate))
                else {
                    continue;
                };
                let keeps = match &*kind {
                    RootClaimTypeEnum::Swap => false,
                    RootClaimTypeEnum::Keep => true,
                    RootClaimTypeEnum::KeepSubnets { subnets } => subnets.contains(netuid),
                };
                let claim = || Self::claim(&claimant, *netuid, rate, keeps, &mut demand);
                match with_storage_layer(claim) {
                    Ok(Outcome::Nothing) => {}
                    Ok(Outcome::BelowThreshold(alpha)) => {
                        if matches!(demand, Demand::Signed) {
                            Self::deposit_event(Event::RootClaimBelowThreshold {
                                netuid: *netuid,
                                hotkey: hotkey.clone(),
                                coldkey: coldkey.clone(),
                                alpha,
                            });
                        }
                    }
                    Ok(Outcome::Paid(tao)) => {
                        tally.paid = tally.paid.saturating_add(1);
                        proceeds = proceeds
                            .checked_add(tao.unwrap_or_default())
                            .ok_or(Error::<T>::Overflow)?;
                    }
                    Err(error) => {
                        tally.failure.get_or_insert(error);
                        if matches!(demand, Demand::Signed) {
                            Self::deposit_event(Event::RootClaimFailed {
                                netuid: *netuid,
                                hotkey: hotkey.clone(),
                                coldkey: coldkey.clone(),
                                alpha: Self::root_dividend_owed(*netuid, hotkey, coldkey),
                                error,
                            });
                        }
                    }
                }
            }
            if !proceeds.is_zero() {
                Self::stake_proceeds(&claimant, proceeds)?;
                tally.rebased = tally.rebased.saturating_add(rates.len() as u32);
            }
            Ok(())
        })
    }

    /// One claim.
    ///
    /// **Errors:** `SubnetNotExists`, `SubtokenDisabled` for a sale, those of the sale or of the deposit.
    fn claim(
        claimant: &Claimant,
        netuid: NetUid,
        rate: RootRate,
        keeps: bool,
        demand: &mut Demand,
    ) -> Result<Outcome, DispatchError> {
        // What a dissolved subnet owed is gone.
        Self::ensure_exists(netuid)?;
        let Claimant {
            hotkey,
            coldkey,
            stake,
        } = *claimant;
        let account = Self::root_account(netuid, hotkey, coldkey)?;
        let pot = RootDividendPot::<T>::get(netuid);
        let owed = account
            .owed(rate, stake)
            .map_err(|_| Error::<T>::Overflow)?
            .min(pot);
        if owed.is_zero() {
            return Ok(Outcome::Nothing);
        }
        // Who has left root is not kept waiting for more.
        let is_final = matches!(demand, Demand::Signed) && stake.is_zero();
        if !is_final && Self::is_below_threshold(netuid, owed) {
            return Ok(Outcome::BelowThreshold(owed));
        }
        let alpha = match demand {
            Demand::Automatic(allowances) if !keeps => owed.min(allowances.of::<T>(netuid)),
            _ => owed,
        };
        if !is_final && Self::is_below_threshold(netuid, alpha) {
            return Ok(Outcome::BelowThreshold(owed));
        }

        let rest = pot.checked_sub(alpha).ok_or(Error::<T>::Overflow)?;
        if rest.is_zero() {
            RootDividendPot::<T>::remove(netuid);
        } else {
            RootDividendPot::<T>::insert(netuid, rest);
        }
        let after = account.paid(alpha).map_err(|_| Error::<T>::Overflow)?;
        Self::write_claim(netuid, hotkey, coldkey, account, after)?;
        let tao = if keeps {
            Self::deposit(hotkey, coldkey, netuid, alpha)?;
            None
        } else {
            ensure!(
                SubtokenEnabled::<T>::get(netuid),
                Error::<T>::SubtokenDisabled
            );
            let root = Self::subnet_account(NetUid::ROOT);
            let sale = Self::sell(&root, netuid, alpha, None, Fee::Waived)?;
            if let Demand::Automatic(allowances) = demand {
                allowances.spend(netuid, alpha);
            }
            Some(sale.tao)
        };
        Self::deposit_event(Event::RootClaimed {
            netuid,
            hotkey: hotkey.clone(),
            coldkey: coldkey.clone(),
            alpha,
            tao,
        });
        Ok(Outcome::Paid(tao))
    }

    fn is_below_threshold(netuid: NetUid, alpha: AlphaBalance) -> bool {
        let threshold = RootClaimableThreshold::<T>::get(netuid).bits();
        // 64 bits and 32 zeros fit into 128 bits.
        let bits = i128::from(alpha.get()).saturating_mul(I96F32::ONE.bits());
        alpha.is_zero() || bits < threshold
    }

    /// Adds TAO that the account of root was paid to the root stake.
    fn stake_proceeds(claimant: &Claimant, tao: TaoBalance) -> DispatchResult {
        let alpha = AlphaBalance::new(tao.get());
        Self::grow(NetUid::ROOT, tao)?;
        SubnetAlphaOut::<T>::try_mutate(NetUid::ROOT, |out| {
            *out = out.checked_add(alpha).ok_or(Error::<T>::Overflow)?;
            Ok::<_, DispatchError>(())
        })?;
        Self::deposit(claimant.hotkey, claimant.coldkey, NetUid::ROOT, alpha)
    }
}
