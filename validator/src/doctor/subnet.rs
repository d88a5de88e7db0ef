//! What the chain says of a subnet, and whether its template can judge.

use neuron_operator::{findings::Findings, report::Mark};

use crate::{
    chain::{ChainAccess, Subnet},
    duty::{Duty, SharedModels},
    hotkey::Hotkey,
};

/// One subnet: what the chain says, and whether the template can judge.
pub(super) async fn examine(
    chain: &impl ChainAccess,
    duty: &Duty,
    own: Option<&Hotkey>,
    models: &SharedModels,
    findings: &mut Findings,
) {
    let netuid = duty.netuid;
    let name = |what: &str| format!("subnet {netuid}: {what}");
    let found = match chain.subnet(netuid).await {
        Ok(Some(subnet)) => subnet,
        Ok(None) => {
            return findings.add(
                name("existence"),
                Mark::Bad,
                "there is no such subnet",
                "check --subnet",
            );
        }
        Err(error) => {
            return findings.add(
                name("existence"),
                Mark::Bad,
                error.to_string(),
                "check the node",
            );
        }
    };
    hyperparameters(&found, findings);
    if let Some(own) = own {
        standing(&found, own, findings);
    }
    let declaration = chain
        .commitment(netuid, &found.owner)
        .await
        .unwrap_or_default();
    let description = duty.template.description();
    let title = format!("{} {}", description.name, description.version);
    let (duty, models) = (duty.clone(), models.clone());
    let judge = tokio::task::spawn_blocking(move || {
        duty.judge(models.as_ref(), declaration.as_deref())
            .map(drop)
    });
    match judge.await {
        Ok(Ok(())) => findings.add(
            name("template"),
            Mark::Good,
            format!("{title} can judge"),
            "",
        ),
        Ok(Err(error)) => findings.add(
            name("template"),
            Mark::Bad,
            format!("{title}: {error}"),
            "correct --setting, or ask the owner of the subnet",
        ),
        Err(error) => findings.add(
            name("template"),
            Mark::Bad,
            format!("{title} broke off: {error}"),
            "report it to the template's authors",
        ),
    }
}

fn hyperparameters(subnet: &Subnet, findings: &mut Findings) {
    let name = format!("subnet {}: hyperparameters", subnet.netuid);
    let weights = match subnet.commit_reveal {
        true => format!("committed, revealed {} epochs later", subnet.reveal_period),
        false => "open".into(),
    };
    let finding = format!(
        "tempo {}, weights {weights}, at least {} weights, one at most {:.1} %, {} blocks between two, {} neurons",
        subnet.tempo,
        subnet.min_allowed_weights,
        f64::from(subnet.max_weights_limit) / 655.35,
        subnet.weights_rate_limit,
        subnet.neurons.len()
    );
    let others = subnet.neurons.len().saturating_sub(1);
    if subnet.tempo == 0 {
        findings.add(
            name,
            Mark::Bad,
            finding,
            "the subnet has no epochs, so it pays nothing; its owner must set a tempo",
        );
    } else if u64::from(subnet.tempo) > subnet.activity_cutoff {
        findings.add(name, Mark::Bad, finding, "validators are inactive before the next epoch; the subnet's owner must raise the activity cutoff");
    } else if subnet.weights_rate_limit > subnet.activity_cutoff {
        findings.add(name, Mark::Bad, finding, "weights grow too old before new ones are allowed; the subnet's owner must correct that");
    } else if others == 0 {
        findings.add(
            name,
            Mark::Warning,
            finding,
            "there is nobody to give weight to yet",
        );
    } else {
        findings.add(name, Mark::Good, finding, "");
    }
}

