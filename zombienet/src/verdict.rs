//! Whether a network paid as it should, decided from the books of the chain alone.

use std::collections::BTreeMap;

use crate::{
    books::{Books, Key},
    cast::Expected,
};

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

/// The books at two epochs, and what happened in between.
#[derive(Clone, Debug)]
pub struct Window {
    /// After the block of an epoch.
    pub first: Books,
    /// After the block of a later epoch.
    pub last: Books,
    /// Alpha minted for participants by the blocks after `first`, up to and with `last`.
    pub minted: u128,
    /// TAO put into the pool by the same blocks.
    pub tao_issued: u128,
    /// What the epochs of these blocks computed for each uid.
    pub computed: BTreeMap<u16, u128>,
}

impl Window {
    /// A window that begins after this block.
    pub fn open(first: Books) -> Self {
        Self {
            last: first.clone(),
            first,
            minted: 0,
            tao_issued: 0,
            computed: BTreeMap::new(),
        }
    }

    /// Takes in the next block. Blocks come one by one.
    pub fn take(&mut self, books: Books) {
        self.minted += u128::from(books.minted);
        self.tao_issued += u128::from(books.tao_issued);
        if books.epochs > self.last.epochs {
            for (uid, amount) in (0_u16..).zip(&books.emission) {
                *self.computed.entry(uid).or_default() += u128::from(*amount);
            }
        }
        self.last = books;
    }

    /// Epochs inside.
    pub fn epochs(&self) -> u64 {
        self.last.epochs.saturating_sub(self.first.epochs)
    }

    /// By how much the stake on a hotkey grew.
    fn growth(&self, hotkey: &Key) -> i128 {
        grown(&self.first, &self.last, |books| {
            books.stake_of(hotkey).into()
        })
    }
}

