//! `docs/hyperparameters.md` is written from the table; `UPDATE_SNAPSHOTS=1` writes it anew.

use std::{env, fs, path::Path};

use subnet_hyperparameters::{
    Binds, Bound, Definition, Demand, Fact, Freeze, Hyperparameter, Kind, NetworkParameter,
    RateLimit, Rule, SetBy, Setter, Setting, Value,
};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/hyperparameters.md");

#[test]
fn the_document_says_what_the_table_says() {
    let written = document();
    if env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(FILE, &written).expect("the document can be written");
    }
    let kept = fs::read_to_string(Path::new(FILE)).unwrap_or_default();
    assert!(
        kept == written,
        "docs/hyperparameters.md differs from the table; run the test with UPDATE_SNAPSHOTS=1 and review the change"
    );
}

fn document() -> String {
    let mut text = String::from(HEAD);
    for parameter in Hyperparameter::ALL {
        text.push_str(&subnet_row(parameter.definition()));
    }
    text.push_str(NETWORK_HEAD);
    for parameter in NetworkParameter::ALL {
        let row = parameter.definition();
        text.push_str(&line(&[
            format!("{parameter:?}"),
            setters(&row.setting),
            types(&row.setting),
            default(&row.setting, None),
            range(&row.setting),
            meaning(&row.setting),
        ]));
    }
    text
}

const HEAD: &str = "\
# Hyperparameters

Written from the table in `pallets/hyperparameters` by its test `document`; do not edit.

## Of a subnet

**Who.** The owner is the coldkey that owns the subnet; root may set whatever an owner may.
**Range.** Bounds are included unless they say above or below. **How often** binds owners only; a tempo is that of the
subnet, and *tempos* alone means as many as `OwnerHyperparamRateLimit` says. **Frozen** is for whom the parameter cannot
change in the last `AdminFreezeWindow` blocks before an epoch and while a triggered epoch is pending; the root network has no
epochs and is never frozen. Calls without a pallet are those of `AdminUtils`. What is marked *kept for clients* can be
set and read, and nothing depends on it.

| parameter | name in the list | set by call | type | default | range | who | how often | frozen | meaning |
|---|---|---|---|---|---|---|---|---|---|
";

const NETWORK_HEAD: &str = "
## Of the network

Only root sets these, at any time.

| parameter | set by call | type | default | range | meaning |
|---|---|---|---|---|---|
";

fn subnet_row(row: &Definition) -> String {
    let who = match row.set_by {
        SetBy::Nobody => "nobody",
        SetBy::Owner => "owner",
        SetBy::Root => "root",
    };
    let often = match (row.set_by, row.rate_limit) {
        (SetBy::Nobody, _) => String::new(),
        (_, RateLimit::None) => "any time".into(),
        (_, RateLimit::OwnerTempos) => "tempos".into(),
        (_, RateLimit::Tempos(tempos)) => format!("{tempos} tempos"),
        (_, RateLimit::Blocks(blocks)) => format!("{blocks} blocks"),
    };
    let frozen = match (row.set_by, row.freeze) {
        (SetBy::Nobody, _) => "",
        (_, Freeze::Nobody) => "nobody",
        (SetBy::Root, _) => "root",
        (_, Freeze::Owner) => "owner",
        (_, Freeze::Everyone) => "owner and root",
    };
    let names: Vec<_> = row
        .views
        .iter()
        .map(|view| format!("`{}`", view.name()))
        .collect();
    let mut meaning = meaning(&row.setting);
    if !row.on_root_network {
        meaning.push_str(" Not on the root network.");
    }
    line(&[
        format!("{:?}", row.parameter),
        names.join(", "),
        setters(&row.setting),
        types(&row.setting),
        default(&row.setting, row.at_creation),
        range(&row.setting),
        who.into(),
        often,
        frozen.into(),
        meaning,
    ])
}

