//! The networks that the node knows by name, built from the presets of the runtime.
//!
//! What such a network starts from is computed by this program itself: asking the runtime's wasm gives the same, but compiles it first, which
//! takes seconds.

use dendra_runtime::{
    RuntimeGenesisConfig, SS58_PREFIX, WASM_BINARY, genesis_config_presets as presets,
};
use sc_service::{ChainSpec as _, ChainType, GenericChainSpec, Properties};
use serde_json::Value;
use sp_runtime::{BuildStorage, Storage};
use sp_storage::well_known_keys::CODE;

/// A chain spec without extensions.
pub(crate) type ChainSpec = GenericChainSpec;

/// The spec that a name or a file stands for, with the configuration of its genesis where people may read and change it.
pub(crate) fn to_show(id: &str) -> Result<ChainSpec, String> {
    match named(id) {
        Some(network) => network.spec(),
        None => from_file(id),
    }
}

/// The same with the state that the chain starts from.
pub(crate) fn to_run(id: &str) -> Result<ChainSpec, String> {
    let Some(network) = named(id) else {
        return from_file(id);
    };
    let mut spec = network.spec()?;
    spec.set_storage(network.storage()?);
    Ok(spec)
}

/// A network that the node knows.
struct Network {
    name: &'static str,
    id: &'static str,
    kind: ChainType,
    preset: &'static str,
}

fn named(id: &str) -> Option<Network> {
    let local = |preset| Network {
        name: "Bittensor",
        id: "bittensor",
        kind: ChainType::Local,
        preset,
    };
    match id {
        "" | "dev" | "development" => Some(local(presets::DEVELOPMENT)),
        "local" => Some(local(presets::LOCAL)),
        "public" => Some(Network {
            name: "Dendra",
            id: "dendra",
            kind: ChainType::Live,
            preset: presets::PUBLIC,
        }),
        _ => None,
    }
}

fn wasm() -> Result<&'static [u8], String> {
    Ok(WASM_BINARY.ok_or(
        "this node was built without a runtime (SKIP_WASM_BUILD); build it again without that variable",
    )?)
}

impl Network {
    /// What the preset changes of the runtime's default configuration.
    fn patch(&self) -> Result<Value, String> {
        let patch = presets::get_preset(&self.preset.into())
            .ok_or_else(|| format!("the runtime has no preset '{}'", self.preset))?;
        serde_json::from_slice(&patch).map_err(|error| self.unusable(&error))
    }

    fn spec(&self) -> Result<ChainSpec, String> {
        let mut properties = Properties::new();
        properties.insert("tokenSymbol".into(), "TAO".into());
        properties.insert("tokenDecimals".into(), 9.into());
        properties.insert("ss58Format".into(), SS58_PREFIX.into());
        Ok(ChainSpec::builder(wasm()?, None)
            .with_name(self.name)
            .with_id(self.id)
            .with_protocol_id(self.id)
            .with_chain_type(self.kind.clone())
            .with_properties(properties)
            .with_genesis_config_patch(self.patch()?)
            .build())
    }

    fn storage(&self) -> Result<Storage, String> {
        let unusable = |error| self.unusable(&error);
        let mut config = serde_json::to_value(RuntimeGenesisConfig::default()).map_err(unusable)?;
        sc_chain_spec::json_merge(&mut config, self.patch()?);
        let config: RuntimeGenesisConfig = serde_json::from_value(config).map_err(unusable)?;
        let mut storage = config.build_storage()?;
        storage.top.insert(CODE.to_vec(), wasm()?.to_vec());
        Ok(storage)
    }

    fn unusable(&self, error: &serde_json::Error) -> String {
        format!("the preset '{}' cannot be used: {error}", self.preset)
    }
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
