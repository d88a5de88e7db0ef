//! A subnet as people look at it: a row for every neuron, read from the chain after the block of an epoch, and the
//! scores that the validators publish.

use std::collections::BTreeMap;

use codec::Encode;
use dendra_client::Metagraph;
use neuron_operator::report::{Style, Table};
use serde_json::{Value, json};

use crate::{
    books::ask,
    cast::Expected,
    failure::{Failure, Outcome},
    network::Network,
    rpc::Rpc,
    verdict::{Judged, Part},
};

/// Smallest units in a token.
const UNITS: f64 = 1e9;

/// A neuron.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its uid.
    pub uid: u16,
    /// What it is: owner, miner, cheat, validator.
    pub role: &'static str,
    /// What it is called.
    pub name: String,
    /// What it serves.
    pub serves: String,
    /// Mean of the validators' scores, from 0 to 1.
    pub score: Option<f64>,
    /// Share in the pay of miners, from 0 to 1.
    pub incentive: f64,
    /// Share in the pay of validators, from 0 to 1.
    pub dividends: f64,
    /// What the last epoch gave it, in units of alpha.
    pub alpha: u64,
    /// What that is worth at the price of the pool, in TAO.
    pub tao: f64,
    /// Block in which it last set or committed weights.
    pub weights: Option<u64>,
}

/// A subnet after a block.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// The block.
    pub block: u64,
    /// How many epochs the subnet has had.
    pub epoch: u64,
    /// Blocks between two epochs.
    pub tempo: u16,
    /// Price of alpha, in TAO.
    pub price: f64,
    /// TAO that the last block put into the pool.
    pub tao_issued: f64,
    /// The neurons: owner, miners from best to worst, validators.
    pub rows: Vec<Row>,
}

/// The metagraph of a subnet after a block.
///
/// **Errors:** the node does not answer, the subnet does not exist.
pub fn metagraph(rpc: &Rpc, netuid: u16, block: u64) -> Outcome<Metagraph> {
    let hash = hash(rpc, block)?;
    ask::<Option<Metagraph>>(
        rpc,
        "SubnetInfoRuntimeApi_get_metagraph",
        &netuid.encode(),
        &hash,
    )?
    .ok_or_else(|| Failure::new(format!("there is no subnet {netuid}")))
}

fn hash(rpc: &Rpc, block: u64) -> Outcome<String> {
    rpc.hash(block)
        .map_err(Failure::new)?
        .ok_or_else(|| Failure::new(format!("the chain has no block {block}")))
}

impl View {
    /// Reads a subnet after a block. `epoch`: its count of epochs then.
    ///
    /// **Errors:** the node does not answer.
    pub fn read(network: &Network, block: u64, epoch: u64) -> Outcome<Self> {
        let rpc = network.rpc();
        let netuid = network.netuid();
        let graph = metagraph(rpc, netuid, block)?;
        let price: u64 = ask(
            rpc,
            "SwapRuntimeApi_current_alpha_price",
            &netuid.encode(),
            &hash(rpc, block)?,
        )?;
        let price = price as f64 / UNITS;
        let scores = network.scores();
        let rows = network
            .everybody()
            .iter()
            .map(|one| row(network, &graph, one, price, &scores))
            .collect();
        Ok(Self {
            block,
            epoch,
            tempo: graph.tempo.0,
            price,
            tao_issued: graph.tao_in_emission.0.get() as f64 / UNITS,
            rows,
        })
    }

    /// The table, in the style of where it goes.
    pub fn table(&self, style: Style) -> Table {
        let title = format!(
            "epoch {} · block {} · 1 α = {:.4} TAO · {:.3} TAO per block into the pool",
            self.epoch, self.block, self.price, self.tao_issued
        );
        let mut table = Table::new(
            title,
            &[
                "uid",
                "role",
                "name",
                "model",
                "score",
                "incentive",
                "dividends",
                "α/epoch",
                "TAO/epoch",
                "weights at",
            ],
        );
        let share = |value: f64| -> Value {
            if value == 0.0 && style == Style::Terminal {
                return "·".into();
            }
            format!("{value:.4}").into()
        };
        for row in &self.rows {
            let score = row
                .score
                .map_or(Value::Null, |score| format!("{score:.4}").into());
            table.row([
                row.uid.into(),
                row.role.into(),
                row.name.clone().into(),
                row.serves.clone().into(),
                score,
                share(row.incentive),
                share(row.dividends),
                share(row.alpha as f64 / UNITS),
                share(row.tao),
                row.weights.map_or(Value::Null, Value::from),
            ]);
        }
        table
    }

