//! The step of the block hook that issues.

use alloc::vec::Vec;

use dendra_primitives::{NetUid, Proportion16, Proportion64, TaoBalance};
use frame_support::{traits::fungible::Unbalanced, weights::WeightMeter};
use subnet_emission::{SubnetClaim, do_prices_exceed_one, tao_emission, tao_shares};

use super::{
    issue::Terms,
    recipient::{Recipient, prices},
};
use crate::{
    Config, Event, Pallet, SubnetList, SubnetOwnerCut, SubnetTAO, TaoWeight, TotalStake, WeightInfo,
};

impl<T: Config> Pallet<T> {
    /// Issues the block's TAO and alpha and moves the moving prices. False, and nothing, if there is no room.
    ///
    /// `integrity_test` proves that there always is for [`ROOMY_SUBNETS`](crate::types::ROOMY_SUBNETS),
    /// since only the fall of prices comes before. Were there none, the block would issue nothing: what a block
    /// issues follows from what exists, so TAO and alpha that it leaves are issued by later blocks, and the
    /// moving prices stay.
    ///
    /// **Weight:** linear in the subnets. **Writes:** per eligible subnet about nine items, and TAO once for each
    /// pool that takes some; what all share once.
    pub(crate) fn step_emission(meter: &mut WeightMeter) -> bool {
        let subnets = SubnetList::<T>::get();
        let weight = T::WeightInfo::step_emission(subnets.len() as u32);
        if meter.try_consume(weight).is_err() {
            return false;
        }
        let now = Self::block();
        let mut recipients: Vec<Recipient> = Vec::with_capacity(subnets.len());
        for netuid in subnets {
            match Self::recipient(netuid, now) {
                Some(recipient) => recipients.push(recipient),
                None => Self::forget_last_emission(netuid),
            }
        }
        let issuance = Self::issuance();
        let emission = tao_emission(issuance);
        let claims: Vec<SubnetClaim> = recipients.iter().map(|one| one.claim).collect();
        // Shares cannot fail for as many subnets as there are netuids.
        let shares = tao_shares(emission, &claims).unwrap_or_default();
        let terms = Self::terms(&recipients);
        let rate = Self::moving_rate();
        let mut taken: Vec<(NetUid, TaoBalance)> = Vec::with_capacity(recipients.len());
        let amounts = shares
            .amounts
            .into_iter()
            .chain(core::iter::repeat(TaoBalance::ZERO));
        for (recipient, share) in recipients.iter().zip(amounts) {
            let tao = Self::issue_to(recipient, share, &terms, rate);
            if !tao.is_zero() {
                taken.push((recipient.netuid, tao));
            }
        }
        Self::count_issued(issuance, emission, taken);
        true
    }

    fn terms(recipients: &[Recipient]) -> Terms {
        Terms {
            tao_weight: Proportion64::from_parts(TaoWeight::<T>::get()),
            root_tao: SubnetTAO::<T>::get(NetUid::ROOT),
            owner_cut: Proportion16::from_parts(SubnetOwnerCut::<T>::get()),
            pays_root: do_prices_exceed_one(prices(recipients)).unwrap_or(false),
        }
    }

    /// Counts the TAO that pools took, which their accounts hold already, and says what was not issued.
    fn count_issued(issuance: TaoBalance, emission: TaoBalance, pools: Vec<(NetUid, TaoBalance)>) {
        // The shares are parts of the block's emission, and that of what may still be issued.
        let issued = pools
            .iter()
            .fold(TaoBalance::ZERO, |sum, (_, tao)| sum.saturating_add(*tao));
        if !issued.is_zero() {
            T::Currency::set_total_issuance(issuance.saturating_add(issued).get());
            TotalStake::<T>::mutate(|total| *total = total.saturating_add(issued));
            Self::deposit_event(Event::TaoEmitted { pools });
        }
        let rest = emission.saturating_sub(issued);
        if !rest.is_zero() {
            Self::deposit_event(Event::EmissionRecycled(rest));
        }
    }
}
