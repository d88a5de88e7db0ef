//! A miner that does its work, on a subnet of its own, and what it earns to the last unit.
//!
//! Two validators with equal stake judge it and a rival. What an epoch divides among them follows by hand from
//! sections 5 to 7 of the consensus: with rows whose parts have a sum that is a power of two, every number of the
//! computation is exact, the two validators' dividends are equal, and miners and validators each get one half. So
//! a miner with `p` of `n` parts earns `⌊E·p/2n⌋`. The rest is section 5 of the economics, in integers.

use dendra_primitives::{
    AlphaBalance, MechId, MovingPrice, NetUid, NetUidIndex, records::RecycleOrBurnEnum,
};

use super::{books::Books, rng::Rng};
use crate::{
    AccountId, AlphaSigmoidSteepness, AutoStakeDestination, AutoStakers, BondsResetOn,
    BurnHalfLife, BurnedAlpha, Event, ImmunityPeriod, LiquidAlphaOn, MaxAllowedUids,
    MaxAllowedValidators, MinerBurned, NetworkRegisteredAt, PendingEmissions, RecycleOrBurn,
    SubnetAlphaOut, SubnetResidual, SubnetworkN, Tempo, TotalHotkeyAlpha, ValidatorPermit, Yuma3On,
    mock::{ExtBuilder, SubtensorModule, System, Test, account, signed},
    types::PerNeuron,
};

/// The subnet.
pub(super) const NETUID: NetUid = NetUid::new(2);
/// Blocks between its epochs.
const TEMPO: u16 = 3;
/// Stake of each validator; more than a stranger ever has.
const STAKE: u64 = 10_000_000_000_000_000;
/// Uids of the owner hotkey, the miner, its rival and the two validators.
const OWNER: u16 = 0;
const MINER: u16 = 1;
const RIVAL: u16 = 2;
const FIRST: u16 = 3;
const SECOND: u16 = 4;

/// Coldkey and hotkey of each uid.
fn keys(uid: u16) -> (AccountId, AccountId) {
    let number = 150 + 2 * uid as u8;
    (account(number), account(number + 1))
}

/// A hotkey of the miner's coldkey without a uid, on which it has its income staked at times.
fn savings() -> AccountId {
    account(170)
}

/// All of their accounts; no random call is signed by one.
pub(super) fn accounts() -> Vec<AccountId> {
    (150..=159).chain([170]).map(account).collect()
}

/// Parts of the owner hotkey, the miner and the rival, that sum to a power of two and whose greatest divides 65535.
const ROWS: [[u16; 3]; 13] = [
    [0, 1, 1],
    [0, 3, 1],
    [0, 1, 3],
    [1, 2, 5],
    [2, 5, 1],
    [5, 2, 1],
    [1, 3, 0],
    [0, 15, 1],
    [3, 1, 0],
    [0, 1, 15],
    [9, 8, 15],
    [17, 8, 7],
    [1, 1, 0],
];

/// What the validators say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Opinion {
    /// Both the same.
    Agreed([u16; 3]),
    /// The second says nothing.
    Lonely([u16; 3]),
    /// The first is for the miner, the second for the rival; a tie is won by the higher weight.
    Opposed,
    /// Nothing.
    Silent,
}

/// The miner and those around it.
pub(super) struct Honest {
    opinion: Opinion,
    /// What has been given since the last epoch: to miners, validators, root, owner.
    given: [u64; 4],
    residual: u64,
    burned: u64,
    /// Income of the miner, on its hotkey and on its savings, and of the rival.
    earned: u64,
    saved: u64,
    rivals: u64,
    is_saving: bool,
    /// Epochs that were predicted.
    pub(super) epochs: u64,
}

/// The honest ones on a chain of their own.
pub(super) fn chain() -> ExtBuilder {
    let mut chain = ExtBuilder::new().subnet(NETUID.get(), keys(OWNER).0, keys(OWNER).1);
    for uid in MINER..=SECOND {
        let (coldkey, hotkey) = keys(uid);
        chain = chain.neuron(NETUID.get(), hotkey, coldkey);
    }
    for uid in [FIRST, SECOND] {
        let (coldkey, hotkey) = keys(uid);
        chain = chain.stake(NETUID.get(), hotkey, coldkey, STAKE);
    }
    chain
}

fn index() -> NetUidIndex {
    NetUidIndex::from_parts(NETUID, MechId::new(0)).unwrap()
}

