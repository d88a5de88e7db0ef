//! The epoch once more, from the text of sections 1 and 4 to 8 alone: dense matrices, 128-bit
//! integers, full sorts, one statement per formula. Slow and obvious on purpose.
//!
//! Absent weights and bonds count as zero (the recommendation of section 6.5). The rate of liquid
//! alpha is a parameter, because the specification does not define the exponential bit by bit.

/// One mechanism of a subnet, with rows as they are stored.
#[derive(Clone, Debug)]
pub(crate) struct Subnet {
    pub(crate) block: u64,
    pub(crate) emission: u64,
    pub(crate) tempo: u16,
    pub(crate) last_step_block: u64,
    pub(crate) activity_cutoff: u64,
    pub(crate) kappa: u16,
    pub(crate) bonds_moving_average: u64,
    pub(crate) bonds_penalty: u16,
    pub(crate) yuma3: bool,
    pub(crate) liquid: Option<(u16, u16, i16)>,
    pub(crate) max_validators: u16,
    pub(crate) stake_threshold: u64,
    pub(crate) owner: Option<u16>,
    /// With 64 fractional bits.
    pub(crate) stake: Vec<u128>,
    pub(crate) permits: Vec<bool>,
    pub(crate) last_update: Vec<u64>,
    pub(crate) registered_at: Vec<u64>,
    pub(crate) first_commit: Option<Vec<Option<u64>>>,
    pub(crate) weights: Vec<Vec<(u16, u16)>>,
    pub(crate) bonds: Vec<Vec<(u16, u16)>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Results {
    pub(crate) active: Vec<bool>,
    pub(crate) permits: Vec<bool>,
    pub(crate) stake: Vec<u16>,
    pub(crate) consensus: Vec<u16>,
    pub(crate) incentive: Vec<u16>,
    pub(crate) dividends: Vec<u16>,
    pub(crate) validator_trust: Vec<u16>,
    pub(crate) emission: Vec<u64>,
    pub(crate) server: Vec<u64>,
    pub(crate) validator: Vec<u64>,
    /// Dense.
    pub(crate) bonds: Vec<Vec<u16>>,
}

/// A number with 32 fractional bits.
pub(crate) type F32 = i128;

pub(crate) const ONE: F32 = 1 << 32;

fn mul(a: F32, b: F32) -> F32 {
    (a * b) >> 32
}

fn div(a: F32, b: F32) -> F32 {
    if b == 0 { 0 } else { (a << 32) / b }
}

fn proportion(value: u16) -> F32 {
    div(F32::from(value) << 32, 65_535 << 32)
}

/// Q of section 1.
fn quantise(x: F32) -> u16 {
    ((x * 65_535) >> 32).clamp(0, 65_535) as u16
}

fn normalise(values: &[F32]) -> Vec<F32> {
    let sum: F32 = values.iter().sum();
    if sum == 0 {
        return values.to_vec();
    }
    values.iter().map(|&value| div(value, sum)).collect()
}

type Matrix = Vec<Vec<F32>>;

fn normalise_columns(matrix: &Matrix) -> Matrix {
    let n = matrix.len();
    let mut result = matrix.clone();
    for j in 0..n {
        let column: Vec<F32> = (0..n).map(|i| matrix[i][j]).collect();
        for (i, value) in normalise(&column).into_iter().enumerate() {
            result[i][j] = value;
        }
    }
    result
}

fn dense(rows: &[Vec<(u16, u16)>]) -> Matrix {
    let n = rows.len();
    let mut matrix = vec![vec![0; n]; n];
    for (i, row) in rows.iter().enumerate() {
        for &(j, value) in row {
            if usize::from(j) < n {
                matrix[i][usize::from(j)] = F32::from(value) << 32;
            }
        }
    }
    matrix
}

/// Division in 64 fractional bits, one binary digit after the other, then the low half dropped.
///
/// Sums of whole numbers are divided as whole numbers so that the largest ones fit.
fn normalise_stake(stake: &[u128]) -> Vec<F32> {
    let whole = stake.iter().all(|stake| stake & u128::from(u64::MAX) == 0);
    let stake: Vec<u128> = stake
        .iter()
        .map(|stake| if whole { stake >> 64 } else { *stake })
        .collect();
    let sum: u128 = stake.iter().sum();
    assert!(sum < 1 << 127, "the twin has no wider integers");
    let quotient = |&stake: &u128| {
        if sum == 0 {
            return 0;
        }
        let mut quotient = stake / sum;
        let mut rest = stake % sum;
        for _ in 0..64 {
            rest *= 2;
            quotient = 2 * quotient + rest / sum;
            rest %= sum;
        }
        (quotient >> 32) as F32
    };
    stake.iter().map(quotient).collect()
}

/// The definition of section 5.2.
fn weighted_median(stakes: &[F32], scores: &[F32], kappa: F32) -> F32 {
    let mu = stakes.iter().sum::<F32>() - kappa;
    let mut candidates = scores.to_vec();
    candidates.sort_unstable();
    for &w in &candidates {
        let supported: F32 = stakes
            .iter()
            .zip(scores)
            .filter(|(_, score)| **score <= w)
            .map(|(s, _)| s)
            .sum();
        if supported > mu {
            return w;
        }
    }
    candidates.last().copied().unwrap_or(0)
}

/// Section 6.6 with the exponential of the standard library.
pub(crate) fn rate_in_floating_point(
    (low, high, steepness): (u16, u16, i16),
) -> impl Fn(F32, F32, F32) -> F32 {
    move |c, w, u| {
        let real = |x: F32| x as f64 / ONE as f64;
        let d = if w >= u { real(w - c) } else { real(u - w) }.clamp(0.0, 1.0);
        let argument = -(f64::from(steepness) / 100.0) * (d - 0.5);
        let sigma = 1.0 / (1.0 + argument.clamp(-20.0, 20.0).exp());
        let (low, high) = (real(proportion(low)), real(proportion(high)));
        ((low + sigma * (high - low)).clamp(low, high) * ONE as f64) as F32
    }
}

/// The whole epoch. `rate(c, w, u)` is the rate of a cell under liquid alpha.
pub(crate) fn epoch(subnet: &Subnet, rate: &dyn Fn(F32, F32, F32) -> F32) -> Results {
    let n = subnet.stake.len();
    let all = 0..n;
    let is_owner = |i: usize| subnet.owner.map(usize::from) == Some(i);

    // 4.1
    let active: Vec<bool> = all
        .clone()
        .map(|i| {
            let silent_since =
                u128::from(subnet.last_update[i]) + u128::from(subnet.activity_cutoff);
            silent_since >= u128::from(subnet.block)
        })
        .collect();
    // 4.2
    let counted: Vec<u128> = all
        .clone()
        .map(|i| {
            let below = (subnet.stake[i] >> 64) < u128::from(subnet.stake_threshold);
            if below && !is_owner(i) {
                0
            } else {
                subnet.stake[i]
            }
        })
        .collect();
    let s = normalise_stake(&counted);
    // 4.3
    let p: Vec<bool> = all
        .clone()
        .map(|i| subnet.permits[i] || is_owner(i))
        .collect();
    let mut next: Vec<bool> = s.iter().map(|&share| share > 0).collect();
    let k = usize::from(subnet.max_validators);
    if n >= k {
        let mut order: Vec<usize> = all.clone().collect();
        order.sort_by_key(|&i| s[i]);
        for &i in &order[..n - k] {
            next[i] = false;
        }
    }
    for i in all.clone() {
        next[i] |= is_owner(i);
    }
    // 4.4
    let a: Vec<F32> = all
        .clone()
        .map(|i| if active[i] && p[i] { s[i] } else { 0 })
        .collect();
    let a = normalise(&a);

    // 5.1
    let mut w = dense(&subnet.weights);
    for i in all.clone() {
        for j in all.clone() {
            let registered = subnet.registered_at[j];
            let without_permit = !p[i];
            let own = i == j && !is_owner(i);
            let outdated = subnet.last_update[i] <= registered;
            let commit = subnet.first_commit.as_ref().and_then(|commits| commits[i]);
            let hidden = commit.is_some_and(|block| block < registered);
            if without_permit || own || outdated || hidden {
                w[i][j] = 0;
            }
        }
    }
    let w: Matrix = w.iter().map(|row| normalise(row)).collect();

    // 5.2
    let voters: Vec<usize> = all.clone().filter(|&i| a[i] > 0).collect();
    let votes = normalise(&voters.iter().map(|&i| a[i]).collect::<Vec<_>>());
    let kappa = proportion(subnet.kappa);
    let c: Vec<F32> = all
        .clone()
        .map(|j| {
            let scores: Vec<F32> = voters.iter().map(|&i| w[i][j]).collect();
            weighted_median(&votes, &scores, kappa)
        })
        .collect();

    // 5.3
    let clipped: Matrix = all
        .clone()
        .map(|i| all.clone().map(|j| w[i][j].min(c[j])).collect())
        .collect();
    let trust: Vec<F32> = clipped.iter().map(|row| row.iter().sum()).collect();
    let rank: Vec<F32> = all
        .clone()
        .map(|j| all.clone().map(|i| mul(a[i], clipped[i][j])).sum())
        .collect();
    let incentive = normalise(&rank);

    // 6.1
    let beta = proportion(subnet.bonds_penalty);
    let wb: Matrix = all
        .clone()
        .map(|i| {
            let cell = |j: usize| match beta {
                0 => w[i][j],
                ONE => clipped[i][j],
                _ => (w[i][j] + mul(beta, clipped[i][j] - w[i][j])).max(0),
            };
            all.clone().map(cell).collect()
        })
        .collect();
    // 6.2
    let since = match subnet.last_step_block {
        0 => subnet.block.saturating_sub(u64::from(subnet.tempo)),
        block => block.saturating_add(1),
    };
    let mut b = dense(&subnet.bonds);
    for row in &mut b {
        for j in all.clone() {
            if since <= subnet.registered_at[j] {
                row[j] = 0;
            }
        }
    }
    // 6.3
    let average = ((u128::from(subnet.bonds_moving_average) << 64) / 1_000_000) >> 32;
    let alpha = ONE - average as F32;

    let (stored, dividends) = if subnet.yuma3 {
        // 6.5
        let b: Matrix = b
            .iter()
            .map(|row| row.iter().map(|&x| div(x, 65_535 << 32)).collect())
            .collect();
        let liquid = subnet.liquid.is_some() && c.iter().any(|&c| c != 0);
        let cell = |i: usize, j: usize| {
            if liquid {
                let alpha = rate(c[j], wb[i][j], b[i][j]);
                (mul(ONE - alpha, b[i][j]) + mul(alpha, wb[i][j]).max(0)).min(ONE)
            } else {
                mul(alpha, wb[i][j]) + mul(ONE - alpha, b[i][j])
            }
        };
        let grown: Matrix = all
            .clone()
            .map(|i| all.clone().map(|j| cell(i, j)).collect())
            .collect();
        let shares = normalise_columns(&grown);
        let income =
            |i: usize| -> F32 { all.clone().map(|j| mul(shares[i][j], incentive[j])).sum() };
        let d: Vec<F32> = all.clone().map(|i| mul(income(i), a[i])).collect();
        (grown, normalise(&d))
    } else {
        // 6.4
        let b = normalise_columns(&b);
        let fresh: Matrix = all
            .clone()
            .map(|i| all.clone().map(|j| mul(a[i], wb[i][j])).collect())
            .collect();
        let fresh = normalise_columns(&fresh);
        let blend = |i: usize, j: usize| mul(alpha, fresh[i][j]) + mul(ONE - alpha, b[i][j]);
        let grown: Matrix = all
            .clone()
            .map(|i| all.clone().map(|j| blend(i, j)).collect())
            .collect();
        let grown = normalise_columns(&grown);
        let income =
            |i: usize| -> F32 { all.clone().map(|j| mul(incentive[j], grown[i][j])).sum() };
        let d: Vec<F32> = all.clone().map(income).collect();
        let highest = |j: usize| all.clone().map(|i| grown[i][j]).max().unwrap_or(0);
        let upscaled: Matrix = all
            .clone()
            .map(|i| all.clone().map(|j| div(grown[i][j], highest(j))).collect())
            .collect();
        (upscaled, normalise(&d))
    };

    // 7
    let both: Vec<F32> = all.clone().map(|i| incentive[i] + dividends[i]).collect();
    let g: F32 = both.iter().sum();
    let (server, validator, combined) = if g == 0 {
        let fallback = if a.iter().sum::<F32>() == 0 {
            s.clone()
        } else {
            a.clone()
        };
        (vec![0; n], fallback.clone(), fallback)
    } else {
        let part = |values: &[F32]| values.iter().map(|&x| div(x, g)).collect::<Vec<_>>();
        (part(&incentive), part(&dividends), part(&both))
    };
    let amounts = |shares: &[F32]| -> Vec<u64> {
        shares
            .iter()
            .map(|&x| ((x as u128 * u128::from(subnet.emission)) >> 32) as u64)
            .collect()
    };

    // 8
    let quantised = |values: &[F32]| values.iter().map(|&x| quantise(x)).collect::<Vec<_>>();
    let bond_row = |i: usize| {
        if next[i] {
            quantised(&stored[i])
        } else {
            vec![0; n]
        }
    };
    Results {
        active,
        stake: quantised(&s),
        consensus: quantised(&c),
        incentive: quantised(&incentive),
        dividends: quantised(&dividends),
        validator_trust: quantised(&trust),
        emission: amounts(&combined),
        server: amounts(&server),
        validator: amounts(&validator),
        bonds: all.clone().map(bond_row).collect(),
        permits: next,
    }
}