fn standing(subnet: &Subnet, own: &Hotkey, findings: &mut Findings) {
    let name = |what: &str| format!("subnet {}: {what}", subnet.netuid);
    let Some(neuron) = subnet.neuron(own) else {
        let finding = format!(
            "none; registering costs {:.4} TAO now",
            subnet.burn as f64 / 1e9
        );
        return findings.add(
            name("registration"),
            Mark::Bad,
            finding,
            "register the hotkey with its coldkey",
        );
    };
    findings.add(
        name("registration"),
        Mark::Good,
        format!("uid {}", neuron.uid),
        "",
    );
    let stake = format!("{:.4} TAO", neuron.stake as f64 / 1e9);
    match neuron.stake {
        0 => findings.add(
            name("stake"),
            Mark::Bad,
            stake,
            "stake to this hotkey: without stake there is no permit",
        ),
        _ => findings.add(name("stake"), Mark::Good, stake, ""),
    }
    match subnet.may_set(neuron) {
        true => findings.add(name("permit"), Mark::Good, "yes", ""),
        false => findings.add(
            name("permit"),
            Mark::Bad,
            "no",
            "it comes with the next epoch, if there is enough stake",
        ),
    }
    let age = subnet.block.saturating_sub(neuron.last_update);
    let finding = format!("{age} blocks old, too old after {}", subnet.activity_cutoff);
    if age > subnet.activity_cutoff {
        findings.add(
            name("weights"),
            Mark::Bad,
            finding,
            "the chain counts this validator as inactive; start `run`, look at its log",
        );
    } else {
        findings.add(name("weights"), Mark::Good, finding, "");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use subnet_sdk::{LanguageModel, ModelError, Models};

    use super::*;
    use crate::simulation::{chain::Memory, miners, toy::TOY};

    struct NoModels;
    impl Models for NoModels {
        fn load(&self, reference: &str) -> Result<Arc<dyn LanguageModel>, ModelError> {
            Err(ModelError::Request(reference.into()))
        }
    }

    /// What the doctor says of a subnet that was changed.
    async fn found(change: impl FnOnce(&mut crate::simulation::chain::Chapter)) -> (Mark, String) {
        let own = miners::hotkey(0);
        let chain = Memory::new(own);
        let mut subnet = miners::subnet(5, 100, own, &[]);
        subnet
            .neurons
            .push(miners::neuron(1, miners::hotkey(1), None));
        chain.add(subnet);
        chain.with(|state| change(state.chapters.get_mut(&5).expect("there")));
        let duty = Duty {
            netuid: 5,
            template: &TOY,
            settings: serde_json::Map::new(),
        };
        let models: SharedModels = Arc::new(NoModels);
        let mut findings = Findings::default();
        examine(&chain, &duty, Some(&own), &models, &mut findings).await;
        (
            findings.worst(),
            findings
                .table()
                .render(neuron_operator::report::Style::Plain),
        )
    }

    #[tokio::test]
    async fn a_good_subnet_is_good() {
        let (worst, text) = found(|_| {}).await;
        assert_eq!(worst, Mark::Good, "{text}");
    }

    #[tokio::test]
    async fn what_costs_earnings_is_bad_and_says_what_to_do() {
        let own = miners::hotkey(0);
        let (worst, text) = found(|chapter| chapter.subnet.neurons[0].stake = 0).await;
        assert!(
            worst == Mark::Bad && text.contains("stake to this hotkey"),
            "{text}"
        );
        let (worst, text) = found(|chapter| chapter.subnet.neurons[0].is_permitted = false).await;
        assert!(worst == Mark::Bad && text.contains("permit\tbad"), "{text}");
        let (worst, text) =
            found(|chapter| chapter.subnet.neurons.retain(|neuron| neuron.hotkey != own)).await;
        assert!(
            worst == Mark::Bad && text.contains("costs 1.0000 TAO"),
            "{text}"
        );
        let (worst, text) = found(|chapter| chapter.subnet.tempo = 0).await;
        assert!(worst == Mark::Bad && text.contains("no epochs"), "{text}");
        let (worst, text) = found(|chapter| chapter.subnet.activity_cutoff = 50).await;
        assert!(
            worst == Mark::Bad && text.contains("inactive before"),
            "{text}"
        );
        let (worst, text) = found(|chapter| chapter.declaration = Some(b"broken".to_vec())).await;
        assert!(
            worst == Mark::Bad && text.contains("it says `broken`"),
            "{text}"
        );
    }
}
