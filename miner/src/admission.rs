//! Who may ask, and how often.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use neuron_protocol::Hotkey;

use crate::network::Snapshot;

/// Senders that are remembered before idle ones are forgotten.
const SENDERS: usize = 1024;

/// What one sender may do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Allowance {
    /// Requests a minute in the long run.
    pub per_minute: u32,
    /// Requests at once after a pause.
    pub burst: u32,
    /// Requests that are answered at the same time.
    pub at_once: u32,
}

/// Why somebody may not ask now.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// The hotkey is not on the subnet.
    #[error("the hotkey is not registered on subnet {0}")]
    Stranger(u16),
    /// It is, but not as a validator.
    #[error("the hotkey has no validator permit on subnet {0}")]
    NoPermit(u16),
    /// It asks too often.
    #[error("too many requests; try again in {} s", .0.as_secs().max(1))]
    TooOften(Duration),
    /// It has too many open requests.
    #[error("too many open requests")]
    TooManyAtOnce,
}

/// Who may ask, and how often. Clones are the same.
#[derive(Clone, Debug)]
pub struct Admission {
    allowance: Allowance,
    least_stake: Option<u64>,
    senders: Arc<Mutex<HashMap<Hotkey, Sender>>>,
}

#[derive(Clone, Copy, Debug)]
struct Sender {
    tokens: f64,
    at: Instant,
    open: u32,
}

/// A sender's right to one request; ends when dropped.
#[derive(Debug)]
pub struct Turn {
    sender: Hotkey,
    admission: Admission,
}

impl Admission {
    /// `least_stake`: neurons with this stake (rao) may ask without a permit; `None` for nobody.
    pub fn new(allowance: Allowance, least_stake: Option<u64>) -> Self {
        Self {
            allowance,
            least_stake,
            senders: Arc::default(),
        }
    }

    /// Whether the subnet lets a hotkey ask: it has a permit, or stake enough. As long as nobody has a permit, the owner may ask, or
    /// a new subnet would never start. **Errors:** [`Denied::Stranger`], [`Denied::NoPermit`].
    pub fn permits(&self, snapshot: &Snapshot, sender: &Hotkey) -> Result<(), Denied> {
        let young = || snapshot.neurons().iter().all(|neuron| !neuron.permit);
        if *sender == snapshot.owner_hotkey && young() {
            return Ok(());
        }
        let neuron = snapshot
            .neuron(sender)
            .ok_or(Denied::Stranger(snapshot.netuid))?;
        let rich = self.least_stake.is_some_and(|least| neuron.stake >= least);
        if neuron.permit || rich {
            Ok(())
        } else {
            Err(Denied::NoPermit(snapshot.netuid))
        }
    }

    /// Takes a turn. Only for senders that are known to be who they say: others could use up their turns.
    /// **Errors:** [`Denied::TooOften`], [`Denied::TooManyAtOnce`].
    pub fn turn(&self, sender: &Hotkey, now: Instant) -> Result<Turn, Denied> {
        let burst = f64::from(self.allowance.burst.max(1));
        let per_second = f64::from(self.allowance.per_minute) / 60.0;
        let mut senders = self.lock();
        if senders.len() >= SENDERS && !senders.contains_key(sender) {
            // A minute is enough for most buckets to be full again: nothing is forgotten that would matter.
            let old = Duration::from_secs(60);
            senders.retain(|_, s| s.open > 0 || now.saturating_duration_since(s.at) < old);
        }
        let state = senders.entry(*sender).or_insert(Sender {
            tokens: burst,
            at: now,
            open: 0,
        });
        let passed = now.saturating_duration_since(state.at).as_secs_f64();
        state.tokens = passed.mul_add(per_second, state.tokens).min(burst);
        state.at = now;
        if state.open >= self.allowance.at_once.max(1) {
            return Err(Denied::TooManyAtOnce);
        }
        if state.tokens < 1.0 {
            let wait = (1.0 - state.tokens) / per_second.max(1.0 / 3600.0);
            return Err(Denied::TooOften(Duration::from_secs_f64(wait)));
        }
        state.tokens -= 1.0;
        state.open += 1;
        Ok(Turn {
            sender: *sender,
            admission: self.clone(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Hotkey, Sender>> {
        self.senders.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(state) = self.admission.lock().get_mut(&self.sender) {
            state.open = state.open.saturating_sub(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Neuron;

    const ALLOWANCE: Allowance = Allowance {
        per_minute: 60,
        burst: 3,
        at_once: 2,
    };

    fn neuron(uid: u16, permit: bool, stake: u64) -> Neuron {
        Neuron {
            uid,
            hotkey: [uid as u8; 32],
            coldkey: [0; 32],
            permit,
            stake,
            incentive: 0,
            dividends: 0,
            emission: 0,
            axon: None,
            registered_at: 0,
        }
    }

    fn subnet(neurons: Vec<Neuron>) -> Snapshot {
        let mut snapshot = Snapshot::empty(7);
        snapshot.owner_hotkey = [9; 32];
        snapshot.with_neurons(neurons)
    }

    #[test]
    fn permits_and_stake_open_the_door() {
        let subnet = subnet(vec![
            neuron(1, true, 0),
            neuron(2, false, 50),
            neuron(3, false, 9),
        ]);
        let strict = Admission::new(ALLOWANCE, None);
        let open = Admission::new(ALLOWANCE, Some(10));
        assert_eq!(strict.permits(&subnet, &[1; 32]), Ok(()));
        assert_eq!(strict.permits(&subnet, &[2; 32]), Err(Denied::NoPermit(7)));
        assert_eq!(open.permits(&subnet, &[2; 32]), Ok(()));
        assert_eq!(open.permits(&subnet, &[3; 32]), Err(Denied::NoPermit(7)));
        assert_eq!(open.permits(&subnet, &[8; 32]), Err(Denied::Stranger(7)));
    }

    #[test]
    fn the_owner_may_ask_until_somebody_has_a_permit() {
        let admission = Admission::new(ALLOWANCE, None);
        let young = subnet(vec![neuron(1, false, 0)]);
        assert_eq!(admission.permits(&young, &[9; 32]), Ok(()));
        let grown = subnet(vec![neuron(1, true, 0)]);
        assert_eq!(
            admission.permits(&grown, &[9; 32]),
            Err(Denied::Stranger(7))
        );
    }

    #[test]
    fn each_sender_has_its_own_bucket_that_fills_again() {
        let admission = Admission::new(ALLOWANCE, None);
        let now = Instant::now();
        for _ in 0..3 {
            drop(admission.turn(&[1; 32], now).expect("within the burst"));
        }
        let denied = admission.turn(&[1; 32], now).expect_err("empty");
        assert_eq!(denied, Denied::TooOften(Duration::from_secs(1)));
        assert!(admission.turn(&[2; 32], now).is_ok());
        assert!(
            admission
                .turn(&[1; 32], now + Duration::from_secs(1))
                .is_ok()
        );
        assert!(
            admission
                .turn(&[1; 32], now + Duration::from_secs(1))
                .is_err()
        );
    }

    #[test]
    fn open_requests_are_limited_and_end() {
        let admission = Admission::new(ALLOWANCE, None);
        let now = Instant::now();
        let first = admission.turn(&[1; 32], now).expect("one");
        let _second = admission.turn(&[1; 32], now).expect("two");
        assert_eq!(
            admission.turn(&[1; 32], now).err(),
            Some(Denied::TooManyAtOnce)
        );
        drop(first);
        assert!(admission.turn(&[1; 32], now).is_ok());
    }
}
