//! What a chain begins with: root and the first subnet (section F.8 of the interface).

use frame_support::pallet_macros::pallet_section;

/// The genesis, imported into the pallet.
#[pallet_section]
mod genesis {
    /// What the genesis chooses.
    #[pallet::genesis_config]
    pub struct GenesisConfig<T: Config> {
        /// Tempo of new subnets, in blocks.
        pub initial_tempo: u16,
        /// Blocks between two creations of subnets.
        pub network_rate_limit: u64,
        /// Last blocks of a tempo in which hyperparameters are frozen.
        pub admin_freeze_window: u16,
        /// The most epochs of a block.
        pub max_epochs_per_block: u8,
        /// The most mechanisms of a subnet.
        pub max_mechanism_count: u8,
        /// Whether neurons may serve on loopback addresses.
        pub allows_loopback: bool,
        /// Blocks from the announcement of a coldkey swap to its execution, and from there to the next one.
        pub coldkey_swap_delays: (u32, u32),
        /// Blocks before children count, and blocks between two rises of a child's take.
        pub childkey_delays: (u64, u64),
        /// Coldkey and hotkey that own root; the zero account if none.
        pub root_owner: Option<(AccountId, AccountId)>,
        /// Without root and first subnet, for tests of the parts.
        pub is_bare: bool,
        #[doc(hidden)]
        #[serde(skip)]
        pub _config: core::marker::PhantomData<T>,
    }

    impl<T: Config> Default for GenesisConfig<T> {
        fn default() -> Self {
            Self {
                initial_tempo: 360,
                network_rate_limit: 7_200,
                admin_freeze_window: 10,
                max_epochs_per_block: 2,
                max_mechanism_count: 2,
                allows_loopback: false,
                coldkey_swap_delays: (36_000, 7_200),
                childkey_delays: (7_200, 216_000),
                root_owner: None,
                is_bare: false,
                _config: core::marker::PhantomData,
            }
        }
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            InitialTempo::<T>::put(self.initial_tempo);
            NetworkRateLimit::<T>::put(self.network_rate_limit);
            AdminFreezeWindow::<T>::put(self.admin_freeze_window);
            MaxEpochsPerBlock::<T>::put(self.max_epochs_per_block);
            MaxMechanismCount::<T>::put(self.max_mechanism_count);
            AllowsLoopback::<T>::put(self.allows_loopback);
            StartCallDelay::<T>::put(T::InitialStartCallDelay::get());
            let (swap, again) = self.coldkey_swap_delays;
            ColdkeySwapAnnouncementDelay::<T>::put(swap);
            ColdkeySwapReannouncementDelay::<T>::put(again);
            let (cooldown, rise) = self.childkey_delays;
            PendingChildKeyCooldown::<T>::put(cooldown);
            TxChildkeyTakeRateLimit::<T>::put(rise);
            // A genesis can only be refused by a panic; it happens before there is a chain.
            assert!(
                self.is_bare || Pallet::<T>::open_first_networks(self.root_owner.clone()).is_ok(),
                "the genesis cannot hold root and the first subnet"
            );
            Pallet::<T>::publish_issuance();
        }
    }
}
