//! Fits the cost model to measurements, from above.

use yuma_consensus::Cost;

/// One measured epoch.
#[derive(Clone, Copy, Debug)]
pub struct Measurement {
    /// Sizes: neurons, weights, bonds.
    pub sizes: [u64; 3],
    /// Time in picoseconds.
    pub picoseconds: f64,
}

impl Measurement {
    fn features(&self) -> [f64; 4] {
        [
            1.0,
            self.sizes[0] as f64,
            self.sizes[1] as f64,
            self.sizes[2] as f64,
        ]
    }
}

/// Share that is added to cover what the shapes do not show.
const MARGIN: f64 = 1.1;

/// Least squares of relative errors with non-negative coefficients, then scaled up so that no
/// measurement exceeds the model, plus a margin.
pub fn fit(measurements: &[Measurement]) -> Cost {
    let mut coefficients = [0.0; 4];
    for _ in 0..200_000 {
        for k in 0..4 {
            let (mut up, mut down) = (0.0, 0.0);
            for measurement in measurements {
                let x = measurement.features();
                let rest: f64 = (0..4)
                    .filter(|&l| l != k)
                    .map(|l| coefficients[l] * x[l])
                    .sum();
                let y = measurement.picoseconds;
                up += x[k] / y * (1.0 - rest / y);
                down += (x[k] / y) * (x[k] / y);
            }
            coefficients[k] = (up / down).max(0.0);
        }
    }
    let predicted = |measurement: &Measurement| -> f64 {
        measurement
            .features()
            .iter()
            .zip(coefficients)
            .map(|(x, c)| x * c)
            .sum()
    };
    let worst = measurements
        .iter()
        .map(|measurement| measurement.picoseconds / predicted(measurement))
        .fold(1.0, f64::max);
    let [base, per_neuron, per_weight, per_bond] =
        coefficients.map(|value| (value * worst * MARGIN).ceil() as u64);
    Cost {
        base,
        per_neuron,
        per_weight,
        per_bond,
    }
}