impl Honest {
    /// Settles in.
    pub(super) fn arrive(rng: &mut Rng) -> Self {
        // Weights of the block of a registration would not count.
        System::set_block_number(2);
        Tempo::<Test>::insert(NETUID, TEMPO);
        MaxAllowedValidators::<Test>::insert(NETUID, 2);
        MaxAllowedUids::<Test>::insert(NETUID, *rng.pick(&[16, 32, 256, 256]));
        // All are immune or none is, so that the least emission decides who is replaced.
        ImmunityPeriod::<Test>::insert(NETUID, *rng.pick(&[0, u16::MAX]));
        BurnHalfLife::<Test>::insert(NETUID, 4);
        BondsResetOn::<Test>::insert(NETUID, true);
        // The last one to be dissolved for want of room: it is never old, and of those that are not either
        // it is worth most.
        NetworkRegisteredAt::<Test>::insert(NETUID, u64::MAX);
        SubtensorModule::put_moving_price(NETUID, MovingPrice::ONE);
        let permits = vec![false, false, false, true, true];
        ValidatorPermit::<Test>::insert(NETUID, PerNeuron::truncate_from(permits));
        SubtensorModule::associate(&keys(MINER).0, &savings()).unwrap();
        let mut honest = Self {
            opinion: Opinion::Silent,
            given: [0; 4],
            residual: 0,
            burned: 0,
            earned: 0,
            saved: 0,
            rivals: 0,
            is_saving: false,
            epochs: 0,
        };
        honest.change(rng);
        honest
    }

    /// The end of a block: the validators speak, and the subnet is given something to divide.
    pub(super) fn act(&mut self, rng: &mut Rng, books: &mut Books, has_run: bool) {
        if has_run && self.epochs.is_multiple_of(7) {
            self.change(rng);
        }
        if has_run {
            self.speak();
        }
        let even = rng.within(2_048, 1 << 33);
        let [mut server, mut validator, mut root, owner] =
            [even, even, rng.below(1 << 32), rng.below(1 << 32)];
        match rng.below(6) {
            0 => validator = rng.within(0, 1 << 30),
            1 => server = rng.within(4_096, 8_192),
            2 => root = 0,
            _ => {}
        }
        PendingEmissions::<Test>::mutate(NETUID, |pending| {
            for (part, more) in [
                (&mut pending.server, server),
                (&mut pending.validator, validator),
                (&mut pending.root, root),
                (&mut pending.owner, owner),
            ] {
                *part = part.checked_add(AlphaBalance::new(more)).unwrap();
            }
            books.subnets.get_mut(&NETUID).unwrap().pending = *pending;
        });
        let all = AlphaBalance::new(server + validator + root + owner);
        SubnetAlphaOut::<Test>::mutate(NETUID, |out| *out = out.checked_add(all).unwrap());
        for (sum, more) in self.given.iter_mut().zip([server, validator, root, owner]) {
            *sum += more;
        }
    }

    /// Another opinion and other rules, under which the two validators are equal again: what bonds they had
    /// is reset.
    fn change(&mut self, rng: &mut Rng) {
        // Who earned nothing last is replaced first, so nobody of them is left out once the subnet is full.
        let is_full = SubnetworkN::<Test>::get(NETUID) + 20 >= MaxAllowedUids::<Test>::get(NETUID);
        let rows: Vec<[u16; 3]> = ROWS
            .into_iter()
            .filter(|row| !is_full || row[usize::from(RIVAL)] > 0)
            .collect();
        let row = *rng.pick(&rows);
        self.opinion = match rng.below(8) {
            0 if !is_full => Opinion::Silent,
            1 if !is_full => Opinion::Lonely(row),
            2 | 3 => Opinion::Opposed,
            _ => Opinion::Agreed(row),
        };
        Yuma3On::<Test>::insert(NETUID, rng.chance(70));
        LiquidAlphaOn::<Test>::insert(NETUID, rng.chance(50));
        AlphaSigmoidSteepness::<Test>::insert(NETUID, rng.below(2_000) as i16);
        let how = *rng.pick(&[RecycleOrBurnEnum::Burn, RecycleOrBurnEnum::Recycle]);
        RecycleOrBurn::<Test>::insert(NETUID, how);
        self.is_saving = rng.chance(30);
        let target = self.is_saving.then(savings);
        let is_listed = target.is_some().then_some(());
        AutoStakers::<Test>::set(NETUID, keys(MINER).0, is_listed);
        AutoStakeDestination::<Test>::set(keys(MINER).0, NETUID, target);
        for uid in [OWNER, MINER, RIVAL] {
            let (did_reset, _) = SubtensorModule::reset_bonds(NETUID, &keys(uid).1);
            assert!(did_reset, "the owner has switched that on");
        }
        self.speak();
    }

    /// The validators set their weights.
    fn speak(&self) {
        let both = [OWNER, MINER, RIVAL];
        let nothing = |uid: u16| (vec![uid], vec![1]);
        let (first, second) = match self.opinion {
            Opinion::Agreed(row) => ((both.to_vec(), row.to_vec()), (both.to_vec(), row.to_vec())),
            Opinion::Lonely(row) => ((both.to_vec(), row.to_vec()), nothing(SECOND)),
            Opinion::Opposed => ((vec![MINER], vec![7]), (vec![RIVAL], vec![9])),
            Opinion::Silent => (nothing(FIRST), nothing(SECOND)),
        };
        for (uid, (dests, weights)) in [(FIRST, first), (SECOND, second)] {
            SubtensorModule::set_weights(signed(&keys(uid).1), NETUID, dests, weights, 0).unwrap();
        }
    }

