use super::*;
use crate::books::Pending;

const GOOD: Key = [1; 32];
const POOR: Key = [2; 32];
const CHEAT: Key = [3; 32];
const VALIDATORS: [Key; 2] = [[4; 32], [5; 32]];
const OWNER: Key = [6; 32];

fn everybody() -> Vec<Judged> {
    let pay = Part::Miner(Expected::Pay);
    [
        ("owner", OWNER, Part::Owner),
        ("good", GOOD, pay),
        ("poor", POOR, pay),
        ("cheat", CHEAT, Part::Miner(Expected::Nothing)),
        ("validator-1", VALIDATORS[0], Part::Validator),
        ("validator-2", VALIDATORS[1], Part::Validator),
    ]
    .into_iter()
    .zip(0..)
    .map(|((name, hotkey, part), uid)| Judged {
        name: name.into(),
        hotkey,
        uid,
        part,
    })
    .collect()
}

fn books(block: u64, epochs: u64, stake: [u64; 6], pending: u64, emission: [u64; 6]) -> Books {
    let staked = stake.iter().sum();
    Books {
        block,
        epochs,
        alpha_out: staked + pending + 7,
        staked,
        burned: 7,
        pending: Pending {
            server: pending,
            ..Pending::default()
        },
        emission: emission.to_vec(),
        tao_in: 1_000 + block,
        tao_issued: 1,
        minted: 100,
        stake: [OWNER, GOOD, POOR, CHEAT, VALIDATORS[0], VALIDATORS[1]]
            .into_iter()
            .zip(stake)
            .collect(),
        ..Books::default()
    }
}

/// Two blocks, the second of them an epoch that pays 190 and leaves 10 waiting.
fn sound() -> Window {
    let mut window = Window::open(books(10, 1, [0, 5, 5, 0, 500, 500], 0, [0; 6]));
    window.take(books(11, 1, [0, 5, 5, 0, 500, 500], 100, [0; 6]));
    window.take(books(
        12,
        2,
        [30, 65, 25, 0, 550, 530],
        10,
        [0, 60, 20, 0, 50, 30],
    ));
    window
}

fn broken(change: impl FnOnce(&mut Window)) -> Vec<String> {
    let mut window = sound();
    change(&mut window);
    judge(&window, &everybody())
        .into_iter()
        .filter(|claim| !claim.holds)
        .map(|claim| claim.claim)
        .collect()
}

#[test]
fn a_network_that_paid_rightly_is_believed() {
    assert_eq!(broken(|_| ()), Vec::<String>::new());
}

#[test]
fn a_worse_miner_that_earned_as_much_is_noticed() {
    let found = broken(|window| {
        window.last.stake.insert(POOR, 65);
    });
    assert!(found.contains(&"the better miner earned more".to_owned()));
    // A miner that is meant to earn and did not, too.
    let found = broken(|window| {
        window.last.stake.insert(POOR, 5);
    });
    assert!(found.contains(&"the better miner earned more".to_owned()));
}

#[test]
fn a_cheat_with_one_unit_is_noticed() {
    let claim = "cheat earned nothing, from its registration on".to_owned();
    let held = broken(|window| {
        window.first.stake.insert(CHEAT, 1);
        window.last.stake.insert(CHEAT, 1);
    });
    assert!(held.contains(&claim));
    let computed = broken(|window| {
        window.computed.insert(3, 1);
    });
    assert!(computed.contains(&claim));
}

#[test]
fn a_validator_that_earned_nothing_is_noticed() {
    let found = broken(|window| {
        window.last.stake.insert(VALIDATORS[1], 500);
    });
    assert!(found.contains(&"validator-2 earned".to_owned()));
}

#[test]
fn a_missing_unit_is_noticed_wherever_it_is_missing() {
    let emitted = "what was emitted is what was paid and what waits".to_owned();
    assert!(broken(|window| window.minted += 1).contains(&emitted));
    assert!(broken(|window| window.last.pending.server -= 1).contains(&emitted));
    let outside =
        "the alpha outside of the pool is the sum of its parts, before and after".to_owned();
    assert!(broken(|window| window.last.alpha_out += 1).contains(&outside));
    assert!(broken(|window| window.first.protocol += 1).contains(&outside));
    let stake = "all stake is that of these neurons".to_owned();
    assert!(broken(|window| window.last.staked += 1).contains(&stake));
    let computed = "each miner holds exactly what the epochs computed for it".to_owned();
    assert!(
        broken(|window| {
            window.computed.insert(1, 61);
        })
        .contains(&computed)
    );
    let pool = "the pool took the TAO that was issued to it".to_owned();
    assert!(broken(|window| window.last.tao_in += 1).contains(&pool));
}

#[test]
fn amounts_are_shown_to_the_last_unit() {
    assert_eq!(tokens(1_234_567_890_123), "1234.567890123");
    assert_eq!(tokens(-5), "-0.000000005");
}
