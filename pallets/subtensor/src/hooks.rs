//! The block step: a list of metered steps before any transaction of the block (section 2.3 of the
//! consensus). A step that finds no room goes on in the next block.

use frame_support::{
    traits::Get,
    weights::{Weight, WeightMeter},
};

use crate::{
    Config, Event, Pallet, WeightInfo,
    types::{BlockStep, MAX_FURTHER_PARENTS, MAX_OWNER_UIDS, ROOMY_SUBNETS, edges_toward},
};

/// A step: what it did not finish goes on in the next block, and it says so by `false`.
type Step = fn(&mut WeightMeter) -> bool;

impl<T: Config> Pallet<T> {
    /// The steps in their order. A later issue opens timelocked commits between emission and epochs.
    pub(crate) fn step(meter: &mut WeightMeter) {
        let steps: [(BlockStep, Step); 6] = [
            (BlockStep::RegistrationPrices, Self::step_prices),
            (BlockStep::Emission, Self::step_emission),
            (BlockStep::Children, Self::step_children),
            (BlockStep::Epochs, Self::step_epochs),
            (BlockStep::RootClaims, Self::step_root_claims),
            (BlockStep::Cleanup, Self::step_cleanup),
        ];
        for (name, run) in steps {
            if !run(meter) && name != BlockStep::Epochs {
                // A deferred epoch has an event of its own.
                Self::deposit_event(Event::StepPostponed { step: name });
            }
        }
    }

    /// What the hook does at the beginning of a block, and its weight.
    pub(crate) fn begin_block() -> Weight {
        let mut meter = WeightMeter::with_limit(T::HookBudget::get());
        Self::step(&mut meter);
        meter.consumed().saturating_add(T::WeightInfo::end_block())
    }

    /// That the largest epoch that hyperparameters and bounds allow, after the children that begin to count in its
    /// block and the steps before it with [`ROOMY_SUBNETS`] subnets, fits the part of a block that the hook has.
    pub(crate) fn assert_epochs_fit() {
        let neurons = u32::from(MAX_OWNER_UIDS);
        let edges = edges_toward(neurons, MAX_FURTHER_PARENTS);
        let largest = Self::epoch_weight_of(neurons, neurons, edges)
            // Before the epoch, and of the subnet that is behind.
            .saturating_add(Self::activation_limit().saturating_mul(2))
            .saturating_add(T::WeightInfo::step_prices(ROOMY_SUBNETS))
            .saturating_add(T::WeightInfo::step_emission(ROOMY_SUBNETS))
            .saturating_add(T::WeightInfo::step_schedule(ROOMY_SUBNETS));
        assert!(
            largest.all_lte(T::HookBudget::get()),
            "an epoch of {neurons} validators needs {largest:?}, more than the hook has",
        );
    }
}
