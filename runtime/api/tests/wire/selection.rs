//! Chosen fields of a metagraph.

use codec::Encode;
use dendra_runtime_api::{Selection, SelectiveMetagraph, select};

use crate::{bytes, values};

/// Optional fields: all but `netuid`.
const OPTIONAL: usize = 73;

fn chosen(indexes: &[u16]) -> SelectiveMetagraph {
    let (validators, commitments) = values::extra();
    select(values::metagraph(), validators, commitments, indexes)
}

/// The bytes when the fields with these numbers are there and all others are not.
fn expected(indexes: &[usize]) -> Vec<u8> {
    let (validators, commitments) = values::extra();
    let mut fields = bytes::fields(&values::metagraph());
    fields.push(validators.encode());
    fields.push(commitments.encode());
    let mut out = fields[0].clone();
    for (number, field) in fields.iter().enumerate().skip(1) {
        if indexes.contains(&number) {
            out.push(1);
            out.extend(field);
        } else {
            out.push(0);
        }
    }
    out
}

#[test]
fn each_number_brings_its_field_and_no_other() {
    for number in 0..=73 {
        assert_eq!(
            chosen(&[number]).encode(),
            expected(&[usize::from(number)]),
            "field {number}"
        );
    }
}

#[test]
fn subnet_is_there_without_being_asked_for() {
    assert_eq!(chosen(&[]).encode(), expected(&[]));
    assert_eq!(chosen(&[]).encode().len(), 1 + OPTIONAL);
}

#[test]
fn unknown_numbers_bring_nothing() {
    for number in [74, 75, 127, 128, 129, 256, 257, u16::MAX] {
        assert_eq!(chosen(&[number]).encode(), expected(&[]), "field {number}");
    }
}

#[test]
fn order_and_repetition_do_not_matter() {
    let mut indexes = vec![52; 100_000];
    indexes.extend([73, 1, 74, 20, 1]);
    assert_eq!(chosen(&indexes).encode(), expected(&[1, 20, 52, 73]));
}

#[test]
fn all_numbers_bring_everything() {
    let every: Vec<u16> = (0..=73).collect();
    let numbers: Vec<usize> = (0..=73).collect();
    assert_eq!(chosen(&every).encode(), expected(&numbers));
}

#[test]
fn identity_that_is_not_set_differs_from_one_not_asked_for() {
    let mut metagraph = values::metagraph();
    metagraph.identity = None;
    let asked = select(metagraph.clone(), vec![], vec![], &[3]);
    assert_eq!(asked.identity, Some(None));
    let not_asked = select(metagraph, vec![], vec![], &[]);
    assert_eq!(not_asked.identity, None);
}

#[test]
fn last_two_lists_have_the_numbers_after_the_metagraph() {
    let selection = Selection::from_indexes(&[72]);
    assert!(selection.contains(Selection::VALIDATORS));
    assert!(!selection.contains(Selection::COMMITMENTS));
    assert_eq!(Selection::COMMITMENTS, 73);
}
