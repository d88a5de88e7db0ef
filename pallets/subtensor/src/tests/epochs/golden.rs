//! The golden vectors (section 11 of the consensus), driven through calls and storage.
//!
//! Neurons register in block 1 and the permit epoch runs in block 2, so block `b` of a vector that begins with
//! a permit epoch in block 0 is block `b + 2` here, where transactions come after the epoch of their block.

use super::*;

const BILLION: u64 = 1_000_000_000;

mod degenerate_11_1 {
    use super::*;

    #[test]
    fn one_neuron_with_a_weight_on_itself() {
        vector(&[BILLION], || {
            run_to_block(2);
            assert_ok!(set(0, &[0], &[65_535]));
            vector_epoch_in(3, &[BILLION]);
            assert_eq!(StakeWeight::<Test>::get(SUBNET).into_inner(), [65_535]);
            assert_eq!((consensus(), incentive(0)), (vec![0], vec![0]));
            assert_eq!((dividends(), trust()), (vec![0], vec![0]));
            assert_eq!(emission(), [BILLION]);
        });
    }

    #[test]
    fn ten_neurons_with_self_weights_only() {
        vector(&[1; 10], || {
            vector_epoch_in(2, &[1; 10]);
            for uid in 0..10 {
                assert_ok!(set(uid, &[uid], &[1]));
            }
            vector_epoch_in(3, &[1; 10]);
            assert_eq!(StakeWeight::<Test>::get(SUBNET).into_inner(), [6_553; 10]);
            assert_eq!((consensus(), incentive(0)), (vec![0; 10], vec![0; 10]));
            assert_eq!(dividends(), [0; 10]);
            assert_eq!(emission(), [99_999_999; 10]);
        });
    }

    #[test]
    fn no_weights_then_a_self_weight_then_an_outdated_and_a_fresh_one() {
        let stakes = [1, 0];
        vector(&[1, 0], || {
            vector_epoch_in(2, &stakes);
            vector_epoch_in(3, &stakes);
            assert_eq!(emission(), [BILLION, 0]);
            assert_ok!(set(1, &[1], &[1]));
            vector_epoch_in(4, &stakes);
            assert_eq!(emission(), [BILLION, 0]);
            // Registered and weighed in the same block, in this order.
            SubtensorModule::associate(&coldkey(9), &hotkey(9)).unwrap();
            assert_ok!(SubtensorModule::replace_neuron(SUBNET, 1, &hotkey(9)));
            assert_ok!(set(0, &[1], &[1]));
            give_pending(SUBNET, BILLION / 2, BILLION / 2);
            epoch_in(5);
            assert_eq!(emission(), [BILLION, 0]);
            assert_ok!(set(0, &[1], &[1]));
            give_pending(SUBNET, BILLION / 2, BILLION / 2);
            epoch_in(6);
            assert_eq!(emission(), [BILLION / 2; 2]);
        });
    }

    #[test]
    fn higher_uids_win_a_tie_for_permits() {
        vector(&[5; 4], || {
            MaxAllowedValidators::<Test>::insert(SUBNET, 2);
            epoch();
            assert_eq!(permits(), [false, false, true, true]);
        });
    }
}

#[test]
fn large_uniform_graph_11_2() {
    const STAKE: u64 = 328_125_000_000_000;
    let mut stakes = vec![0; 512];
    stakes[..64].fill(STAKE);
    subnet_of(&stakes).run(|| {
        without_owner_uid();
        Yuma3On::<Test>::insert(SUBNET, false);
        MaxAllowedUids::<Test>::insert(SUBNET, 512);
        vector_epoch_in(2, &stakes);
        let servers: Vec<u16> = (64..512).collect();
        for uid in 0..64 {
            assert_ok!(set(uid, &servers, &[127; 448]));
        }
        for block in 3..6 {
            vector_epoch_in(block, &stakes);
        }
        let halves = |validators: u64, servers: u64| -> Vec<u64> {
            [vec![validators; 64], vec![servers; 448]].concat()
        };
        let shares = |validators: u16, servers: u16| -> Vec<u16> {
            [vec![validators; 64], vec![servers; 448]].concat()
        };
        assert_eq!(emission(), halves(7_812_500, 1_116_071));
        assert_eq!(dividends(), shares(1_023, 0));
        assert_eq!(trust(), shares(65_534, 0));
        assert_eq!(consensus(), shares(0, 146));
        assert_eq!(incentive(0), shares(0, 146));
        let bonds: Vec<(u16, u16)> = servers.iter().map(|uid| (*uid, 65_535)).collect();
        for uid in 0..64 {
            assert_eq!(Bonds::<Test>::get(INDEX, uid).into_inner(), bonds);
        }
        assert_eq!(Bonds::<Test>::iter_prefix(INDEX).count(), 64);
    });
}

