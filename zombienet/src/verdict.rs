//! Whether a network paid as it should, decided from the books of the chain alone.

#[cfg(test)]
mod tests;
mod window;

use crate::{
    books::{Books, Key},
    cast::Expected,
};

pub use window::Window;

use window::grown;

/// Somebody whose pay is judged.
#[derive(Clone, Debug)]
pub struct Judged {
    /// What it is called.
    pub name: String,
    /// Its hotkey.
    pub hotkey: Key,
    /// Its uid.
    pub uid: u16,
    /// What it is.
    pub part: Part,
}

/// What somebody is on the subnet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Owns the subnet; nothing is expected of it.
    Owner,
    /// Mines; better ones stand first.
    Miner(Expected),
    /// Validates.
    Validator,
}

/// Something that has to be true.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Claim {
    /// What.
    pub claim: String,
    /// Whether it is.
    pub holds: bool,
    /// The numbers.
    pub numbers: String,
}

/// Judges a window. `everybody`: all neurons of the subnet, better miners first.
pub fn judge(window: &Window, everybody: &[Judged]) -> Vec<Claim> {
    let mut claims = vec![better_earned_more(window, everybody)];
    claims.extend(nothing_for_cheats(window, everybody));
    claims.extend(validators_earned(window, everybody));
    claims.extend(amounts_add_up(window, everybody));
    claims
}

/// Miners whose pay is ranked earned in that order, and the others something.
fn better_earned_more(window: &Window, everybody: &[Judged]) -> Claim {
    let of = |wanted: Expected| -> Vec<(&str, i128)> {
        everybody
            .iter()
            .filter(|one| one.part == Part::Miner(wanted))
            .map(|one| (one.name.as_str(), window.growth(&one.hotkey)))
            .collect()
    };
    let (ranked, alike) = (of(Expected::Pay), of(Expected::Share));
    let ordered = ranked.windows(2).all(|pair| match pair {
        [(_, better), (_, worse)] => better > worse,
        _ => false,
    });
    let paid = ranked.iter().chain(&alike);
    let numbers: Vec<String> = paid
        .clone()
        .map(|(name, amount)| format!("{name} {}", alpha(*amount)))
        .collect();
    let claim = if alike.is_empty() {
        "the better miner earned more"
    } else {
        "every honest miner earned"
    };
    Claim {
        claim: claim.into(),
        holds: ordered && !numbers.is_empty() && paid.into_iter().all(|(_, amount)| *amount > 0),
        numbers: numbers.join(", "),
    }
}

fn nothing_for_cheats<'a>(
    window: &'a Window,
    everybody: &'a [Judged],
) -> impl Iterator<Item = Claim> + 'a {
    everybody
        .iter()
        .filter(|one| one.part == Part::Miner(Expected::Nothing))
        .map(|one| {
            let held = window.last.stake_of(&one.hotkey);
            let computed = window.computed.get(&one.uid).copied().unwrap_or_default();
            Claim {
                claim: format!("{} earned nothing, from its registration on", one.name),
                holds: held == 0 && computed == 0,
                numbers: format!("holds {}", alpha(held.into())),
            }
        })
}

fn validators_earned<'a>(
    window: &'a Window,
    everybody: &'a [Judged],
) -> impl Iterator<Item = Claim> + 'a {
    everybody
        .iter()
        .filter(|one| one.part == Part::Validator)
        .map(|one| {
            let earned = window.growth(&one.hotkey);
            Claim {
                claim: format!("{} earned", one.name),
                holds: earned > 0,
                numbers: alpha(earned),
            }
        })
}

fn amounts_add_up(window: &Window, everybody: &[Judged]) -> Vec<Claim> {
    let Window { first, last, .. } = window;
    let minted = i128::try_from(window.minted).unwrap_or(i128::MAX);
    let paid: i128 = everybody.iter().map(|one| window.growth(&one.hotkey)).sum();
    let waiting = grown(first, last, |books| {
        books.pending.total()
            + u128::from(books.residual)
            + u128::from(books.root_pot)
            + u128::from(books.burned)
    });
    let emitted_is_paid = Claim {
        claim: "what was emitted is what was paid and what waits".into(),
        holds: window.epochs() > 0 && minted > 0 && minted == paid + waiting,
        numbers: format!(
            "{} emitted = {} paid {} {} that {}",
            alpha(minted),
            alpha(paid),
            if waiting < 0 { "-" } else { "+" },
            alpha(waiting.saturating_abs()),
            if waiting < 0 {
                "waited before"
            } else {
                "waits now"
            }
        ),
    };
    let outside = Claim {
        claim: "the alpha outside of the pool is the sum of its parts, before and after".into(),
        holds: [first, last]
            .iter()
            .all(|books| books.parts() == u128::from(books.alpha_out)),
        numbers: format!(
            "{} in block {}, {} in block {}",
            alpha(first.alpha_out.into()),
            first.block,
            alpha(last.alpha_out.into()),
            last.block
        ),
    };
    let everybody_counted = {
        let sum = |books: &Books| -> u128 {
            everybody
                .iter()
                .map(|one| u128::from(books.stake_of(&one.hotkey)))
                .sum()
        };
        Claim {
            claim: "all stake is that of these neurons".into(),
            holds: [first, last]
                .iter()
                .all(|books| sum(books) == u128::from(books.staked)),
            numbers: alpha(last.staked.into()),
        }
    };
    let miners = |one: &&Judged| matches!(one.part, Part::Miner(_));
    let differing: Vec<&str> = everybody
        .iter()
        .filter(miners)
        .filter(|one| {
            let computed = window.computed.get(&one.uid).copied().unwrap_or_default();
            i128::try_from(computed) != Ok(window.growth(&one.hotkey))
        })
        .map(|one| one.name.as_str())
        .collect();
    let computed_is_paid = Claim {
        claim: "each miner holds exactly what the epochs computed for it".into(),
        holds: differing.is_empty(),
        numbers: if differing.is_empty() {
            format!("{} epochs", window.epochs())
        } else {
            format!("not so: {}", differing.join(", "))
        },
    };
    let tao = grown(first, last, |books| books.tao_in.into());
    let pool = Claim {
        claim: "the pool took the TAO that was issued to it".into(),
        holds: i128::try_from(window.tao_issued) == Ok(tao),
        numbers: format!("{} TAO", tokens(tao)),
    };
    vec![
        emitted_is_paid,
        outside,
        everybody_counted,
        computed_is_paid,
        pool,
    ]
}

/// Smallest units as tokens, with all nine decimals: sums can be checked by hand.
fn tokens(units: i128) -> String {
    let sign = if units < 0 { "-" } else { "" };
    let units = units.unsigned_abs();
    format!(
        "{sign}{}.{:09}",
        units / 1_000_000_000,
        units % 1_000_000_000
    )
}

fn alpha(units: i128) -> String {
    format!("{} α", tokens(units))
}
