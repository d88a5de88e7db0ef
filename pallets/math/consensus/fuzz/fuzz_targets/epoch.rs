//! Any input gives an error or a result that keeps the promises of the crate.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yuma_consensus::{
    BondRule, EpochInput, Hyperparameters, LiquidAlpha, Rows, Scratch, StakeWeight, Uid, epoch,
};

/// Numbers out of the fuzzer's bytes; zeros when they are used up.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn byte(&mut self) -> u8 {
        match self.0.split_first() {
            Some((&first, rest)) => {
                self.0 = rest;
                first
            }
            None => 0,
        }
    }

    fn u16(&mut self) -> u16 {
        u16::from_le_bytes([self.byte(), self.byte()])
    }

    /// Small, at the edge, or any.
    fn u64(&mut self) -> u64 {
        match self.byte() {
            kind @ 0..=127 => u64::from(kind),
            kind @ 128..=191 => u64::MAX - u64::from(kind & 15),
            kind => u64::from(self.u16()) << (kind & 63),
        }
    }

    fn u128(&mut self) -> u128 {
        u128::from(self.u64()) << (self.byte() & 64) | u128::from(self.byte())
    }

    fn list<T>(&mut self, length: usize, mut item: impl FnMut(&mut Self) -> T) -> Vec<T> {
        // Once in a while the wrong length.
        let length = if self.byte() == 255 {
            usize::from(self.byte())
        } else {
            length
        };
        (0..length).map(|_| item(self)).collect()
    }

    fn matrix(&mut self, rows: usize) -> (Vec<u32>, Vec<(u16, u16)>) {
        let mut starts = vec![0];
        let mut entries = Vec::new();
        for _ in 0..rows {
            for _ in 0..self.byte() % 24 {
                let target = u16::from(self.byte());
                entries.push((
                    target,
                    if target & 128 == 0 {
                        self.u16()
                    } else {
                        65_535
                    },
                ));
            }
            starts.push(entries.len() as u32);
        }
        if self.byte() == 255 {
            let place = usize::from(self.byte()) % starts.len();
            starts[place] = u32::from(self.u16());
        }
        (starts, entries)
    }
}

fuzz_target!(|data: &[u8]| {
    let mut bytes = Bytes(data);
    let n = usize::from(bytes.byte() % 40);
    let stake = bytes.list(n, |bytes| StakeWeight::from_bits(bytes.u128()));
    let permits = bytes.list(n, |bytes| bytes.byte() & 1 == 0);
    let last_update = bytes.list(n, Bytes::u64);
    let registered_at = bytes.list(n, Bytes::u64);
    let commits = if bytes.byte() & 3 == 0 { n } else { 0 };
    let first_commit = bytes.list(commits, |bytes| {
        (bytes.byte() & 1 == 0).then(|| bytes.u64())
    });
    let weights = bytes.matrix(n);
    let bonds = bytes.matrix(n);
    let liquid = LiquidAlpha {
        low: bytes.u16(),
        high: bytes.u16(),
        steepness: bytes.u16() as i16,
    };
    let (Ok(weights), Ok(bonds)) = (
        Rows::new(&weights.0, &weights.1),
        Rows::new(&bonds.0, &bonds.1),
    ) else {
        return;
    };
    let input = EpochInput {
        block: bytes.u64(),
        emission: bytes.u64(),
        hyperparameters: Hyperparameters {
            kappa: bytes.u16(),
            bonds_moving_average: bytes.u64(),
            bonds_penalty: bytes.u16(),
            bond_rule: match bytes.byte() % 3 {
                0 => BondRule::Yuma2,
                1 => BondRule::Yuma3 { liquid: None },
                _ => BondRule::Yuma3 {
                    liquid: Some(liquid),
                },
            },
            max_validators: bytes.u16() & 63,
            stake_threshold: bytes.u64(),
            activity_cutoff: bytes.u64(),
            tempo: bytes.u16(),
        },
        last_step_block: bytes.u64(),
        owner: (bytes.byte() & 3 == 0).then(|| Uid(u16::from(bytes.byte() & 63))),
        stake: &stake,
        permits: &permits,
        last_update: &last_update,
        registered_at: &registered_at,
        first_commit: &first_commit,
        weights,
        bonds,
    };
    let mut scratch = Scratch::new();
    let Ok(output) = epoch(&input, &mut scratch) else {
        return;
    };
    let n = stake.len();
    let lengths = [
        output.active.len(),
        output.permits.len(),
        output.stake.len(),
        output.consensus.len(),
        output.incentive.len(),
        output.dividends.len(),
        output.validator_trust.len(),
        output.emission.len(),
        output.server_emission.len(),
        output.validator_emission.len(),
        output.bonds.as_rows().len(),
    ];
    assert_eq!(lengths, [n; 11]);
    let sum = |list: &[u64]| list.iter().copied().map(u128::from).sum::<u128>();
    let paid = sum(&output.server_emission) + sum(&output.validator_emission);
    assert!(paid <= u128::from(input.emission));
    assert!(sum(&output.emission) <= u128::from(input.emission));
    for (uid, row) in output.bonds.as_rows().iter().enumerate() {
        assert!(row.is_empty() || output.permits[uid]);
        assert!(row.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(
            row.iter()
                .all(|&(target, value)| usize::from(target) < n && value > 0)
        );
    }
    assert_eq!(epoch(&input, &mut scratch).as_ref(), Ok(&output));
});
