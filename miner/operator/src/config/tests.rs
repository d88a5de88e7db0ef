use std::str::FromStr;

use serde::Deserialize;

use super::*;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Example {
    chain: String,
    wallet_path: Option<PathBuf>,
    suri: Option<String>,
    port: u16,
    register: bool,
    subnet: Vec<String>,
    setting: Map<String, Value>,
}

impl Default for Example {
    fn default() -> Self {
        Self {
            chain: "ws://127.0.0.1:9944".into(),
            wallet_path: None,
            suri: None,
            port: 8091,
            register: false,
            subnet: Vec::new(),
            setting: Map::new(),
        }
    }
}

impl Configuration for Example {
    const SECRETS: &'static [&'static str] = &["suri"];

    fn problems(&self) -> Vec<(&'static str, String)> {
        let low = (self.port < 1024).then(|| ("port", "is below 1024".into()));
        low.into_iter().collect()
    }
}

fn sources<'a>(file: Option<&'a Path>, environment: &[(&str, &str)], flags: Value) -> Sources<'a> {
    Sources {
        file,
        prefix: "TEST_",
        environment: environment
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_string()))
            .collect(),
        flags: given(&flags),
    }
}

fn read(
    file: Option<&Path>,
    environment: &[(&str, &str)],
    flags: Value,
) -> Result<Layered<Example>, ConfigError> {
    Layered::read(sources(file, environment, flags))
}

fn file(text: &str) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().expect("temporary file");
    std::fs::write(file.path(), text).expect("written");
    file
}

#[test]
fn each_layer_goes_over_the_one_below_and_is_named() {
    let file = file("chain = \"ws://file:1\"\nport = 2000\nwallet_path = \"/file\"\n");
    let layered = read(
        Some(file.path()),
        &[
            ("TEST_PORT", "3000"),
            ("TEST_REGISTER", "true"),
            ("OTHER", "x"),
        ],
        serde_json::json!({ "port": 4000, "chain": null, "register": false }),
    )
    .expect("a good configuration");
    assert_eq!(layered.value.chain, "ws://file:1");
    assert_eq!(layered.value.port, 4000);
    assert!(layered.value.register);
    assert_eq!(layered.value.wallet_path, Some("/file".into()));
    assert_eq!(layered.origin("chain"), Origin::File(file.path().into()));
    assert_eq!(layered.origin("port"), Origin::Flag("--port".into()));
    assert_eq!(layered.origin("suri"), Origin::Default);
    assert_eq!(
        layered.origin("register"),
        Origin::Environment("TEST_REGISTER".into())
    );
}

#[test]
fn all_problems_are_told_at_once_with_their_origin() {
    let file = file("port = \"many\"\nwallet-pat = \"/x\"\n");
    let error = read(
        Some(file.path()),
        &[
            ("TEST_PORT", "minus one"),
            ("TEST_NO_SUCH_THING_AT_ALL", "1"),
        ],
        serde_json::json!({ "chain": 5 }),
    )
    .expect_err("four problems");
    let keys: Vec<&str> = error.problems.iter().map(|p| p.key.as_str()).collect();
    assert_eq!(
        keys,
        [
            "port",
            "wallet-pat",
            "no-such-thing-at-all",
            "port",
            "chain"
        ]
    );
    let text = error.to_string();
    assert!(text.contains("did you mean `wallet-path`?"), "{text}");
    assert!(text.contains("environment TEST_PORT"), "{text}");
    assert!(text.contains("flag --chain"), "{text}");
}

#[test]
fn values_that_break_a_rule_are_told_with_their_origin() {
    let error = read(None, &[("TEST_PORT", "80")], serde_json::json!({})).expect_err("low");
    assert_eq!(
        error.problems,
        [Problem {
            origin: Origin::Environment("TEST_PORT".into()),
            key: "port".into(),
            text: "is below 1024".into(),
        }]
    );
}