    /// What the owner's neuron, the miner and the rival are due of an epoch that divides `emission`.
    fn due(&self, emission: u64) -> [u64; 3] {
        let row = match self.opinion {
            Opinion::Agreed(row) | Opinion::Lonely(row) => row,
            Opinion::Opposed => [0, 1, 1],
            Opinion::Silent => return [0; 3],
        };
        let all: u128 = row.iter().map(|part| u128::from(*part)).sum();
        row.map(|part| (u128::from(emission) * u128::from(part) / (2 * all)) as u64)
    }

    /// Compares an epoch with the prediction, and sweeps what validators and owner earned, so that the next
    /// one finds them as this one did.
    pub(super) fn check(&mut self, events: &[Event<Test>], books: &mut Books) -> bool {
        let ran = events.iter().find_map(|event| match event {
            Event::EpochRan {
                netuid,
                divided,
                residual,
                ..
            } if *netuid == NETUID => Some((divided.get(), residual.get())),
            _ => None,
        });
        let Some((divided, residual)) = ran else {
            return false;
        };
        let [server, validator, root, owner] = std::mem::take(&mut self.given);
        assert_eq!(divided, server + validator + root, "what the epoch divides");
        let [withheld, miner, rival] = self.due(divided);
        let mined = withheld + miner + rival;

        // Pots of section 5.1; what miners got beyond theirs is missing in that of validators.
        let idle = if mined == 0 { server } else { 0 };
        let pot = (validator + self.residual + idle).saturating_sub(mined.saturating_sub(server));
        let dividends = match self.opinion {
            Opinion::Lonely(_) => [pot, 0],
            _ => [pot / 2, pot / 2],
        };
        let paid = owner + mined + dividends[0] + dividends[1];
        let left = server + validator + root + owner + self.residual - paid;
        assert_eq!(residual, left, "what is left over under {:?}", self.opinion);
        assert_eq!(SubnetResidual::<Test>::get(NETUID).get(), left);
        self.residual = left;

        if self.is_saving {
            self.saved += miner;
        } else {
            self.earned += miner;
        }
        self.rivals += rival;
        if RecycleOrBurn::<Test>::get(NETUID) == RecycleOrBurnEnum::Burn {
            self.burned += withheld;
        }
        let staked = |hotkey: &AccountId| TotalHotkeyAlpha::<Test>::get(hotkey, NETUID).get();
        let (miner_coldkey, miner_hotkey) = keys(MINER);
        let of_miner = |hotkey| SubtensorModule::stake_of(hotkey, &miner_coldkey, NETUID).get();
        assert_eq!(
            of_miner(&miner_hotkey),
            self.earned,
            "the income of the miner"
        );
        assert_eq!(
            of_miner(&savings()),
            self.saved,
            "the income that the miner saves"
        );
        assert_eq!(
            staked(&miner_hotkey),
            self.earned,
            "nobody else has a part of it"
        );
        assert_eq!(
            staked(&keys(RIVAL).1),
            self.rivals,
            "the income of the rival"
        );
        assert_eq!(
            staked(&keys(FIRST).1),
            STAKE + dividends[0],
            "the first dividend"
        );
        assert_eq!(
            staked(&keys(SECOND).1),
            STAKE + dividends[1],
            "the second dividend"
        );
        assert_eq!(staked(&keys(OWNER).1), owner, "the income of the owner");
        assert_eq!(
            BurnedAlpha::<Test>::get(NETUID).get(),
            self.burned,
            "burned"
        );
        self.check_shares(withheld, mined);
        self.epochs += 1;
        for (uid, alpha) in [
            (OWNER, owner),
            (FIRST, dividends[0]),
            (SECOND, dividends[1]),
        ] {
            sweep(uid, alpha, books);
        }
        true
    }

    fn check_shares(&self, withheld: u64, mined: u64) {
        let burned = match mined {
            0 => 0,
            _ => u128::from(withheld) * u128::from(u64::MAX) / u128::from(mined),
        };
        assert_eq!(
            u128::from(MinerBurned::<Test>::get(NETUID)),
            burned,
            "the part withheld"
        );
        // Of each hotkey that strangers registered, none earned anything.
        let incentive = crate::Incentive::<Test>::get(index());
        assert!(
            incentive.iter().skip(3).all(|part| *part == 0),
            "a stranger has incentive"
        );
    }
}

/// Takes income away.
fn sweep(uid: u16, alpha: u64, books: &mut Books) {
    if alpha == 0 {
        return;
    }
    let (coldkey, hotkey) = keys(uid);
    let amount = AlphaBalance::new(alpha);
    SubtensorModule::withdraw(&hotkey, &coldkey, NETUID, amount).unwrap();
    SubtensorModule::destroy_alpha(NETUID, amount).unwrap();
    books.withdraw((NETUID, hotkey, coldkey), alpha);
}
