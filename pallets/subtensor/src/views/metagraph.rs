//! Everything about a subnet and its neurons.

use alloc::{collections::BTreeMap, vec::Vec};

use codec::Compact;
use dendra_primitives::{
    AlphaBalance, MechId, NetUid, NetUidIndex, TaoBalance,
    records::{AxonInfo, ChainIdentityV2},
};
use dendra_runtime_api::{Metagraph, Selection, SelectiveMetagraph, select};

use super::{
    columns::{Columns, Holders, Stakes},
    compact, text,
};
use crate::{
    AccountId, AdjustmentAlpha, AdjustmentInterval, AlphaDividendsPerSubnet, AlphaValues, Axons,
    BondsMovingAverage, CommitRevealWeightsEnabled, Config, Difficulty, IdentitiesV2,
    ImmunityPeriod, Kappa, LiquidAlphaOn, MaxAllowedUids, MaxAllowedValidators, MaxBurn,
    MaxDifficulty, MaxRegistrationsPerBlock, MaxWeightsLimit, MinAllowedWeights, MinBurn,
    MinDifficulty, NetworkPowRegistrationAllowed, NetworkRegistrationAllowed, Pallet,
    RevealPeriodEpochs, Rho, ServingRateLimit, SubnetList, TargetRegistrationsPerInterval,
    WeightsSetRateLimit, WeightsVersionKey,
};

/// The mechanism that every subnet has.
const FIRST_MECHANISM: MechId = MechId::new(0);

impl<T: Config> Pallet<T> {
    /// Everything about a subnet and its neurons.
    ///
    /// **Reads:** three for each neuron, one for each coldkey, one for each validator, and about sixty; where
    /// somebody lends stake, two more for each neuron and for each parent.
    pub fn metagraph(netuid: NetUid) -> Option<Metagraph> {
        Self::mechagraph(netuid, FIRST_MECHANISM)
    }

    /// The same with incentives and updates of one mechanism; none if the subnet does not have it. Its field
    /// `netuid` holds the index of the pair.
    pub fn mechagraph(netuid: NetUid, mechanism: MechId) -> Option<Metagraph> {
        let index = NetUidIndex::from_parts(netuid, mechanism)?;
        let is_known = Self::exists(netuid) && Self::mechanisms(netuid).contains(&index);
        is_known
            .then(|| Self::read_metagraph(netuid, index))
            .flatten()
    }

    /// Everything about every subnet.
    pub fn all_metagraphs() -> Vec<Option<Metagraph>> {
        Self::of_each(Self::metagraph)
    }

    /// Everything about every mechanism of every subnet, the mechanisms of a subnet together.
    pub fn all_mechagraphs() -> Vec<Option<Metagraph>> {
        SubnetList::<T>::get()
            .into_iter()
            .flat_map(|netuid| {
                Self::mechanisms(netuid)
                    .into_iter()
                    .map(move |index| Self::read_metagraph(netuid, index))
            })
            .collect()
    }

    /// Chosen fields of a metagraph, by the numbers of [`Selection`].
    ///
    /// `commitments`: the encoded commitments of the subnet by hotkey, asked for only if they are chosen.
    pub fn selective_metagraph(
        netuid: NetUid,
        indexes: &[u16],
        commitments: impl FnOnce() -> Vec<(AccountId, Vec<u8>)>,
    ) -> Option<SelectiveMetagraph> {
        Self::selective_mechagraph(netuid, FIRST_MECHANISM, indexes, commitments)
    }

    /// The same with incentives and updates of one mechanism.
    pub fn selective_mechagraph(
        netuid: NetUid,
        mechanism: MechId,
        indexes: &[u16],
        commitments: impl FnOnce() -> Vec<(AccountId, Vec<u8>)>,
    ) -> Option<SelectiveMetagraph> {
        let metagraph = Self::mechagraph(netuid, mechanism)?;
        let validators = (0_u16..)
            .zip(&metagraph.validator_permit)
            .filter(|(_, permit)| **permit)
            .map(|(uid, _)| Compact(uid))
            .collect();
        let is_asked = Selection::from_indexes(indexes).contains(Selection::COMMITMENTS);
        let commitments = if is_asked { commitments() } else { Vec::new() };
        let commitments = commitments
            .into_iter()
            .map(|(hotkey, bytes)| (hotkey, text(&bytes)))
            .collect();
        Some(select(metagraph, validators, commitments, indexes))
    }