fn grown(first: &Books, last: &Books, amount: impl Fn(&Books) -> u128) -> i128 {
    // Amounts of 64 bits, or a handful of them added up.
    let of = |books| i128::try_from(amount(books)).unwrap_or(i128::MAX);
    of(last).saturating_sub(of(first))
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

fn better_earned_more(window: &Window, everybody: &[Judged]) -> Claim {
    let paid: Vec<(&str, i128)> = everybody
        .iter()
        .filter(|one| one.part == Part::Miner(Expected::Pay))
        .map(|one| (one.name.as_str(), window.growth(&one.hotkey)))
        .collect();
    let ordered = paid.windows(2).all(|pair| match pair {
        [(_, better), (_, worse)] => better > worse,
        _ => false,
    });
    let has_pay = paid.len() >= 2 && paid.last().is_some_and(|(_, amount)| *amount > 0);
    Claim {
        claim: "the better miner earned more".into(),
        holds: ordered && has_pay,
        numbers: paid
            .iter()
            .map(|(name, amount)| format!("{name} {}", alpha(*amount)))
            .collect::<Vec<_>>()
            .join(" > "),
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
            "{} emitted = {} paid + {} more waiting",
            alpha(minted),
            alpha(paid),
            alpha(waiting)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::books::Pending;

    const GOOD: Key = [1; 32];
    const POOR: Key = [2; 32];
    const CHEAT: Key = [3; 32];
    const VALIDATORS: [Key; 2] = [[4; 32], [5; 32]];
    const OWNER: Key = [6; 32];

    fn everybody() -> Vec<Judged> {
        let pay = Part::Miner(Expected::Pay);
        [
            ("owner", OWNER, Part::Owner),
            ("good", GOOD, pay),
            ("poor", POOR, pay),
            ("cheat", CHEAT, Part::Miner(Expected::Nothing)),
            ("validator-1", VALIDATORS[0], Part::Validator),
            ("validator-2", VALIDATORS[1], Part::Validator),
        ]
        .into_iter()
        .zip(0..)
        .map(|((name, hotkey, part), uid)| Judged {
            name: name.into(),
            hotkey,
            uid,
            part,
        })
        .collect()
    }

    fn books(block: u64, epochs: u64, stake: [u64; 6], pending: u64, emission: [u64; 6]) -> Books {
        let staked = stake.iter().sum();
        Books {
            block,
            epochs,
            alpha_out: staked + pending + 7,
            staked,
            burned: 7,
            pending: Pending {
                server: pending,
                ..Pending::default()
            },
            emission: emission.to_vec(),
            tao_in: 1_000 + block,
            tao_issued: 1,
            minted: 100,
            stake: [OWNER, GOOD, POOR, CHEAT, VALIDATORS[0], VALIDATORS[1]]
                .into_iter()
                .zip(stake)
                .collect(),
            ..Books::default()
        }
    }

    /// Two blocks, the second of them an epoch that pays 190 and leaves 10 waiting.
    fn sound() -> Window {
        let mut window = Window::open(books(10, 1, [0, 5, 5, 0, 500, 500], 0, [0; 6]));
        window.take(books(11, 1, [0, 5, 5, 0, 500, 500], 100, [0; 6]));
        window.take(books(
            12,
            2,
            [30, 65, 25, 0, 550, 530],
            10,
            [0, 60, 20, 0, 50, 30],
        ));
        window
    }

    fn broken(change: impl FnOnce(&mut Window)) -> Vec<String> {
        let mut window = sound();
        change(&mut window);
        judge(&window, &everybody())
            .into_iter()
            .filter(|claim| !claim.holds)
            .map(|claim| claim.claim)
            .collect()
    }

    #[test]
    fn a_network_that_paid_rightly_is_believed() {
        assert_eq!(broken(|_| ()), Vec::<String>::new());
    }

    #[test]
    fn a_worse_miner_that_earned_as_much_is_noticed() {
        let found = broken(|window| {
            window.last.stake.insert(POOR, 65);
        });
        assert!(found.contains(&"the better miner earned more".to_owned()));
        // A miner that is meant to earn and did not, too.
        let found = broken(|window| {
            window.last.stake.insert(POOR, 5);
        });
        assert!(found.contains(&"the better miner earned more".to_owned()));
    }

    #[test]
    fn a_cheat_with_one_unit_is_noticed() {
        let claim = "cheat earned nothing, from its registration on".to_owned();
        let held = broken(|window| {
            window.first.stake.insert(CHEAT, 1);
            window.last.stake.insert(CHEAT, 1);
        });
        assert!(held.contains(&claim));
        let computed = broken(|window| {
            window.computed.insert(3, 1);
        });
        assert!(computed.contains(&claim));
    }

    #[test]
    fn a_validator_that_earned_nothing_is_noticed() {
        let found = broken(|window| {
            window.last.stake.insert(VALIDATORS[1], 500);
        });
        assert!(found.contains(&"validator-2 earned".to_owned()));
    }

    #[test]
    fn a_missing_unit_is_noticed_wherever_it_is_missing() {
        let emitted = "what was emitted is what was paid and what waits".to_owned();
        assert!(broken(|window| window.minted += 1).contains(&emitted));
        assert!(broken(|window| window.last.pending.server -= 1).contains(&emitted));
        let outside =
            "the alpha outside of the pool is the sum of its parts, before and after".to_owned();
        assert!(broken(|window| window.last.alpha_out += 1).contains(&outside));
        assert!(broken(|window| window.first.protocol += 1).contains(&outside));
        let stake = "all stake is that of these neurons".to_owned();
        assert!(broken(|window| window.last.staked += 1).contains(&stake));
        let computed = "each miner holds exactly what the epochs computed for it".to_owned();
        assert!(
            broken(|window| {
                window.computed.insert(1, 61);
            })
            .contains(&computed)
        );
        let pool = "the pool took the TAO that was issued to it".to_owned();
        assert!(broken(|window| window.last.tao_in += 1).contains(&pool));
    }

    #[test]
    fn amounts_are_shown_to_the_last_unit() {
        assert_eq!(tokens(1_234_567_890_123), "1234.567890123");
        assert_eq!(tokens(-5), "-0.000000005");
    }
}
