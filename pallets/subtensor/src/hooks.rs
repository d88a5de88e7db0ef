//! The block step: a list of metered steps before any transaction of the block (section 2.3 of the
//! consensus). A step that finds no room goes on in the next block.

use frame_support::{
    traits::Get,
    weights::{Weight, WeightMeter},
};

use crate::{
    Config, Event, Pallet, WeightInfo,
    types::{BlockStep, MAX_OWNER_UIDS, ROOMY_SUBNETS},
};

/// A step: what it did not finish goes on in the next block, and it says so by `false`.
type Step = fn(&mut WeightMeter) -> bool;

impl<T: Config> Pallet<T> {
    /// The steps in their order. A later issue opens timelocked commits between emission and epochs.
    pub(crate) fn step(meter: &mut WeightMeter) {
        let steps: [(BlockStep, Step); 4] = [
            (BlockStep::RegistrationPrices, Self::step_prices),
            (BlockStep::Emission, Self::step_emission),
            (BlockStep::Epochs, Self::step_epochs),
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

    /// That the largest epoch that hyperparameters allow fits the part of a block that the hook has, after the
    /// steps before it with [`ROOMY_SUBNETS`] subnets.
    pub(crate) fn assert_epochs_fit() {
        let neurons = u32::from(MAX_OWNER_UIDS);
        let largest = Self::epoch_weight_of(neurons, neurons)
            .saturating_add(T::WeightInfo::step_prices(ROOMY_SUBNETS))
            .saturating_add(T::WeightInfo::step_emission(ROOMY_SUBNETS))
            .saturating_add(T::WeightInfo::step_schedule(ROOMY_SUBNETS));
        assert!(
            largest.all_lte(T::HookBudget::get()),
            "an epoch of {neurons} validators needs {largest:?}, more than the hook has",
        );
    }
}
