//! The networks that the node knows by name, built from the presets of the runtime.

use dendra_runtime::{SS58_PREFIX, WASM_BINARY, genesis_config_presets as presets};
use sc_service::{ChainType, GenericChainSpec, Properties};

/// A chain spec without extensions.
pub(crate) type ChainSpec = GenericChainSpec;

/// The spec that a name or a file stands for.
pub(crate) fn load(id: &str) -> Result<ChainSpec, String> {
    match id {
        "" | "dev" | "development" => built_in(
            "Bittensor",
            "bittensor",
            ChainType::Local,
            presets::DEVELOPMENT,
        ),
        "local" => built_in("Bittensor", "bittensor", ChainType::Local, presets::LOCAL),
        "public" => built_in("Dendra", "dendra", ChainType::Live, presets::PUBLIC),
        path => from_file(path),
    }
}

fn built_in(name: &str, id: &str, kind: ChainType, preset: &str) -> Result<ChainSpec, String> {
    let wasm = WASM_BINARY.ok_or(
        "this node was built without a runtime (SKIP_WASM_BUILD); build it again without that variable",
    )?;
    let mut properties = Properties::new();
    properties.insert("tokenSymbol".into(), "TAO".into());
    properties.insert("tokenDecimals".into(), 9.into());
    properties.insert("ss58Format".into(), SS58_PREFIX.into());
    Ok(ChainSpec::builder(wasm, None)
        .with_name(name)
        .with_id(id)
        .with_protocol_id(id)
        .with_chain_type(kind)
        .with_properties(properties)
        .with_genesis_config_preset_name(preset)
        .build())
}

fn from_file(path: &str) -> Result<ChainSpec, String> {
    let file = std::path::Path::new(path);
    if !file.is_file() {
        return Err(format!(
            "there is no chain called '{path}' and no such file; \
             use --chain dev, --chain local, --chain public or the path of a chain spec"
        ));
    }
    ChainSpec::from_json_file(file.into())
        .map_err(|error| format!("the chain spec '{path}' cannot be used: {error}"))
}