/// Who changes its row to which target; amounts, dividends and bonds toward uid 4 of uids 0 to 3.
type SeriesStep = (Option<(u16, &'static [u16])>, [u64; 4], [u16; 4], [u16; 4]);

#[test]
fn bonds_series_11_3() {
    const STAKES: &[u64] = &[1, 2, 3, 4, 0, 0, 0, 0];
    vector(STAKES, || {
        vector_epoch_in(2, STAKES);
        for uid in 0..4 {
            assert_ok!(set(uid, &[4, 5, 6, 7], &[16_383, 32_767, 49_149, 65_535]));
            assert_eq!(row(0, uid)[0], (4, 16_383));
        }
        let steps: [SeriesStep; 8] = [
            (
                None,
                [49_999_998, 99_999_999, 150_000_000, 200_000_001],
                [6_553, 13_106, 19_660, 26_214],
                [16_383, 32_767, 49_151, 65_535],
            ),
            (
                Some((0, &[0])),
                [44_998_351, 101_110_561, 151_667_215, 202_223_870],
                [5_897, 13_252, 19_879, 26_505],
                [14_582, 32_767, 49_151, 65_535],
            ),
            (
                Some((1, &[1])),
                [40_496_805, 90_999_783, 157_929_636, 210_573_773],
                [5_307, 11_927, 20_699, 27_599],
                [12_603, 28_321, 49_151, 65_535],
            ),
            (
                Some((2, &[2])),
                [99_999_999, 199_999_999, 299_999_999, 399_999_999],
                [0; 4],
                [12_602, 28_320, 49_150, 65_535],
            ),
            (
                Some((2, &[7])),
                [36_443_733, 81_898_628, 163_565_493, 218_092_144],
                [4_776, 10_734, 21_438, 28_585],
                [12_601, 28_319, 49_149, 65_535],
            ),
            (
                None,
                [32_799_427, 73_706_612, 168_638_129, 224_855_830],
                [4_299, 9_660, 22_103, 29_471],
                [12_600, 28_318, 49_148, 65_535],
            ),
            (
                None,
                [29_518_068, 66_336_137, 173_203_134, 230_942_659],
                [3_868, 8_694, 22_701, 30_269],
                [12_599, 28_317, 49_147, 65_535],
            ),
            (
                None,
                [26_565_175, 59_701_871, 177_311_856, 236_421_095],
                [3_481, 7_825, 23_240, 30_987],
                [12_598, 28_316, 49_146, 65_535],
            ),
        ];
        for (step, (change, amounts, shares, bonds)) in (1..).zip(steps) {
            if let Some((uid, target)) = change {
                assert_ok!(set(uid, target, &[65_535]));
            }
            vector_epoch_in(step + 2, STAKES);
            assert_eq!(emission()[..4], amounts, "e{step}");
            assert_eq!(dividends()[..4], shares, "e{step}");
            assert_eq!(bonds_toward(&[0, 1, 2, 3], 4), bonds, "e{step}");
            let (servers, paid): ([u16; 4], [u64; 4]) = match step {
                1..=3 => (
                    [6_553, 13_107, 19_660, 26_214],
                    [49_998_779, 100_000_610, 149_996_337, 200_004_272],
                ),
                4 => ([0; 4], [0; 4]),
                _ => ([0, 0, 0, 65_535], [0, 0, 0, 500_000_000]),
            };
            assert_eq!(incentive(0)[4..], servers, "e{step}");
            assert_eq!(emission()[4..], paid, "e{step}");
        }
        assert_eq!(
            bonds_toward(&[0, 1, 2, 3], 7),
            [7_363, 16_549, 49_150, 65_535]
        );
        assert_eq!(consensus()[4..], [0, 0, 0, 26_214]);
    });
}

#[test]
fn active_stake_11_4() {
    const STAKES: &[u64] = &[1; 4];
    vector(STAKES, || {
        let equal = |uid| set(uid, &[2, 3], &[1, 1]).unwrap();
        vector_epoch_in(2, STAKES);
        equal(0);
        equal(1);
        vector_epoch_in(3, STAKES);
        assert_eq!(dividends(), [32_767, 32_767, 0, 0]);
        assert_eq!(emission(), [250_000_000; 4]);
        assert_eq!(bonds_toward(&[0, 1], 2), [65_535, 65_535]);
        assert_eq!(Active::<Test>::get(SUBNET).into_inner(), [true; 4]);
        System::set_block_number(5_002);
        equal(0);
        vector_epoch_in(5_003, STAKES);
        assert_eq!(
            Active::<Test>::get(SUBNET).into_inner(),
            [true, false, false, false]
        );
        assert_eq!(dividends()[..2], [36_044, 29_490]);
        assert_eq!(
            emission(),
            [274_999_999, 224_999_999, 250_000_000, 250_000_000]
        );
        assert_eq!(bonds_toward(&[0, 1], 3), [65_535, 53_619]);
        equal(1);
        vector_epoch_in(5_004, STAKES);
        assert_eq!(dividends()[..2], [35_716, 29_818]);
        assert_eq!(
            emission(),
            [272_501_132, 227_498_866, 250_000_000, 250_000_000]
        );
        assert_eq!(bonds_toward(&[0, 1], 2), [65_535, 54_712]);
    });
}

#[test]
fn outdated_weights_11_4() {
    const STAKES: &[u64] = &[1; 4];
    vector(STAKES, || {
        vector_epoch_in(2, STAKES);
        for uid in 0..2 {
            assert_ok!(set(uid, &[2, 3], &[43_690, 21_845]));
            assert_eq!(row(0, uid), [(2, 65_535), (3, 32_768)]);
        }
        for uid in 2..4 {
            assert_ok!(set(uid, &[uid], &[65_535]));
        }
        vector_epoch_in(3, STAKES);
        assert_eq!(consensus(), [0, 0, 43_689, 21_845]);
        assert_eq!(incentive(0), [0, 0, 43_689, 21_845]);
        assert_eq!(trust()[..2], [65_534, 65_534]);
        assert_eq!(dividends()[..2], [32_767, 32_767]);
        assert_eq!(
            emission(),
            [250_000_000, 250_000_000, 333_331_637, 166_668_361]
        );
        SubtensorModule::associate(&coldkey(9), &hotkey(9)).unwrap();
        assert_ok!(SubtensorModule::replace_neuron(SUBNET, 3, &hotkey(9)));
        run_to_block(4);
        assert_ok!(set(0, &[2, 3], &[43_690, 21_845]));
        give_pending(SUBNET, BILLION / 2, BILLION / 2);
        epoch_in(5);
        assert_eq!(consensus(), [0, 0, 43_689, 0]);
        assert_eq!(incentive(0), [0, 0, 65_535, 0]);
        assert_eq!(trust()[..2], [43_689, 43_689]);
        assert_eq!(dividends()[..2], [32_767, 32_767]);
        assert_eq!(emission(), [250_000_000, 250_000_000, 500_000_000, 0]);
        // The row that was meant for the predecessor says so no more.
        assert_eq!(row(0, 1), [(2, 65_535), (3, 0)]);
    });
}

mod two_groups_11_5 {
    use super::*;

    const STAKES: &[u64] = &[6_000, 4_000, 0, 0];

    fn clipped(
        yuma3: bool,
        bonds_penalty: u16,
        shares: [u16; 2],
        amounts: [u64; 2],
        test: impl FnOnce(),
    ) {
        vector(STAKES, || {
            Yuma3On::<Test>::insert(SUBNET, yuma3);
            BondsPenalty::<Test>::insert(SUBNET, bonds_penalty);
            MaxAllowedValidators::<Test>::insert(SUBNET, 2);
            vector_epoch_in(2, STAKES);
            assert_ok!(set(0, &[2, 3], &[45_874, 19_660]));
            assert_ok!(set(1, &[2, 3], &[0, 65_535]));
            vector_epoch_in(3, STAKES);
            // 0.700003 and 0.299997.
            assert_eq!(consensus(), [0, 0, 45_874, 19_660]);
            assert_eq!(trust(), [65_534, 19_660, 0, 0]);
            assert_eq!(incentive(0), [0, 0, 38_228, 27_306]);
            assert_eq!(dividends(), [shares[0], shares[1], 0, 0]);
            assert_eq!(
                emission(),
                [amounts[0], amounts[1], 291_668_521, 208_331_478]
            );
            test();
        });
    }

    #[test]
    fn yuma2() {
        clipped(
            false,
            65_535,
            [54_612, 10_922],
            [416_667_408, 83_332_590],
            || (),
        );
        clipped(
            false,
            32_767,
            [49_399, 16_135],
            [376_894_207, 123_105_792],
            || (),
        );
        clipped(
            false,
            0,
            [46_703, 18_831],
            [356_322_641, 143_677_358],
            || (),
        );
    }

    #[test]
    fn yuma3() {
        clipped(
            true,
            65_535,
            [55_753, 9_781],
            [425_373_848, 74_626_151],
            || {
                assert_eq!(bonds_toward(&[0, 1], 2), [4_587, 0]);
                assert_eq!(bonds_toward(&[0, 1], 3), [1_966, 1_966]);
            },
        );
        clipped(
            true,
            32_767,
            [51_771, 13_763],
            [394_992_353, 105_007_646],
            || (),
        );
        clipped(true, 0, [49_856, 15_678], [380_383_637, 119_616_362], || ());
    }

    #[test]
    fn a_tie_is_decided_by_kappa() {
        for (kappa, miner, validator) in
            [(32_767, 250_000_000, 250_000_000), (32_768, 0, 500_000_000)]
        {
            const TIE: &[u64] = &[1, 1, 0, 0];
            vector(TIE, || {
                Kappa::<Test>::insert(SUBNET, kappa);
                vector_epoch_in(2, TIE);
                assert_ok!(set(0, &[2], &[1]));
                assert_ok!(set(1, &[3], &[1]));
                vector_epoch_in(3, TIE);
                assert_eq!(emission(), [validator, validator, miner, miner]);
            });
        }
    }
}

/// How many of the three validators have moved to the second miner; bonds by validator, dividends and amounts.
type NewSubnetStep = (u16, [u16; 6], [u16; 3], [u64; 5]);

#[test]
fn settings_of_a_new_subnet_11_6() {
    const STAKES: &[u64] = &[8, 1, 1, 0, 0];
    subnet_of(STAKES).run(|| {
        without_owner_uid();
        MaxAllowedValidators::<Test>::insert(SUBNET, 3);
        vector_epoch_in(2, STAKES);
        let steps: [NewSubnetStep; 4] = [
            (
                0,
                [6_553, 0, 6_553, 0, 6_553, 0],
                [52_428, 6_553, 6_553],
                [400_000_000, 49_999_999, 49_999_999, 500_000_000, 0],
            ),
            (
                1,
                [5_897, 6_553, 5_897, 0, 5_897, 0],
                [65_535, 0, 0],
                [500_000_000, 0, 0, 0, 500_000_000],
            ),
            (
                2,
                [5_307, 12_451, 5_307, 6_553, 5_307, 0],
                [61_489, 4_045, 0],
                [469_134_755, 30_865_243, 0, 0, 500_000_000],
            ),
            (
                3,
                [4_776, 17_759, 4_776, 12_451, 4_776, 6_553],
                [57_802, 5_065, 2_666],
                [441_008_468, 38_649_142, 20_342_388, 0, 500_000_000],
            ),
        ];
        for (block, (moved, bonds, shares, amounts)) in (3..).zip(steps) {
            for uid in 0..3 {
                let values = if uid < moved {
                    [0, 65_535]
                } else {
                    [65_535, 0]
                };
                assert_ok!(set(uid, &[3, 4], &values));
            }
            vector_epoch_in(block, STAKES);
            let found: Vec<u16> = (0..3)
                .flat_map(|uid| [3, 4].map(|target| bonds_toward(&[uid], target)[0]))
                .collect();
            assert_eq!(found, bonds, "after {moved}");
            assert_eq!(dividends()[..3], shares, "after {moved}");
            assert_eq!(emission(), amounts, "after {moved}");
        }
    });
}
