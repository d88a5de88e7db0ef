//! What accounts and subnets say about themselves.

use alloc::vec::Vec;

use codec::{CompactLen, Decode, DecodeWithMemTracking, Encode};
use scale_info::TypeInfo;

use super::Limited;

/// What an account says about itself.
///
/// Limits in storage: 1024 bytes for the image, the description and the additional text, 256 for
/// everything else.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct ChainIdentityV2 {
    /// Name.
    pub name: Vec<u8>,
    /// Address of a website.
    pub url: Vec<u8>,
    /// Address of a repository.
    pub github_repo: Vec<u8>,
    /// Address of an image.
    pub image: Vec<u8>,
    /// Name on Discord.
    pub discord: Vec<u8>,
    /// Description.
    pub description: Vec<u8>,
    /// Anything else.
    pub additional: Vec<u8>,
}

/// What the owner of a subnet says about it.
///
/// Limits in storage: 256 bytes for the name and the name on Discord, 1024 for everything else.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct SubnetIdentityV3 {
    /// Name.
    pub subnet_name: Vec<u8>,
    /// Address of a repository.
    pub github_repo: Vec<u8>,
    /// How to reach the owner.
    pub subnet_contact: Vec<u8>,
    /// Address of a website.
    pub subnet_url: Vec<u8>,
    /// Name on Discord.
    pub discord: Vec<u8>,
    /// Description.
    pub description: Vec<u8>,
    /// Address of a logo.
    pub logo_url: Vec<u8>,
    /// Anything else.
    pub additional: Vec<u8>,
}

impl ChainIdentityV2 {
    /// The most bytes of each part, in the order of the fields.
    pub const LIMITS: [u32; 7] = [256, 256, 256, 1_024, 256, 1_024, 1_024];
}

impl Limited for ChainIdentityV2 {
    fn is_within_limits(&self) -> bool {
        let parts = [
            &self.name,
            &self.url,
            &self.github_repo,
            &self.image,
            &self.discord,
            &self.description,
            &self.additional,
        ];
        are_within(parts, Self::LIMITS)
    }

    fn longest_encoding() -> usize {
        longest(&Self::LIMITS)
    }
}

impl SubnetIdentityV3 {
    /// The most bytes of each part, in the order of the fields.
    pub const LIMITS: [u32; 8] = [256, 1_024, 1_024, 1_024, 256, 1_024, 1_024, 1_024];
}

impl Limited for SubnetIdentityV3 {
    fn is_within_limits(&self) -> bool {
        let parts = [
            &self.subnet_name,
            &self.github_repo,
            &self.subnet_contact,
            &self.subnet_url,
            &self.discord,
            &self.description,
            &self.logo_url,
            &self.additional,
        ];
        are_within(parts, Self::LIMITS)
    }

    fn longest_encoding() -> usize {
        longest(&Self::LIMITS)
    }
}

fn are_within<const N: usize>(parts: [&Vec<u8>; N], limits: [u32; N]) -> bool {
    parts
        .into_iter()
        .zip(limits)
        .all(|(part, limit)| u32::try_from(part.len()).is_ok_and(|bytes| bytes <= limit))
}

/// The encoding of parts that are as long as they may be.
fn longest(limits: &[u32]) -> usize {
    limits.iter().fold(0, |sum: usize, limit| {
        sum.saturating_add(codec::Compact::<u32>::compact_len(limit))
            .saturating_add(*limit as usize)
    })
}
