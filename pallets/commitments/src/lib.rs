#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::float_arithmetic,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unwrap_used
    )
)]

extern crate alloc;

pub use pallet::*;
pub use removal::{Cleared, LARGEST_BATCH};
pub use subnets::{BondReset, Subnets};
pub use weights::WeightInfo;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod calls;
mod invariants;
#[cfg(test)]
mod mock;
mod queries;
mod removal;
mod subnets;
#[cfg(test)]
mod tests;
pub mod types;
mod weights;

/// Bytes that a hotkey may publish on a subnet in one epoch, until root chooses otherwise.
pub const DEFAULT_SPACE: u32 = 3_100;
/// Most bytes per hotkey, subnet and epoch that root can allow: a hundred times the default.
pub const WIDEST_SPACE: u32 = 310_000;

/// Declarations of the pallet.
#[allow(clippy::expect_used, reason = "the macros of the SDK write it")]
#[frame_support::pallet]
pub mod pallet {
    use dendra_primitives::NetUid;
    use frame_support::{pallet_prelude::*, traits::EnsureOrigin};
    use frame_system::pallet_prelude::*;

    use crate::{
        Subnets, WeightInfo,
        types::{
            CommitmentInfo, MOST_FIELDS, Openings, Registration, TimelockedKeys, UsageTracker,
        },
    };

    /// The pallet.
    #[pallet::pallet]
    pub struct Pallet<T>(_);

    /// What the pallet needs of its runtime.
    #[pallet::config]
    pub trait Config: frame_system::Config {
        /// Subnets, their members and their bonds.
        type Subnets: Subnets<Self::AccountId>;

        /// Who may change the quota.
        type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// Most fields of a commitment, from 1 to [`MOST_FIELDS`].
        #[pallet::constant]
        type MaxFields: Get<u32>;

        /// Measured costs.
        type WeightInfo: WeightInfo;
    }

    // Hashers are those of interface D.2; where it names none, those of its neighbours. A caller cannot
    // choose a colliding netuid or hotkey at will: both come from registrations, which cost money.
    // Every map has at most one entry per uid of the chain.

    /// The commitment of a hotkey on a subnet.
    #[pallet::storage]
    pub type CommitmentOf<T: Config> =
        StorageDoubleMap<_, Identity, NetUid, Twox64Concat, T::AccountId, Registration>;

    /// The latest opened fields of a hotkey on a subnet. Empty until the beacon's pallet opens them.
    #[pallet::storage]
    pub type RevealedCommitments<T: Config> =
        StorageDoubleMap<_, Identity, NetUid, Twox64Concat, T::AccountId, Openings>;

    /// Block of the last commitment of a hotkey on a subnet. Its keys are those of all records.
    #[pallet::storage]
    pub type LastCommitment<T: Config> =
        StorageDoubleMap<_, Identity, NetUid, Twox64Concat, T::AccountId, u32, ValueQuery>;

    /// Block of the last bond reset that a commitment of the hotkey caused.
    #[pallet::storage]
    pub type LastBondsReset<T: Config> =
        StorageDoubleMap<_, Identity, NetUid, Twox64Concat, T::AccountId, u32, ValueQuery>;

    /// Quota that a hotkey has used on a subnet, and in which epoch.
    #[pallet::storage]
    pub type UsedSpaceOf<T: Config> =
        StorageDoubleMap<_, Identity, NetUid, Twox64Concat, T::AccountId, UsageTracker, ValueQuery>;

    /// [`DEFAULT_SPACE`](crate::DEFAULT_SPACE), until root chooses otherwise.
    pub struct DefaultSpace;
    impl Get<u32> for DefaultSpace {
        fn get() -> u32 {
            crate::DEFAULT_SPACE
        }
    }

    /// Bytes that a hotkey may publish on a subnet in one epoch.
    #[pallet::storage]
    pub type MaxSpace<T> = StorageValue<_, u32, ValueQuery, DefaultSpace>;

    /// The commitments that have an encrypted field.
    #[pallet::storage]
    pub type TimelockedIndex<T: Config> = StorageValue<_, TimelockedKeys<T::AccountId>, ValueQuery>;

    /// What happened.
    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A hotkey published a commitment that anybody can read.
        Commitment {
            /// The subnet.
            netuid: NetUid,
            /// The hotkey.
            who: T::AccountId,
        },
        /// A hotkey published a commitment with an encrypted field; one event per such field.
        TimelockCommitment {
            /// The subnet.
            netuid: NetUid,
            /// The hotkey.
            who: T::AccountId,
            /// Round of the beacon that opens the field.
            reveal_round: u64,
        },
        /// An encrypted field of a hotkey was opened.
        CommitmentRevealed {
            /// The subnet.
            netuid: NetUid,
            /// The hotkey.
            who: T::AccountId,
        },
        /// The quota changed.
        MaxSpaceSet {
            /// Bytes that a hotkey may now publish on a subnet in one epoch.
            limit: u32,
        },
    }

    /// Why a call failed.
    #[pallet::error]
    pub enum Error<T> {
        /// A commitment has at most as many fields as the constant MaxFields says; send fewer.
        TooManyFieldsInCommitmentInfo,
        /// Only a hotkey that is registered on the subnet may publish there; register it first.
        AccountNotAllowedCommit,
        /// This hotkey has used its bytes for the current epoch of the subnet; wait for the next epoch or
        /// send less.
        SpaceLimitExceeded,
        /// A deposit could not be given back; the chain takes none, so please report this.
        UnexpectedUnreserveLeftover,
        /// As many encrypted commitments as the chain can keep are waiting for the beacon; try again
        /// later or publish without encryption.
        TooManyTimelockedCommitments,
        /// The quota is at most 310000 bytes; choose a smaller one.
        SpaceOutOfBounds,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn integrity_test() {
            assert!(
                (1..=MOST_FIELDS).contains(&T::MaxFields::get()),
                "MaxFields must lie between 1 and {MOST_FIELDS}"
            );
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(
            _: BlockNumberFor<T>,
        ) -> Result<(), frame_support::sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Publishes a commitment of the signing hotkey on a subnet, in place of its previous one.
        ///
        /// The hotkey must be registered there. The bytes of the fields count against its quota of the
        /// epoch, at least 100 per call. A `ResetBondsFlag` deletes all bonds toward the hotkey where the
        /// subnet's owner has allowed that.
        #[pallet::call_index(0)]
        #[pallet::weight(Pallet::<T>::greatest_weight(info))]
        pub fn set_commitment(
            origin: OriginFor<T>,
            netuid: NetUid,
            info: CommitmentInfo,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            Self::do_set_commitment(netuid, who, info)
        }

        // Index 1 stays free: clients know it under another name.

        /// Sets how many bytes a hotkey may publish on a subnet in one epoch (root only).
        ///
        /// Applies from the next call on. Below 100 nothing can be published.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::set_max_space())]
        pub fn set_max_space(origin: OriginFor<T>, new_limit: u32) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::do_set_max_space(new_limit)
        }
    }
}
