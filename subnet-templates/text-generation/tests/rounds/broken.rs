//! A validator whose model fails.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use serde_json::json;
use subnet_sdk::{
    Candidate, Fingerprint, Generation, GenerationRequest, LanguageModel, ModelError, Position,
    Refusal, Resources, Sampling, Template, Token, Worker,
    rehearsal::{self, cheat, honest},
    toy::{Toy, ToyModels},
};
use text_generation_subnet::{Generator, TextGeneration};

use crate::stage::*;

/// A toy that can break.
struct Fragile {
    toy: Toy,
    is_broken: AtomicBool,
}

impl Fragile {
    fn check(&self) -> Result<(), ModelError> {
        if self.is_broken.load(Ordering::SeqCst) {
            return Err(ModelError::Computation("the device is gone".to_owned()));
        }
        Ok(())
    }
}

impl LanguageModel for Fragile {
    fn name(&self) -> &str {
        self.toy.name()
    }
    fn fingerprint(&self) -> &Fingerprint {
        self.toy.fingerprint()
    }
    fn vocabulary(&self) -> usize {
        self.toy.vocabulary()
    }
    fn context(&self) -> usize {
        self.toy.context()
    }
    fn end_of_text(&self) -> Option<u32> {
        self.toy.end_of_text()
    }
    fn encode(&self, text: &str) -> Result<Vec<u32>, ModelError> {
        self.toy.encode(text)
    }
    fn decode(&self, tokens: &[u32]) -> Result<String, ModelError> {
        self.toy.decode(tokens)
    }
    fn generate(
        &self,
        request: &GenerationRequest,
        each: &mut dyn FnMut(&Token) -> bool,
    ) -> Result<Generation, ModelError> {
        self.check()?;
        self.toy.generate(request, each)
    }
    fn examine(
        &self,
        tokens: &[u32],
        from: usize,
        candidates: usize,
        sampling: Option<&Sampling>,
    ) -> Result<Vec<Position>, ModelError> {
        self.check()?;
        self.toy.examine(tokens, from, candidates, sampling)
    }
    fn predict(&self, tokens: &[u32], candidates: usize) -> Result<Vec<Candidate>, ModelError> {
        self.check()?;
        self.toy.predict(tokens, candidates)
    }
}

#[test]
fn a_broken_model_is_nobodys_fault_but_its_owners() {
    let model = Arc::new(Fragile {
        toy: Toy::new(1),
        is_broken: AtomicBool::new(false),
    });
    let declared = declared();
    let settings = json!({ "model": "fragile" });
    let mut judge = TextGeneration
        .judge(&Resources {
            models: &ToyModels::new().with("fragile", model.clone()),
            settings: settings.as_object().unwrap(),
            declaration: Some(declared.as_bytes()),
        })
        .unwrap();
    let mut players = [honest(worker(), TIME), cheat(|_| b"?".to_vec(), TIME)];
    let exchanges = rehearsal::exchanges(&mut *judge, &seed(0), &mut players);
    model.is_broken.store(true, Ordering::SeqCst);
    let verdicts = judge.verdicts(&seed(0), &exchanges);
    assert!(
        verdicts[0]
            .reason
            .starts_with("not judged: the validator could not check it")
    );
    assert!(!verdicts[0].judged && verdicts[1].judged);
    assert!(verdicts[1].reason.starts_with("2 of 2 answers wrong"));
    model.is_broken.store(false, Ordering::SeqCst);
    assert!(judge.verdicts(&seed(0), &exchanges)[0].score > 0.4);
    // In the miner it is a failure that another try may mend.
    model.is_broken.store(true, Ordering::SeqCst);
    let refusal = Generator::new(model).answer(&exchanges[0].challenge.body);
    assert!(matches!(refusal, Err(Refusal::Failed(_))));
}
