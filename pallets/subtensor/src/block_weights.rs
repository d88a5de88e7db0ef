//! Weights of the calls and of the steps of the block hook.

use frame_support::weights::Weight;

/// Weights; measured on the compiled runtime.
#[allow(missing_docs, reason = "one function per call, named after it")]
pub trait WeightInfo {
    fn set_weights(uids: u32) -> Weight;
    fn batch_set_weights(uids: u32, items: u32) -> Weight;
    fn commit_weights() -> Weight;
    fn batch_commit_weights(items: u32) -> Weight;
    fn reveal_weights(uids: u32) -> Weight;
    fn batch_reveal_weights(uids: u32, items: u32) -> Weight;
    fn serve_axon() -> Weight;
    fn serve_axon_tls() -> Weight;
    fn serve_prometheus() -> Weight;
    fn burned_register() -> Weight;
    fn root_register() -> Weight;
    fn register_network() -> Weight;
    fn dissolve_network() -> Weight;
    fn set_identity() -> Weight;
    fn set_subnet_identity() -> Weight;
    fn try_associate_hotkey() -> Weight;
    fn start_call() -> Weight;
    fn update_symbol() -> Weight;
    fn set_tempo() -> Weight;
    fn trigger_epoch() -> Weight;
    /// A call that is refused whatever its arguments.
    fn refuse() -> Weight;
    /// What the validity stage reads.
    fn validity() -> Weight;
    /// The fall of prices of so many subnets.
    fn step_prices(subnets: u32) -> Weight;
    /// Finding out which of so many subnets are due.
    fn step_schedule(subnets: u32) -> Weight;
    /// An epoch of one mechanism with so many neurons and entries of weights, and as many of bonds, and so many
    /// edges from parents to neurons.
    fn epoch(neurons: u32, entries: u32, edges: u32) -> Weight;
    /// Looking whether there is something to clean up.
    fn step_cleanup_idle() -> Weight;
    /// One piece of a clean-up.
    fn step_cleanup() -> Weight;
    /// The last piece of a clean-up.
    fn step_cleanup_last() -> Weight;
    /// The end of a block.
    fn end_block() -> Weight;
    /// Trimming a subnet of so many neurons.
    fn trim(neurons: u32) -> Weight;
    /// Resetting the bonds toward a neuron in so many rows.
    fn reset_bonds(rows: u32) -> Weight;
    fn add_stake() -> Weight;
    fn remove_stake() -> Weight;
    fn unstake_all(subnets: u32) -> Weight;
    fn unstake_all_alpha(subnets: u32) -> Weight;
    fn move_stake() -> Weight;
    fn discard_alpha() -> Weight;
    /// Selling alpha for the fee of a transaction.
    fn pay_fee_in_alpha() -> Weight;
    fn set_take() -> Weight;
    fn set_children(children: u32) -> Weight;
    fn set_childkey_take() -> Weight;
    fn set_auto_stake() -> Weight;
    fn set_network_value() -> Weight;
    /// Claims of so many pairs of hotkey and subnet that are sold, with so many accounts corrected for the root
    /// stake that this adds.
    fn claim_root(claims: u32, rebased: u32) -> Weight;
    fn set_root_claim_type() -> Weight;
    /// A swap that moves so many positions and what else is kept under the key.
    fn swap_hotkey(positions: u32) -> Weight;
    fn swap_coldkey(positions: u32) -> Weight;
    fn coldkey_swap_notice() -> Weight;
    /// Issuing the block's TAO and alpha to so many subnets.
    fn step_emission(subnets: u32) -> Weight;
    /// Making a scheduled set of five children count, with so many parents that compete for their places.
    fn activate_children(rivals: u32) -> Weight;
    /// Looking whether there are root stakers to claim for.
    fn step_root_claims_idle() -> Weight;
    /// Drawing a root staker and one of its hotkeys with dividends of so many subnets.
    fn draw_root_staker(subnets: u32) -> Weight;
}

/// For tests that do not look at weights.
impl WeightInfo for () {
    fn set_weights(_: u32) -> Weight {
        Weight::from_parts(1, 0)
    }

    fn batch_set_weights(_: u32, _: u32) -> Weight {
        Weight::from_parts(1, 0)
    }

    fn commit_weights() -> Weight {
        Weight::from_parts(1, 0)
    }

    fn batch_commit_weights(_: u32) -> Weight {
        Weight::from_parts(1, 0)
    }

    fn reveal_weights(_: u32) -> Weight {
        Weight::from_parts(1, 0)
    }

