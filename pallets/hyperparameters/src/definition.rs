//! What a row of the table says.

use crate::{Hyperparameter, Kind, NetworkParameter, Refusal, Rule, Value, View};

/// As what a signer comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The coldkey that owns the subnet.
    Owner,
    /// Root.
    Root,
}

/// Who may set a hyperparameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetBy {
    /// Nobody; it is shown only.
    Nobody,
    /// The subnet's owner, and root.
    Owner,
    /// Root.
    Root,
}

/// Whom the freeze window binds: the last blocks before an epoch, and the time of a pending trigger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freeze {
    /// Nobody.
    Nobody,
    /// Owners.
    Owner,
    /// Owners and root.
    Everyone,
}

/// How often an owner may set a hyperparameter. Root may at any time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateLimit {
    /// At any time.
    None,
    /// Once in as many tempos as the network says (`OwnerHyperparamRateLimit`).
    OwnerTempos,
    /// Once in this many tempos.
    Tempos(u16),
    /// Once in this many blocks.
    Blocks(u64),
}

/// A call that sets a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setter {
    /// A call of `AdminUtils`.
    AdminUtils(&'static str),
    /// A call of `SubtensorModule`.
    SubtensorModule(&'static str),
}

/// What subnet and network parameters have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The calls that set it; none for what nobody sets.
    pub setters: &'static [Setter],
    /// Names of the value's arguments; the values stand last in each call.
    pub arguments: &'static [&'static str],
    /// Kind of its value.
    pub kind: Kind,
    /// What storage answers before it is set; `None` for an action, which has no value.
    pub default: Option<&'static Value>,
    /// What a value must meet, in the order of checking.
    pub rules: &'static [Rule],
    /// Unit of the value; empty where the kind says it.
    pub unit: &'static str,
    /// Whether anything on the chain depends on it; if not, it is kept for clients.
    pub is_used: bool,
    /// What it means, one sentence.
    pub doc: &'static str,
}

/// A row of the table of subnets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Definition {
    /// Which hyperparameter.
    pub parameter: Hyperparameter,
    /// Setters, value and range.
    pub setting: Setting,
    /// What a new subnet gets, where it is not the default.
    pub at_creation: Option<&'static Value>,
    /// Who may set it.
    pub set_by: SetBy,
    /// How often an owner may.
    pub rate_limit: RateLimit,
    /// When not.
    pub freeze: Freeze,
    /// Whether the root network has it, too.
    pub on_root_network: bool,
    /// The names under which clients read it in the list of hyperparameters.
    pub views: &'static [View],
}

/// A row of the table of the network. Only root sets it, at any time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NetworkDefinition {
    /// Which parameter.
    pub parameter: NetworkParameter,
    /// Setters, value and range.
    pub setting: Setting,
}

impl RateLimit {
    /// Blocks that must lie between two changes by an owner; 0 for none.
    ///
    /// `tempo`: of the subnet, in blocks; with tempo 0 no epoch runs and limits in tempos do not bind.
    /// `owner_tempos`: what the network says.
    #[must_use]
    pub fn blocks(self, tempo: u16, owner_tempos: u16) -> u64 {
        // The product of two numbers of 16 bits fits.
        let times = |tempos: u16| u64::from(tempos).saturating_mul(tempo.into());
        match self {
            Self::None => 0,
            Self::OwnerTempos => times(owner_tempos),
            Self::Tempos(tempos) => times(tempos),
            Self::Blocks(blocks) => blocks,
        }
    }
}

impl Freeze {
    /// Whether the window binds a signer of this role.
    #[must_use]
    pub const fn binds(self, role: Role) -> bool {
        matches!(
            (self, role),
            (Self::Everyone, _) | (Self::Owner, Role::Owner)
        )
    }
}

impl Definition {
    /// Whether a signer of this role may set it at all.
    ///
    /// Errors: [`Refusal::NotSettable`], [`Refusal::OnlyRoot`].
    pub const fn admits(&self, role: Role) -> Result<(), Refusal> {
        match (self.set_by, role) {
            (SetBy::Nobody, _) => Err(Refusal::NotSettable),
            (SetBy::Root, Role::Owner) => Err(Refusal::OnlyRoot),
            (SetBy::Root, Role::Root) | (SetBy::Owner, _) => Ok(()),
        }
    }
}

