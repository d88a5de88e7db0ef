//! Where the judge of a subnet sits; it is replaced when the owner declares something else.

use std::time::Duration;

use subnet_sdk::Judge;

use super::no_round::NoRound;
use crate::{
    duty::{Duty, SharedModels},
    round::JudgeFault,
    subnet::blocking,
};

/// A judge, and the declaration that it was made with.
struct Sitting {
    judge: Box<dyn Judge>,
    declaration: Option<Vec<u8>>,
}

/// The judge, once there is one.
#[derive(Default)]
pub(super) struct Seat {
    sitting: Option<Sitting>,
    /// The epoch and declaration with which no judge could be made, and why: once in an epoch is enough to load a model in vain.
    failed: Option<(u64, Option<Vec<u8>>, String)>,
}

impl Seat {
    /// How long a miner may take, if the judge says so.
    pub(super) fn deadline(&self) -> Option<Duration> {
        self.sitting.as_ref()?.judge.deadline()
    }

    /// What the judge was made with.
    pub(super) fn declaration(&self) -> Option<Vec<u8>> {
        self.sitting.as_ref()?.declaration.clone()
    }

    /// Makes a judge, if there is none that knows this declaration.
    pub(super) async fn fill(
        &mut self,
        duty: &Duty,
        models: &SharedModels,
        epoch: u64,
        declaration: Option<Vec<u8>>,
    ) -> Result<(), NoRound> {
        if self
            .sitting
            .as_ref()
            .is_some_and(|sitting| sitting.declaration == declaration)
        {
            return Ok(());
        }
        match &self.failed {
            Some((when, what, why)) if *when == epoch && *what == declaration => {
                return Err(NoRound::Template(why.clone()));
            }
            _ => {}
        }
        let netuid = duty.netuid;
        let (duty, models) = (duty.clone(), models.clone());
        let declared = declaration.clone();
        let made = blocking(move || duty.judge(models.as_ref(), declared.as_deref())).await;
        let judge = match made {
            Ok(Ok(judge)) => judge,
            Ok(Err(error)) => return Err(self.no_judge(epoch, declaration, error.to_string())),
            Err(panic) => {
                return Err(self.no_judge(epoch, declaration, format!("it broke off: {panic}")));
            }
        };
        tracing::info!(
            netuid,
            declared = declaration.is_some(),
            "the judge is ready"
        );
        self.failed = None;
        self.sitting = Some(Sitting { judge, declaration });
        Ok(())
    }

    fn no_judge(&mut self, epoch: u64, declaration: Option<Vec<u8>>, why: String) -> NoRound {
        self.failed = Some((epoch, declaration, why.clone()));
        NoRound::Template(why)
    }

    /// Lets the judge work beside the loop. After a panic the seat is empty.
    pub(super) async fn work<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut dyn Judge) -> T + Send + 'static,
    ) -> Result<T, NoRound> {
        let Some(mut sitting) = self.sitting.take() else {
            return Err(NoRound::Template("there is no judge".into()));
        };
        let done = blocking(move || {
            let done = work(sitting.judge.as_mut());
            (sitting, done)
        });
        let (sitting, done) = done
            .await
            .map_err(|panic| NoRound::Judge(JudgeFault::Panicked(panic)))?;
        self.sitting = Some(sitting);
        Ok(done)
    }
}
