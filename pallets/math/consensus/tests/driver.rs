//! The driver answers every line, usable or not, in the promised form.

#[path = "../examples/epoch/scenario.rs"]
#[allow(dead_code, reason = "shared with the example, which uses all of it")]
mod scenario;

use serde_json::{Value, json};

const EXAMPLE: &str = r#"{"case":"id","n":4,"stake":[6000,4000,0,0],"kappa":32767,"max_validators":2,"bonds_moving_average":900000,"bonds_penalty":65535,
 "yuma3":false,"liquid_alpha":false,"alpha_low":45875,"alpha_high":58982,"alpha_sigmoid_steepness":1000,"stake_threshold":0,
 "owner_uid":null,"activity_cutoff":5000,"tempo":1,
 "steps":[{"block":0,"reregister":[],"set":[],"run":true,"emission":1000000000},
          {"block":1,"reregister":[{"uid":3,"stake":5}],"set":[{"uid":0,"uids":[2,3],"values":[45874,19660]}],"run":true,"emission":1000000000}]}"#;

fn answer(line: impl AsRef<[u8]>) -> Value {
    serde_json::to_value(scenario::answer(line.as_ref())).unwrap()
}

#[test]
fn fields_come_in_the_documented_order() {
    let line = r#"{"case":1,"stake":[1],"steps":[{"run":true,"emission":2}]}"#;
    let text = serde_json::to_string(&scenario::answer(line.as_bytes())).unwrap();
    let expected = r#"{"case":1,"runs":[{"stake":[65535],"consensus":[0],"incentive":[0],"dividends":[0],"validator_trust":[0],"permits":[true],"emission":[2],"server":[0],"validator":[2],"bonds":[[]]}]}"#;
    assert_eq!(text, expected);
    let text = serde_json::to_string(&scenario::answer(b"{}")).unwrap();
    assert_eq!(
        text,
        r#"{"case":null,"error":"0 neurons, expected 1 to 65536"}"#
    );
}