    /// All of it for programs.
    pub fn json(&self) -> Value {
        let neurons: Vec<Value> = self
            .rows
            .iter()
            .map(|row| {
                json!({
                    "uid": row.uid,
                    "role": row.role,
                    "name": row.name,
                    "model": row.serves,
                    "score": row.score,
                    "incentive": row.incentive,
                    "dividends": row.dividends,
                    "emission_alpha_units": row.alpha,
                    "emission_tao": row.tao,
                    "last_weights_block": row.weights,
                })
            })
            .collect();
        json!({
            "kind": "epoch",
            "epoch": self.epoch,
            "block": self.block,
            "tempo": self.tempo,
            "price_tao": self.price,
            "tao_into_pool_per_block": self.tao_issued,
            "neurons": neurons,
        })
    }
}

fn row(
    network: &Network,
    graph: &Metagraph,
    one: &Judged,
    price: f64,
    scores: &BTreeMap<u16, f64>,
) -> Row {
    let at = usize::from(one.uid);
    let share = |column: &[codec::Compact<u16>]| {
        column
            .get(at)
            .map_or(0.0, |part| f64::from(part.0) / 65_535.0)
    };
    let alpha = graph.emission.get(at).map_or(0, |amount| amount.0.get());
    let block_of = |column: &[codec::Compact<u64>]| column.get(at).map_or(0, |block| block.0);
    // Registration counts as an update: a neuron that never set weights still has that block.
    let updated = block_of(&graph.last_update);
    let registered = block_of(&graph.block_at_registration);
    let player = network
        .definition()
        .cast
        .miners
        .iter()
        .find(|player| player.name == one.name);
    Row {
        uid: one.uid,
        role: match one.part {
            Part::Owner => "owner",
            Part::Validator => "validator",
            Part::Miner(Expected::Pay) => "miner",
            Part::Miner(Expected::Nothing) => "cheat",
        },
        name: one.name.clone(),
        serves: player.map_or("", |player| player.serves).into(),
        score: matches!(one.part, Part::Miner(_))
            .then(|| scores.get(&one.uid).copied())
            .flatten(),
        incentive: share(&graph.incentives),
        dividends: share(&graph.dividends),
        alpha,
        tao: alpha as f64 / UNITS * price,
        weights: (updated > registered && one.part == Part::Validator).then_some(updated),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view() -> View {
        View {
            block: 120,
            epoch: 6,
            tempo: 20,
            price: 1.5,
            tao_issued: 0.25,
            rows: vec![
                Row {
                    uid: 1,
                    role: "miner",
                    name: "good".into(),
                    serves: "tiny:trained".into(),
                    score: Some(0.5),
                    incentive: 0.75,
                    dividends: 0.0,
                    alpha: 2_500_000_000,
                    tao: 3.75,
                    weights: None,
                },
                Row {
                    uid: 5,
                    role: "validator",
                    name: "validator-1".into(),
                    serves: String::new(),
                    score: None,
                    incentive: 0.0,
                    dividends: 0.5,
                    alpha: 1,
                    tao: 1.5e-9,
                    weights: Some(118),
                },
            ],
        }
    }

    #[test]
    fn a_pipe_gets_plain_lines_without_steering_characters() {
        let text = view().table(Style::Plain).render(Style::Plain);
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len(), 4, "{text}");
        assert_eq!(
            lines[2],
            "1\tminer\tgood\ttiny:trained\t0.5000\t0.7500\t0.0000\t2.5000\t3.7500\t"
        );
        assert!(lines[3].ends_with("\t118"), "{text}");
        assert!(!text.contains('\u{1b}'));
    }

    #[test]
    fn a_terminal_gets_a_table_of_a_line_for_each_neuron() {
        let text = view().table(Style::Terminal).render(Style::Terminal);
        assert!(
            text.contains("validator-1") && text.contains("118"),
            "{text}"
        );
    }

    #[test]
    fn programs_get_whole_units() {
        let json = view().json();
        assert_eq!(
            json["neurons"][0]["emission_alpha_units"],
            2_500_000_000_u64
        );
        assert_eq!(json["neurons"][1]["last_weights_block"], 118);
        assert_eq!(json["neurons"][1]["score"], Value::Null);
    }
}