    fn batch_reveal_weights(_: u32, _: u32) -> Weight {
        Weight::from_parts(1, 0)
    }

    fn serve_axon() -> Weight {
        Weight::from_parts(1, 0)
    }

    fn serve_axon_tls() -> Weight {
        Weight::from_parts(1, 0)
    }

    fn serve_prometheus() -> Weight {
        Weight::from_parts(1, 0)
    }

    fn burned_register() -> Weight {
        Weight::from_parts(1, 0)
    }

    fn root_register() -> Weight {
        Weight::from_parts(1, 0)
    }

    fn register_network() -> Weight {
        Weight::from_parts(1, 0)
    }

    fn dissolve_network() -> Weight {
        Weight::from_parts(1, 0)
    }

    fn set_identity() -> Weight {
        Weight::from_parts(1, 0)
    }

    fn set_subnet_identity() -> Weight {
        Weight::from_parts(1, 0)
    }

    fn try_associate_hotkey() -> Weight {
        Weight::from_parts(1, 0)
    }

    fn start_call() -> Weight {
        Weight::from_parts(1, 0)
    }

    fn update_symbol() -> Weight {
        Weight::from_parts(1, 0)
    }

    fn set_tempo() -> Weight {
        Weight::from_parts(1, 0)
    }

    fn trigger_epoch() -> Weight {
        Weight::from_parts(1, 0)
    }

    fn refuse() -> Weight {
        Weight::from_parts(1, 0)
    }

    fn validity() -> Weight {
        Weight::from_parts(1, 0)
    }

    fn step_prices(_: u32) -> Weight {
        Weight::from_parts(1, 0)
    }

    fn step_schedule(_: u32) -> Weight {
        Weight::from_parts(1, 0)
    }

    fn epoch(_: u32, _: u32, _: u32) -> Weight {
        Weight::from_parts(1, 0)
    }

    fn step_cleanup_idle() -> Weight {
        Weight::from_parts(1, 0)
    }

    fn step_cleanup_last() -> Weight {
        Weight::from_parts(1, 0)
    }

    fn step_cleanup() -> Weight {
        Weight::from_parts(1, 0)
    }

    fn end_block() -> Weight {
        Weight::from_parts(1, 0)
    }

    fn trim(_: u32) -> Weight {
        Weight::from_parts(1, 0)
    }

    fn reset_bonds(_: u32) -> Weight {
        Weight::from_parts(1, 0)
    }

    fn add_stake() -> Weight {
        Weight::from_parts(1, 0)
    }

    fn remove_stake() -> Weight {
        Weight::from_parts(1, 0)
    }

    fn unstake_all(_: u32) -> Weight {
        Weight::from_parts(1, 0)
    }

    fn unstake_all_alpha(_: u32) -> Weight {
        Weight::from_parts(1, 0)
    }

    fn move_stake() -> Weight {
        Weight::from_parts(1, 0)
    }

    fn discard_alpha() -> Weight {
        Weight::from_parts(1, 0)
    }

    fn pay_fee_in_alpha() -> Weight {
        Weight::from_parts(1, 0)
    }

    fn set_take() -> Weight {
        Weight::from_parts(1, 0)
    }

    fn set_children(_: u32) -> Weight {
        Weight::from_parts(1, 0)
    }

    fn set_childkey_take() -> Weight {
        Weight::from_parts(1, 0)
    }

    fn set_auto_stake() -> Weight {
        Weight::from_parts(1, 0)
    }

    fn set_network_value() -> Weight {
        Weight::from_parts(1, 0)
    }

    fn claim_root(_: u32, _: u32) -> Weight {
        Weight::from_parts(1, 0)
    }

    fn set_root_claim_type() -> Weight {
        Weight::from_parts(1, 0)
    }

    fn swap_hotkey(positions: u32) -> Weight {
        Weight::from_parts(positions.into(), 0)
    }

    fn swap_coldkey(positions: u32) -> Weight {
        Weight::from_parts(positions.into(), 0)
    }

    fn coldkey_swap_notice() -> Weight {
        Weight::from_parts(1, 0)
    }

    fn step_emission(_: u32) -> Weight {
        Weight::from_parts(1, 0)
    }

    fn activate_children(_: u32) -> Weight {
        Weight::from_parts(1, 0)
    }

    fn step_root_claims_idle() -> Weight {
        Weight::from_parts(1, 0)
    }

    fn draw_root_staker(_: u32) -> Weight {
        Weight::from_parts(1, 0)
    }
}