#[test]
fn the_documented_example_yields_two_runs() {
    let answer = answer(EXAMPLE);
    assert_eq!(answer["case"], "id");
    let runs = answer["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 2);
    assert_eq!(runs[0]["permits"], json!([true, true, false, false]));
    assert_eq!(runs[0]["emission"], json!([599_999_999, 399_999_999, 0, 0]));
    // Uid 3 registered in the block of the weights: only uid 2 is judged.
    assert_eq!(runs[1]["consensus"], json!([0, 0, 65_535, 0]));
    assert_eq!(runs[1]["server"], json!([0, 0, 500_000_000, 0]));
    assert_eq!(runs[1]["bonds"], json!([[[2, 65_535]], [], [], []]));
    let keys: Vec<_> = runs[0].as_object().unwrap().keys().cloned().collect();
    let mut expected = [
        "stake",
        "consensus",
        "incentive",
        "dividends",
        "validator_trust",
        "permits",
        "emission",
        "server",
        "validator",
        "bonds",
    ];
    expected.sort_unstable();
    assert_eq!(keys, expected);
}

#[test]
fn unusable_lines_name_their_case_and_the_reason() {
    let with = |field: &str, value: Value| {
        let mut line: Value = serde_json::from_str(EXAMPLE).unwrap();
        line[field] = value;
        line.to_string()
    };
    let stake_of_one_too_many = with("stake", json!(vec![1; 5]));
    let step = |step: Value| with("steps", json!([step]));
    let set = |uid: u32, uids: Value, values: Value| {
        step(json!({ "set": [{ "uid": uid, "uids": uids, "values": values }] }))
    };
    let cases = [
        (with("n", json!(0)), "0 neurons, expected 1 to 65536"),
        (
            with("n", json!(65_537)),
            "65537 neurons, expected 1 to 65536",
        ),
        (
            with("n", json!(u64::MAX)),
            "18446744073709551615 neurons, expected 1 to 65536",
        ),
        (stake_of_one_too_many, "5 stakes for 4 neurons"),
        (with("stake", json!([])), "0 stakes for 4 neurons"),
        (
            with("owner_uid", json!(4)),
            "step 0: owner uid 4 is not one of 4 neurons",
        ),
        (
            with("bonds_moving_average", json!(1_000_001)),
            "step 0: bonds moving average of 1000001 millionths exceeds one",
        ),
        (set(4, json!([]), json!([])), "step 0: no neuron has uid 4"),
        (
            set(0, json!([4]), json!([1])),
            "step 0: no neuron has uid 4",
        ),
        (
            set(0, json!([1, 2]), json!([1])),
            "step 0: uid 0 gives 1 values for 2 uids",
        ),
        (
            set(0, json!([1, 1]), json!([1, 2])),
            "step 0: uid 0 names uid 1 twice",
        ),
        (
            step(json!({ "reregister": [{ "uid": 9, "stake": 1 }] })),
            "step 0: no neuron has uid 9",
        ),
        (
            step(json!({ "reset_bonds": [4] })),
            "step 0: no neuron has uid 4",
        ),
    ];
    for (line, reason) in cases {
        assert_eq!(
            answer(&line),
            json!({ "case": "id", "error": reason }),
            "{line}"
        );
    }
    // The rest of this sentence is the JSON library's, and differs with its features.
    let negative = answer(with("n", json!(-1)));
    assert_eq!(negative["case"], "id");
    let reason = negative["error"].as_str().unwrap();
    assert!(reason.starts_with("not a scenario: "), "{reason}");
    let mut crossed: Value = serde_json::from_str(EXAMPLE).unwrap();
    crossed["yuma3"] = json!(true);
    crossed["liquid_alpha"] = json!(true);
    crossed["alpha_low"] = json!(58_983);
    let expected = "step 0: lower alpha 58983 exceeds upper alpha 58982";
    assert_eq!(answer(crossed.to_string())["error"], expected);
}

#[test]
fn garbage_is_answered_and_never_fatal() {
    let huge = "9".repeat(400);
    let deep = "[".repeat(100_000);
    let lines = [
        "",
        "nul",
        "{",
        "[]",
        "7",
        "\"text\"",
        "null",
        "{\"case\":1}",
        "{\"case\":[],\"n\":\"x\"}",
        &deep,
        &format!(r#"{{"case":"a","n":{huge},"stake":[1]}}"#),
        &format!(r#"{{"case":"a","n":1,"stake":[{huge}]}}"#),
        r#"{"case":"a","n":1,"stake":[1.5]}"#,
        r#"{"case":"a","n":1,"stake":[1],"kappa":65536}"#,
        r#"{"case":"a","n":1,"stake":[1],"alpha_sigmoid_steepness":40000}"#,
        r#"{"case":"a","n":1,"stake":[1],"steps":{}}"#,
        r#"{"case":"a","n":1,"stake":[1],"steps":[{"set":[{"uid":0}]}]}"#,
    ];
    for line in lines {
        let answer = answer(line);
        assert!(answer["error"].is_string(), "{line:.80}: {answer}");
        assert!(answer.get("case").is_some());
    }
    assert!(answer([0xff, 0xfe, b'{'])["error"].is_string());
}

#[test]
fn extreme_but_valid_numbers_run() {
    let line = json!({
        "case": "extreme",
        "stake": [u64::MAX, u64::MAX, 0],
        "kappa": 65_535,
        "bonds_moving_average": 1_000_000,
        "activity_cutoff": u64::MAX,
        "stake_threshold": u64::MAX,
        "alpha_sigmoid_steepness": i16::MIN,
        "yuma3": true,
        "liquid_alpha": true,
        "tempo": 65_535,
        "steps": [
            { "block": 0, "run": true, "emission": u64::MAX },
            { "block": u64::MAX, "set": [{ "uid": 0, "uids": [2, 1], "values": [1, 0] }] },
            { "block": u64::MAX, "run": true, "emission": u64::MAX },
        ],
    });
    let answer = answer(line.to_string());
    assert_eq!(
        answer["runs"][0]["stake"],
        json!([32_767, 32_767, 0]),
        "{answer}"
    );
    assert_eq!(answer["runs"][1]["permits"], json!([true, true, false]));
}

#[test]
fn the_largest_subnet_runs() {
    let line = json!({
        "n": 65_536,
        "stake": vec![1; 65_536],
        "max_validators": 2,
        "steps": [
            { "block": 0, "run": true },
            { "block": 1, "set": [{ "uid": 65_535, "uids": [0, 65_534], "values": [1, 3] }] },
            { "block": 1, "run": true, "emission": 4_000 },
        ],
    });
    let run = answer(line.to_string())["runs"][1].take();
    // Of two equal validators one gives weights: half of the stake is just enough for the default.
    assert_eq!(run["server"][0], 500);
    assert_eq!(run["server"][65_534], 1_500);
    assert_eq!(run["validator"][65_535], 2_000);
}
