//! Why miners have their scores, and what consensus made of this validator's weights.

use std::collections::BTreeMap;

use neuron_operator::report::Table;
use serde_json::Value;

use crate::{
    average::Average,
    chain::{Away, ChainAccess, Subnet},
    clipping::{self, Cut},
    hotkey::Hotkey,
    store::Round,
    submission::Submission,
};

/// What the chain says of a validator on a subnet.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The subnet.
    pub subnet: Subnet,
    /// The validator's weights as the chain stores them, and what consensus made of them.
    pub cuts: Vec<Cut>,
}

impl Standing {
    /// Reads it. **Errors:** the chain is away. `None` without the subnet.
    pub async fn read(
        chain: &impl ChainAccess,
        netuid: u16,
        own: &Hotkey,
    ) -> Result<Option<Self>, Away> {
        let Some(subnet) = chain.subnet(netuid).await? else {
            return Ok(None);
        };
        let row = match subnet.neuron(own) {
            Some(neuron) => chain.weights(netuid, neuron.uid).await?,
            None => Vec::new(),
        };
        let cuts = counted(&subnet, own, &row);
        Ok(Some(Self { subnet, cuts }))
    }
}

/// A row beside the consensus: what counts is neither the validator itself nor who registered after the row was set.
pub fn counted(subnet: &Subnet, own: &Hotkey, row: &[(u16, u16)]) -> Vec<Cut> {
    let Some(neuron) = subnet.neuron(own) else {
        return Vec::new();
    };
    let consensus: Vec<u16> = subnet
        .neurons
        .iter()
        .map(|neuron| neuron.consensus)
        .collect();
    clipping::cuts(row, &consensus, |uid| {
        let target = subnet.neurons.get(usize::from(uid));
        target.is_some_and(|target| {
            // The owner's weight for itself counts.
            let counts = target.hotkey != *own || subnet.owner == *own;
            counts && target.registered_at < neuron.last_update
        })
    })
}

/// A line for every miner: its last verdict, its average, this validator's weight for it, the consensus, and what that took away.
pub fn miners(
    netuid: u16,
    round: Option<&Round>,
    averages: &[(Hotkey, Average)],
    standing: Option<&Standing>,
    only: Option<u16>,
) -> Table {
    let mut table = Table::new(
        format!("subnet {netuid}: miners"),
        &[
            "uid",
            "hotkey",
            "score",
            "average",
            "rounds",
            "reason",
            "weight",
            "consensus",
            "taken away",
            "incentive",
        ],
    );
    let averages: BTreeMap<Hotkey, Average> = averages.iter().copied().collect();
    for verdict in round
        .map(|round| round.verdicts.as_slice())
        .unwrap_or_default()
    {
        let (uid, hotkey) = (verdict.miner.uid, Hotkey(verdict.miner.hotkey));
        if only.is_some_and(|only| only != uid) {
            continue;
        }
        let average = averages.get(&hotkey);
        let holder = standing.and_then(|standing| standing.subnet.neurons.get(usize::from(uid)));
        let still = holder.filter(|holder| holder.hotkey == hotkey);
        let cut = standing.and_then(|standing| standing.cuts.iter().find(|cut| cut.uid == uid));
        let cut = cut.filter(|_| still.is_some());
        let reason = match (holder, still) {
            (Some(_), None) => format!("{} (replaced since)", verdict.reason),
            _ => verdict.reason.clone(),
        };
        let number = |number: Option<f64>| number.map_or(Value::Null, Value::from);
        table.row([
            uid.into(),
            hotkey.to_string().into(),
            verdict.score.into(),
            number(average.map(|average| average.value)),
            average.map_or(Value::Null, |average| average.rounds.into()),
            reason.into(),
            number(cut.map(|cut| cut.own)),
            number(cut.map(|cut| cut.consensus)),
            number(cut.map(|cut| cut.taken)),
            number(still.map(|neuron| f64::from(neuron.incentive) / 65_535.0)),
        ]);
    }
    table
}

/// The numbers behind one miner's last verdict.
pub fn parts(round: &Round, uid: u16) -> Table {
    let mut table = Table::new(
        format!("uid {uid}: what its score is made of"),
        &["part", "value"],
    );
    let verdict = round
        .verdicts
        .iter()
        .find(|verdict| verdict.miner.uid == uid);
    for (name, value) in verdict.iter().flat_map(|verdict| &verdict.parts) {
        table.row([name.as_str().into(), (*value).into()]);
    }
    table
}

/// How the validator itself stands.
pub fn validator(
    netuid: u16,
    own: &Hotkey,
    round: Option<&Round>,
    submission: &Submission,
    standing: Option<&Standing>,
) -> Table {
    let mut table = Table::new(
        format!("subnet {netuid}: this validator"),
        &["what", "value"],
    );
    let mut line = |what: &str, value: Value| {
        table.row([what.into(), value]);
    };
    line("hotkey", own.to_string().into());
    if let Some(round) = round {
        line("newest round, epoch", round.epoch.into());
        line(
            "template",
            format!("{} {}", round.template.0, round.template.1).into(),
        );
    }
    line(
        "newest scores on chain, epoch",
        submission.handed().map_or(Value::Null, Value::from),
    );
    line("commits to reveal", submission.commits().len().into());
    let Some(standing) = standing else {
        line("chain", "away: what follows is not known".into());
        return table;
    };
    let subnet = &standing.subnet;
    let Some(neuron) = subnet.neuron(own) else {
        line("registration", "none: it earns nothing".into());
        return table;
    };
    line("uid", neuron.uid.into());
    line("permit", subnet.may_set(neuron).into());
    line("stake, TAO", (neuron.stake as f64 / 1e9).into());
    line(
        "weights, blocks ago",
        subnet.block.saturating_sub(neuron.last_update).into(),
    );
    line("inactive after, blocks", subnet.activity_cutoff.into());
    line(
        "dividends, share",
        (f64::from(neuron.dividends) / 65_535.0).into(),
    );
    line(
        "emission of the last epoch, alpha",
        (neuron.emission as f64 / 1e9).into(),
    );
    let taken = clipping::taken(&standing.cuts);
    line("weights that consensus took away", taken.into());
    line(
        "weights that counted (validator trust)",
        if standing.cuts.is_empty() {
            0.0.into()
        } else {
            (1.0 - taken).into()
        },
    );
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulation::miners::{hotkey, neuron, subnet};

    #[test]
    fn cuts_leave_out_oneself_and_who_came_later() {
        let own = hotkey(0);
        let mut subnet = subnet(1, 10, own, &[]);
        for uid in 1..4 {
            subnet.neurons.push(neuron(uid, hotkey(uid), None));
        }
        subnet.neurons[0].last_update = 50;
        subnet.neurons[1].consensus = 65_535 / 4;
        subnet.neurons[2].consensus = 65_535 / 2;
        subnet.neurons[3].registered_at = 50;
        let cuts = counted(&subnet, &own, &[(0, 9), (1, 100), (2, 100), (3, 100)]);
        assert_eq!(cuts.iter().map(|cut| cut.uid).collect::<Vec<_>>(), [1, 2]);
        assert!((cuts[0].taken - 0.25).abs() < 1e-4);
        assert_eq!(cuts[1].taken, 0.0);
        subnet.owner = own;
        assert_eq!(counted(&subnet, &own, &[(0, 9), (1, 100)]).len(), 2);
        assert_eq!(counted(&subnet, &hotkey(8), &[(1, 1)]), []);
    }
}
