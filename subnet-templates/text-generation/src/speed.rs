//! How fast a miner is.

/// The worth of a miner's speed, from 0 to 1.
///
/// `used`: the share of the deadline that its answers took on average, 0 to 1. `pace`: its seconds per token. `median`: the
/// lower median of the paces of all miners with correct answers, at least 0.
///
/// Formula: `(1 − used) · median/(median + pace)`. The first factor falls to 0 at the deadline; the second is 1/2 for the
/// median miner, 2/3 at twice its speed, 1/3 at half of it, and moves little when a single miner is very slow or very fast.
/// What is not a number counts as the slowest.
pub fn speed(used: f64, pace: f64, median: f64) -> f64 {
    let in_time = (1.0 - used).clamp(0.0, 1.0);
    let together = median + pace;
    let relative = if together > 0.0 {
        median / together
    } else {
        // Nobody took any time.
        0.5
    };
    let worth = in_time * relative;
    if worth.is_nan() { 0.0 } else { worth }
}

#[cfg(test)]
mod tests {
    use super::speed;
    use proptest::prelude::*;

    #[test]
    fn speed_of_known_paces() {
        assert_eq!(speed(0.0, 1.0, 1.0), 0.5);
        assert_eq!(speed(0.0, 0.5, 1.0), 2.0 / 3.0);
        assert_eq!(speed(0.0, 2.0, 1.0), 1.0 / 3.0);
        assert_eq!(speed(0.5, 1.0, 1.0), 0.25);
        assert_eq!(speed(1.0, 1.0, 1.0), 0.0);
        assert_eq!(speed(0.0, 0.0, 0.0), 0.5);
        assert_eq!(speed(f64::NAN, 1.0, 1.0), 0.0);
    }

    proptest! {
        #[test]
        fn slower_is_never_better(
            used in 0.0f64..1.0, pace in 1e-6f64..100.0, median in 1e-6f64..100.0, more in 1.0f64..10.0,
        ) {
            let faster = speed(used, pace, median);
            let slower = speed((used * more).min(1.0), pace * more, median);
            prop_assert!(slower <= faster);
            prop_assert!((0.0..=1.0).contains(&faster));
        }
    }
}