    fn read_metagraph(netuid: NetUid, index: NetUidIndex) -> Option<Metagraph> {
        // What both views show is read in one place.
        let subnet = Self::dynamic_info(netuid)?;
        let columns = Columns::read::<T>(netuid, index);
        let Holders {
            hotkeys,
            coldkeys,
            registered_at,
        } = Holders::read::<T>(netuid);
        let stakes = Stakes::read::<T>(netuid, &hotkeys);
        let (alpha_low, alpha_high) = AlphaValues::<T>::get(netuid);
        Some(Metagraph {
            netuid: Compact(NetUid::new(index.get())),
            name: subnet.subnet_name,
            symbol: subnet.token_symbol,
            identity: subnet.subnet_identity,
            network_registered_at: subnet.network_registered_at,
            owner_hotkey: subnet.owner_hotkey,
            owner_coldkey: subnet.owner_coldkey,
            block: Compact(Self::block()),
            tempo: subnet.tempo,
            last_step: subnet.last_step,
            blocks_since_last_step: subnet.blocks_since_last_step,
            subnet_emission: Compact(0),
            alpha_in: subnet.alpha_in,
            alpha_out: subnet.alpha_out,
            tao_in: subnet.tao_in,
            alpha_out_emission: subnet.alpha_out_emission,
            alpha_in_emission: subnet.alpha_in_emission,
            tao_in_emission: subnet.tao_in_emission,
            pending_alpha_emission: subnet.pending_alpha_emission,
            pending_root_emission: subnet.pending_root_emission,
            subnet_volume: subnet.subnet_volume,
            moving_price: subnet.moving_price,
            rho: Compact(Rho::<T>::get(netuid)),
            kappa: Compact(Kappa::<T>::get(netuid)),
            min_allowed_weights: Compact(MinAllowedWeights::<T>::get(netuid)),
            max_weights_limit: Compact(MaxWeightsLimit::<T>::get(netuid)),
            weights_version: Compact(WeightsVersionKey::<T>::get(netuid)),
            weights_rate_limit: Compact(WeightsSetRateLimit::<T>::get(netuid)),
            activity_cutoff: Compact(Self::activity_cutoff_in_use(netuid)),
            max_validators: Compact(MaxAllowedValidators::<T>::get(netuid)),
            num_uids: Compact(columns.count),
            max_uids: Compact(MaxAllowedUids::<T>::get(netuid)),
            burn: Compact(Self::burn(netuid)),
            difficulty: Compact(Difficulty::<T>::get(netuid)),
            registration_allowed: NetworkRegistrationAllowed::<T>::get(netuid),
            pow_registration_allowed: NetworkPowRegistrationAllowed::<T>::get(netuid),
            immunity_period: Compact(ImmunityPeriod::<T>::get(netuid)),
            min_difficulty: Compact(MinDifficulty::<T>::get(netuid)),
            max_difficulty: Compact(MaxDifficulty::<T>::get(netuid)),
            min_burn: Compact(MinBurn::<T>::get(netuid)),
            max_burn: Compact(MaxBurn::<T>::get(netuid)),
            adjustment_alpha: Compact(AdjustmentAlpha::<T>::get(netuid)),
            adjustment_interval: Compact(AdjustmentInterval::<T>::get(netuid)),
            target_regs_per_interval: Compact(TargetRegistrationsPerInterval::<T>::get(netuid)),
            max_regs_per_block: Compact(MaxRegistrationsPerBlock::<T>::get(netuid)),
            serving_rate_limit: Compact(ServingRateLimit::<T>::get(netuid)),
            commit_reveal_weights_enabled: CommitRevealWeightsEnabled::<T>::get(netuid),
            commit_reveal_period: Compact(RevealPeriodEpochs::<T>::get(netuid)),
            liquid_alpha_enabled: LiquidAlphaOn::<T>::get(netuid),
            alpha_high: Compact(alpha_high),
            alpha_low: Compact(alpha_low),
            bonds_moving_avg: Compact(BondsMovingAverage::<T>::get(netuid)),
            identities: Self::identities_of(&coldkeys),
            axons: hotkeys
                .iter()
                .map(|hotkey| Self::axon_of(netuid, hotkey))
                .collect(),
            active: columns.active,
            validator_permit: columns.validator_permit,
            pruning_score: Vec::new(),
            last_update: compact(columns.last_update),
            emission: compact(columns.emission),
            dividends: compact(columns.dividends),
            incentives: compact(columns.incentives),
            consensus: compact(columns.consensus),
            trust: Vec::new(),
            rank: Vec::new(),
            block_at_registration: registered_at,
            alpha_stake: stakes.alpha,
            tao_stake: stakes.tao,
            total_stake: stakes.total,
            // Root dividends are alpha.
            tao_dividends_per_hotkey: hotkeys
                .iter()
                .map(|hotkey| (hotkey.clone(), Compact(TaoBalance::ZERO)))
                .collect(),
            alpha_dividends_per_hotkey: Self::alpha_dividends_of(netuid, &hotkeys),
            hotkeys,
            coldkeys,
        })
    }

    /// Where a neuron serves; all zero if it never said so.
    pub(super) fn axon_of(netuid: NetUid, hotkey: &AccountId) -> AxonInfo {
        Axons::<T>::get(netuid, hotkey).unwrap_or_default()
    }

    /// What each coldkey says about itself. Most coldkeys own several neurons; each is read once.
    fn identities_of(coldkeys: &[AccountId]) -> Vec<Option<ChainIdentityV2>> {
        let mut known: BTreeMap<&AccountId, Option<ChainIdentityV2>> = BTreeMap::new();
        coldkeys
            .iter()
            .map(|coldkey| {
                known
                    .entry(coldkey)
                    .or_insert_with(|| {
                        IdentitiesV2::<T>::get(coldkey).map(|stored| stored.into_inner())
                    })
                    .clone()
            })
            .collect()
    }

    /// Alpha dividends of the hotkeys. Few hotkeys have some, so those that do are listed.
    fn alpha_dividends_of(
        netuid: NetUid,
        hotkeys: &[AccountId],
    ) -> Vec<(AccountId, Compact<AlphaBalance>)> {
        let paid: BTreeMap<AccountId, AlphaBalance> =
            AlphaDividendsPerSubnet::<T>::iter_prefix(netuid).collect();
        hotkeys
            .iter()
            .map(|hotkey| {
                let amount = paid.get(hotkey).copied().unwrap_or_default();
                (hotkey.clone(), Compact(amount))
            })
            .collect()
    }
}