fn line(cells: &[String]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

fn setters(setting: &Setting) -> String {
    let calls: Vec<_> = setting
        .setters
        .iter()
        .map(|setter| match setter {
            Setter::AdminUtils(call) => format!("`{call}`"),
            Setter::SubtensorModule(call) => format!("`SubtensorModule.{call}`"),
        })
        .collect();
    calls.join(", ")
}

fn types(setting: &Setting) -> String {
    if setting.setters.is_empty() {
        return format!("`{}`", setting.kind.type_name());
    }
    let arguments: Vec<_> = setting
        .arguments
        .iter()
        .map(|name| format!("`{name}: {}`", setting.kind.type_name()))
        .collect();
    arguments.join(", ")
}

fn default(setting: &Setting, at_creation: Option<&Value>) -> String {
    let Some(value) = setting.default else {
        return String::new();
    };
    let unit = match setting.unit {
        "" => String::new(),
        unit => format!(" {unit}"),
    };
    match at_creation {
        None => format!("{}{unit}", shown(value)),
        Some(first) => format!("{}{unit}; {} at creation", shown(value), shown(first)),
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Bool(true) => "yes".into(),
        Value::Bool(false) => "no".into(),
        Value::Fixed(number) => fixed(number.bits()),
        Value::Range((low, high)) => format!("{low}, {high}"),
        Value::Split(None) => "even".into(),
        Value::Split(Some(parts)) => format!("{parts:?}"),
        Value::Account(_) => "the zero account".into(),
        Value::RecycleOrBurn(choice) => format!("{choice:?}"),
        Value::Consensus(choice) => format!("{choice:?}"),
        number => number.number().expect("the rest are numbers").to_string(),
    }
}

/// A number with 64 fractional bits in two decimals, rounded to nearest.
fn fixed(bits: u128) -> String {
    let hundredths = (bits * 100 + (1 << 63)) >> 64;
    match hundredths % 100 {
        0 => format!("{}", hundredths / 100),
        part => format!("{}.{part:02}", hundredths / 100),
    }
}

fn range(setting: &Setting) -> String {
    let demands: Vec<_> = setting
        .rules
        .iter()
        .map(|rule| demand(rule, setting.kind))
        .collect();
    demands.join(", ")
}

fn demand(rule: &Rule, kind: Kind) -> String {
    let bound = |bound: Bound| match bound {
        Bound::Number(number) if kind == Kind::Fixed => {
            fixed(number.try_into().expect("bounds are not negative"))
        }
        Bound::Number(number) => number.to_string(),
        Bound::Fact(fact) => name(fact).into(),
    };
    let text = match rule.demand {
        Demand::AtLeast(least) => format!("at least {}", bound(least)),
        Demand::AtMost(most) => format!("at most {}", bound(most)),
        Demand::Above(least) => format!("above {}", bound(least)),
        Demand::Below(most) => format!("below {}", bound(most)),
        Demand::TimesAtMost(factor, most) => format!("times {} at most {most}", name(factor)),
        Demand::While(fact) => format!("only while {}", name(fact)),
        Demand::UpperEndAtLeast(least) => format!("upper end at least {least}"),
        Demand::LowerEndFrom(least) => format!("lower end from {least} to the upper end"),
        Demand::PartsAtMost(fact) => format!("at most as many parts as {}", name(fact)),
        Demand::PartsSumTo(whole) => format!("parts sum to {whole}"),
    };
    match rule.binds {
        Binds::Everyone => text,
        Binds::Owner => format!("{text} for owners"),
    }
}

fn name(fact: Fact) -> &'static str {
    match fact {
        Fact::IsRootNetwork => "the subnet is root",
        Fact::Neurons => "the number of neurons",
        Fact::MinAllowedUids => "MinAllowedUids",
        Fact::MaxAllowedUids => "MaxAllowedUids",
        Fact::UidLimit => "256 (64 on the root network)",
        Fact::MechanismCount => "MechanismCount",
        Fact::MaxMechanismCount => "MaxMechanismCount",
        Fact::MinBurn => "MinBurn",
        Fact::MaxBurn => "MaxBurn",
        Fact::LiquidAlphaEnabled => "liquid alpha is enabled",
        Fact::MinDelegateTake => "MinDelegateTake",
        Fact::MaxDelegateTake => "MaxDelegateTake",
        Fact::MinChildkeyTake => "MinChildkeyTake",
        Fact::MaxChildkeyTake => "MaxChildkeyTake",
    }
}

fn meaning(setting: &Setting) -> String {
    if setting.is_used {
        setting.doc.into()
    } else {
        format!("{} *Kept for clients.*", setting.doc)
    }
}