impl Setting {
    const fn new(
        setters: &'static [Setter],
        arguments: &'static [&'static str],
        kind: Kind,
        default: Option<&'static Value>,
        unit: &'static str,
    ) -> Self {
        Self {
            setters,
            arguments,
            kind,
            default,
            rules: &[],
            unit,
            is_used: true,
            doc: "",
        }
    }
}

// How rows are written.
impl Definition {
    const fn row(set_by: SetBy, rate_limit: RateLimit, setting: Setting) -> Self {
        Self {
            // Replaced by the table.
            parameter: Hyperparameter::Kappa,
            setting,
            at_creation: None,
            set_by,
            rate_limit,
            freeze: Freeze::Everyone,
            on_root_network: true,
            views: &[],
        }
    }

    /// A row of what an owner sets: frozen for everyone, limited to the owner's tempos.
    pub(crate) const fn owner(
        setters: &'static [Setter],
        arguments: &'static [&'static str],
        default: &'static Value,
        unit: &'static str,
    ) -> Self {
        let setting = Setting::new(setters, arguments, default.kind(), Some(default), unit);
        Self::row(SetBy::Owner, RateLimit::OwnerTempos, setting)
    }

    /// A row of what only root sets: frozen for everyone.
    pub(crate) const fn root(
        setters: &'static [Setter],
        arguments: &'static [&'static str],
        default: &'static Value,
        unit: &'static str,
    ) -> Self {
        let setting = Setting::new(setters, arguments, default.kind(), Some(default), unit);
        Self::row(SetBy::Root, RateLimit::None, setting)
    }

    /// A row of what nobody sets.
    pub(crate) const fn shown(default: &'static Value, unit: &'static str) -> Self {
        let setting = Setting::new(&[], &[], default.kind(), Some(default), unit);
        Self::row(SetBy::Nobody, RateLimit::None, setting)
    }

    /// A row of what an owner does to a subnet, with this kind of argument.
    pub(crate) const fn action(
        setters: &'static [Setter],
        arguments: &'static [&'static str],
        kind: Kind,
        unit: &'static str,
    ) -> Self {
        let setting = Setting::new(setters, arguments, kind, None, unit);
        Self::row(SetBy::Owner, RateLimit::OwnerTempos, setting)
    }

    pub(crate) const fn rules(mut self, rules: &'static [Rule]) -> Self {
        self.setting.rules = rules;
        self
    }

    pub(crate) const fn at_creation(mut self, value: &'static Value) -> Self {
        self.at_creation = Some(value);
        self
    }

    pub(crate) const fn rate(mut self, rate_limit: RateLimit) -> Self {
        self.rate_limit = rate_limit;
        self
    }

    pub(crate) const fn freeze(mut self, freeze: Freeze) -> Self {
        self.freeze = freeze;
        self
    }

    pub(crate) const fn not_on_root_network(mut self) -> Self {
        self.on_root_network = false;
        self
    }

    pub(crate) const fn unused(mut self) -> Self {
        self.setting.is_used = false;
        self
    }

    pub(crate) const fn views(mut self, views: &'static [View]) -> Self {
        self.views = views;
        self
    }

    pub(crate) const fn of(mut self, parameter: Hyperparameter, doc: &'static str) -> Self {
        self.parameter = parameter;
        self.setting.doc = doc;
        self
    }
}

impl NetworkDefinition {
    /// A row of the network.
    pub(crate) const fn root(
        setters: &'static [Setter],
        arguments: &'static [&'static str],
        default: &'static Value,
        unit: &'static str,
    ) -> Self {
        Self {
            // Replaced by the table.
            parameter: NetworkParameter::NetworkRateLimit,
            setting: Setting::new(setters, arguments, default.kind(), Some(default), unit),
        }
    }

    pub(crate) const fn rules(mut self, rules: &'static [Rule]) -> Self {
        self.setting.rules = rules;
        self
    }

    pub(crate) const fn of(mut self, parameter: NetworkParameter, doc: &'static str) -> Self {
        self.parameter = parameter;
        self.setting.doc = doc;
        self
    }
}
