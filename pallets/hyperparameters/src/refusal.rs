//! Why a value is refused.

/// Why a value is refused: one variant for each cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The subnet does not exist.
    SubnetMissing,
    /// The value is of another kind than the parameter.
    WrongKind,
    /// Nobody sets this parameter.
    NotSettable,
    /// Only root sets this parameter.
    OnlyRoot,
    /// The root network does not have this parameter.
    NotOnRootNetwork,
    /// An owner's tempo is shorter than 360 or longer than 50400 blocks.
    TempoOutOfBounds,
    /// The activity cutoff is below 1000 or above 50000 thousandths of a tempo.
    ActivityCutoffFactorOutOfBounds,
    /// The activity cutoff is below 360 blocks.
    ActivityCutoffTooLow,
    /// More neurons than a subnet may have.
    UidsAboveLimit,
    /// Fewer neurons than the subnet's least maximum.
    UidsBelowMinimum,
    /// Fewer neurons than the subnet has.
    UidsBelowNeurons,
    /// Neurons times mechanisms exceed what one subnet may have.
    TooManyUidsPerMechanism,
    /// The least maximum is not below the number of neurons.
    MinimumNotBelowNeurons,
    /// The least maximum is not below the maximum.
    MinimumNotBelowMaximum,
    /// The subnet would be trimmed to more neurons than it may have.
    TrimAboveMaximum,
    /// More validators than neurons.
    ValidatorsAboveUids,
    /// Weights would be revealed in the epoch of their commit.
    RevealPeriodTooShort,
    /// Weights would be revealed more than 100 epochs after their commit.
    RevealPeriodTooLong,
    /// Bonds would follow weights too slowly.
    BondsMovingAverageTooHigh,
    /// The ends of the rate of bonds are set while liquid alpha is off.
    LiquidAlphaOff,
    /// The upper end of the rate of bonds is below 1638.
    AlphaHighTooLow,
    /// The lower end of the rate of bonds is below 1638 or above the upper end.
    AlphaLowOutOfRange,
    /// An owner's steepness is negative.
    NegativeSteepness,
    /// The lowest price of a registration is 1 TAO or more.
    MinBurnTooHigh,
    /// The lowest price of a registration is not below the highest.
    MinBurnNotBelowMaxBurn,
    /// The highest price of a registration is 0.1 TAO or less.
    MaxBurnTooLow,
    /// The highest price of a registration is not above the lowest.
    MaxBurnNotAboveMinBurn,
    /// The half-life of the price is 0 or above 36100 blocks.
    BurnHalfLifeOutOfBounds,
    /// A registration would lower the price, or raise it more than threefold.
    BurnIncreaseOutOfBounds,
    /// The owner would protect no neuron, or more than 10.
    OwnerImmunityOutOfBounds,
    /// The take of a child is above the network's highest.
    ChildkeyTakeTooHigh,
    /// The take of a child is below the network's lowest.
    ChildkeyTakeTooLow,
    /// No mechanism, or more than the network allows.
    MechanismCountOutOfBounds,
    /// The split has more parts than the subnet has mechanisms.
    SplitTooLong,
    /// The parts of the split do not sum to 65535.
    SplitSumWrong,
    /// The least claim of root dividends is above 10 million units.
    ClaimThresholdTooHigh,
    /// The take of a delegate is above the network's highest.
    DelegateTakeTooHigh,
    /// The take of a delegate is below the network's lowest.
    DelegateTakeTooLow,
    /// The interval has no block.
    IntervalZero,
    /// More subnets than a block has room for.
    TooManySubnets,
    /// No epoch could run in a block.
    NoEpochs,
    /// More automatic claims in a block than 50.
    TooManyRootClaims,
    /// A moving price would go beyond the price.
    MovingAlphaTooHigh,
}
