//! Numbers under which transactions are refused (section F.5 of the interface).

use codec::Decode;
use frame_support::traits::PalletInfoAccess;
use sp_runtime::{
    DispatchError, ModuleError,
    transaction_validity::{InvalidTransaction, TransactionValidityError},
};

use crate::{Config, Error, Pallet};

/// Why a transaction is refused; clients read the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Refusal {
    /// The coldkey is about to be swapped.
    ColdkeySwapAnnounced = 0,
    /// The stake, or the amount to stake, is too low.
    StakeAmountTooLow = 1,
    /// The coldkey cannot pay.
    NotEnoughBalanceToStake = 2,
    /// The subnet does not exist.
    SubnetNotExists = 3,
    /// Nobody owns the hotkey.
    HotKeyAccountNotExists = 4,
    /// The position holds less than the amount.
    NotEnoughStakeToWithdraw = 5,
    /// It is too soon.
    RateLimitExceeded = 6,
    /// The pool is too small.
    InsufficientLiquidity = 7,
    /// The price is beyond the limit.
    SlippageTooHigh = 8,
    /// Stake may not change its coldkey.
    TransferDisallowed = 9,
    /// A hotkey that serves has no uid.
    HotKeyNotRegisteredInNetwork = 10,
    /// The address cannot be reached.
    InvalidIpAddress = 11,
    /// The endpoint was changed too recently.
    ServingRateLimitExceeded = 12,
    /// The port cannot be served.
    InvalidPort = 13,
    /// Nothing could be traded within the limit.
    ZeroMaxAmount = 14,
    /// The round of a commit is already known.
    InvalidRevealRound = 15,
    /// No open commit has this content.
    NoWeightsCommitFound = 16,
    /// The epoch for revealing has not come.
    RevealTooEarly = 17,
    /// Lists differ in length.
    InputLengthsUnequal = 18,
    /// The hotkey has no uid on the subnet.
    HotKeyNotRegisteredInSubNet = 19,
    /// An EVM key was associated too recently.
    EvmKeyAssociateRateLimitExceeded = 20,
    /// A swap of the coldkey is disputed.
    ColdkeySwapDisputed = 21,
    /// A proxy names an account that it may not act for.
    InvalidRealAccount = 22,
    /// An encrypted transaction cannot be read.
    FailedShieldedTxParsing = 23,
    /// An encrypted transaction is for an unknown key.
    InvalidShieldedTxPubKeyHash = 24,
    /// The coldkey does not own the hotkey.
    NonAssociatedColdKey = 25,
    /// The take is below its range.
    DelegateTakeTooLow = 26,
    /// The take is above its range.
    DelegateTakeTooHigh = 27,
    /// Anything else.
    BadRequest = 255,
}

impl Refusal {
    /// The number for an error of this pallet; none where only its name says enough.
    #[must_use]
    pub fn of<T: Config>(error: DispatchError) -> Option<Self> {
        let named = named::<T>(error)?;
        Some(match named {
            Error::ColdkeySwapAnnounced => Self::ColdkeySwapAnnounced,
            Error::ColdkeySwapDisputed => Self::ColdkeySwapDisputed,
            Error::NotEnoughStakeToSetWeights | Error::AmountTooLow => Self::StakeAmountTooLow,
            Error::NotEnoughBalanceToStake | Error::CannotAffordLockCost => {
                Self::NotEnoughBalanceToStake
            }
            Error::SubnetNotExists => Self::SubnetNotExists,
            Error::HotKeyAccountNotExists => Self::HotKeyAccountNotExists,
            Error::NotEnoughStakeToWithdraw => Self::NotEnoughStakeToWithdraw,
            Error::SettingWeightsTooFast
            | Error::CommittingWeightsTooFast
            | Error::NetworkTxRateLimitExceeded
            | Error::AddStakeBurnRateLimitExceeded
            | Error::DelegateTxRateLimitExceeded
            | Error::HotKeySetTxRateLimitExceeded
            | Error::HotKeySwapOnSubnetIntervalNotPassed
            | Error::TxRateLimitExceeded => Self::RateLimitExceeded,
            Error::InsufficientLiquidity => Self::InsufficientLiquidity,
            Error::SlippageTooHigh | Error::RegistrationPriceLimitExceeded => Self::SlippageTooHigh,
            Error::TransferDisallowed => Self::TransferDisallowed,
            Error::ZeroMaxAmount => Self::ZeroMaxAmount,
            Error::HotKeyNotRegisteredInNetwork => Self::HotKeyNotRegisteredInNetwork,
            Error::InvalidIpType | Error::InvalidIpAddress => Self::InvalidIpAddress,
            Error::ServingRateLimitExceeded => Self::ServingRateLimitExceeded,
            Error::InvalidPort => Self::InvalidPort,
            Error::InvalidRevealRound => Self::InvalidRevealRound,
            // Whatever is not open any more, or never was.
            Error::NoWeightsCommitFound
            | Error::ExpiredWeightCommit
            | Error::InvalidRevealCommitHashNotMatch => Self::NoWeightsCommitFound,
            Error::RevealTooEarly => Self::RevealTooEarly,
            Error::InputLengthsUnequal | Error::WeightVecNotEqualSize => Self::InputLengthsUnequal,
            Error::HotKeyNotRegisteredInSubNet => Self::HotKeyNotRegisteredInSubNet,
            Error::NonAssociatedColdKey => Self::NonAssociatedColdKey,
            Error::DelegateTakeTooLow => Self::DelegateTakeTooLow,
            Error::DelegateTakeTooHigh => Self::DelegateTakeTooHigh,
            _ => return None,
        })
    }
}

/// The error of this pallet that stands behind an error of a call.
fn named<T: Config>(error: DispatchError) -> Option<Error<T>> {
    let DispatchError::Module(ModuleError { index, error, .. }) = error else {
        return None;
    };
    let is_own = usize::from(index) == Pallet::<T>::index();
    is_own
        .then(|| Error::decode(&mut error.as_slice()).ok())
        .flatten()
}

impl From<Refusal> for TransactionValidityError {
    fn from(refusal: Refusal) -> Self {
        InvalidTransaction::Custom(refusal as u8).into()
    }
}
