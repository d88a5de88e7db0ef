//! This chain, as subxt wants to be told.

use sp_core::{Pair as _, sr25519::Pair};
use subxt::{
    ArcMetadata,
    config::{
        Config, DefaultTransactionExtensions,
        substrate::{BlakeTwo256, SubstrateHeader},
    },
    utils::{AccountId32, H256, MultiAddress, MultiSignature},
};

/// The types of this chain. Its transaction extensions are the stock ones; those of its own carry nothing, so
/// they are found empty in the metadata and left out.
#[derive(Clone, Debug)]
pub(super) struct Dendra {
    pub(super) genesis: H256,
    pub(super) spec_version: u32,
    pub(super) transaction_version: u32,
    pub(super) metadata: ArcMetadata,
}

impl Config for Dendra {
    type AccountId = AccountId32;
    type Address = MultiAddress<AccountId32, ()>;
    type Signature = MultiSignature;
    type Header = SubstrateHeader<H256>;
    type TransactionExtensions = DefaultTransactionExtensions<Self>;
    type AssetId = u32;
    type Hasher = BlakeTwo256;

    fn genesis_hash(&self) -> Option<H256> {
        Some(self.genesis)
    }

    fn spec_and_transaction_version_for_block_number(&self, _: u64) -> Option<(u32, u32)> {
        Some((self.spec_version, self.transaction_version))
    }

    fn metadata_for_spec_version(&self, _: u32) -> Option<ArcMetadata> {
        Some(self.metadata.clone())
    }
}

pub(super) struct Signer<'a>(pub(super) &'a Pair);

impl subxt::tx::Signer<Dendra> for Signer<'_> {
    fn account_id(&self) -> AccountId32 {
        AccountId32(self.0.public().0)
    }

    fn sign(&self, payload: &[u8]) -> MultiSignature {
        MultiSignature::Sr25519(self.0.sign(payload).0)
    }
}