#[test]
fn a_text_stays_a_text_even_if_it_looks_like_a_number() {
    let layered = read(None, &[("TEST_CHAIN", "123")], serde_json::json!({})).expect("good");
    assert_eq!(layered.value.chain, "123");
}

#[test]
fn the_environment_can_hold_lists_and_maps() {
    let layered = read(
        None,
        &[
            ("TEST_SUBNET", "1:custom, 2:next-token"),
            ("TEST_SETTING", "a=1,b=text"),
        ],
        serde_json::json!({ "setting": { "b": "flag" } }),
    )
    .expect("good");
    assert_eq!(layered.value.subnet, ["1:custom", "2:next-token"]);
    assert_eq!(layered.value.setting.get("a"), Some(&Value::from(1)));
    assert_eq!(layered.value.setting.get("b"), Some(&Value::from("flag")));
    assert_eq!(
        layered.origin("setting.a"),
        Origin::Environment("TEST_SETTING".into())
    );
    assert_eq!(
        layered.origin("setting.b"),
        Origin::Flag("--setting".into())
    );
}

#[test]
fn an_empty_variable_is_not_set() {
    let layered = read(None, &[("TEST_PORT", "")], serde_json::json!({})).expect("good");
    assert_eq!(layered.value.port, 8091);
}

#[test]
fn a_variable_names_the_file_unless_a_flag_does() {
    let one = file("port = 2001\n");
    let two = file("port = 2002\n");
    let path = one.path().to_str().expect("utf-8");
    let layered = read(None, &[("TEST_CONFIG", path)], serde_json::json!({})).expect("good");
    assert_eq!(layered.value.port, 2001);
    let layered = read(
        Some(two.path()),
        &[("TEST_CONFIG", path)],
        serde_json::json!({}),
    );
    assert_eq!(layered.expect("good").value.port, 2002);
}

#[test]
fn secrets_are_never_shown() {
    let secret = "//Alice and more";
    let layered = read(None, &[("TEST_SURI", secret)], serde_json::json!({})).expect("good");
    for as_json in [false, true] {
        let mut text = Vec::new();
        layered.print(&mut text, as_json).expect("written");
        let text = String::from_utf8(text).expect("text");
        assert!(!text.contains("Alice"), "{text}");
        assert!(text.contains(REDACTED), "{text}");
        assert!(text.contains("environment TEST_SURI"), "{text}");
    }
    // Neither in errors: of the value, nor of the file around it.
    let error = read(None, &[], serde_json::json!({ "suri": ["//Alice"] })).expect_err("a list");
    assert!(!error.to_string().contains("Alice"), "{error}");
    let file = file("port = 1\nsuri = \"//Alice\n");
    let error = read(Some(file.path()), &[], serde_json::json!({})).expect_err("no end quote");
    assert!(!error.to_string().contains("Alice"), "{error}");
    assert!(error.to_string().contains("line 2"), "{error}");
}

#[test]
fn what_is_printed_can_be_read_again() {
    let layered = read(
        None,
        &[],
        serde_json::json!({ "port": 5000, "setting": { "depth": 3, "1.mode": "fast" } }),
    )
    .expect("good");
    let mut text = Vec::new();
    layered.print(&mut text, false).expect("written");
    let file = file(&String::from_utf8(text).expect("text"));
    let again = read(Some(file.path()), &[], serde_json::json!({})).expect("good");
    assert_eq!(again.value, layered.value);
}

#[test]
fn a_missing_file_is_a_problem() {
    let error = read(
        Some(Path::new("/nowhere/at/all")),
        &[],
        serde_json::json!({}),
    );
    let error = error.expect_err("no file").to_string();
    assert!(error.contains("/nowhere/at/all"), "{error}");
}

#[test]
fn pairs_need_a_key() {
    assert!(KeyValue::from_str("=1").is_err());
    assert!(KeyValue::from_str("depth").is_err());
    let pair = KeyValue::from_str("path=a=b").expect("a pair");
    assert_eq!(
        (pair.key.as_str(), pair.value),
        ("path", Value::from("a=b"))
    );
}
