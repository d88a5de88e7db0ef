//! Puts the parts of the client together.

use std::{sync::Arc, time::Duration};

use dendra_runtime::{Hash, apis::RuntimeApi, opaque::Block};
use futures::FutureExt;
use sc_client_api::{Backend, BlockBackend};
use sc_consensus_aura::{ImportQueueParams, SlotProportion, StartAuraParams};
use sc_consensus_grandpa::{GrandpaBlockImport, LinkHalf, SharedVoterState};
use sc_executor::WasmExecutor;
use sc_network::{Litep2pNetworkBackend, NetworkBackend, config::NetworkBackendType};
use sc_service::{
    ChainType, Configuration, Error, PartialComponents, TFullBackend, TFullClient, TaskManager,
    WarpSyncConfig,
};
use sc_telemetry::{Telemetry, TelemetryWorker};
use sc_transaction_pool::TransactionPoolHandle;
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_consensus_aura::sr25519::AuthorityPair as AuraPair;

#[cfg(not(feature = "runtime-benchmarks"))]
type HostFunctions = sp_io::SubstrateHostFunctions;
#[cfg(feature = "runtime-benchmarks")]
type HostFunctions = (
    sp_io::SubstrateHostFunctions,
    frame_benchmarking::benchmarking::HostFunctions,
);

pub(crate) type FullClient = TFullClient<Block, RuntimeApi, WasmExecutor<HostFunctions>>;
type FullBackend = TFullBackend<Block>;
type Network = Litep2pNetworkBackend;
type FullSelectChain = sc_consensus::LongestChain<FullBackend, Block>;
type FullPool = TransactionPoolHandle<Block, FullClient>;
type FinalityImport = GrandpaBlockImport<FullBackend, Block, FullClient, FullSelectChain>;
type FinalityLink = LinkHalf<Block, FullClient, FullSelectChain>;

/// A justification of finality is kept for every so many blocks, for those who sync later.
const JUSTIFICATION_PERIOD: u32 = 512;
/// Longest time that a finality vote is expected to travel.
const LONGEST_GOSSIP: Duration = Duration::from_millis(333);

/// What a subcommand needs besides client, backend and import queue.
pub(crate) struct Extras {
    finality_import: FinalityImport,
    finality_link: FinalityLink,
    telemetry: Option<Telemetry>,
}

pub(crate) type Parts = PartialComponents<
    FullClient,
    FullBackend,
    FullSelectChain,
    sc_consensus::DefaultImportQueue<Block>,
    FullPool,
    Extras,
>;

/// Opens the database and builds everything that needs no network.
pub(crate) fn new_partial(config: &Configuration) -> Result<Parts, Error> {
    let telemetry = config
        .telemetry_endpoints
        .clone()
        .filter(|endpoints| !endpoints.is_empty())
        .map(|endpoints| -> Result<_, sc_telemetry::Error> {
            let worker = TelemetryWorker::new(16)?;
            let telemetry = worker.handle().new_telemetry(endpoints);
            Ok((worker, telemetry))
        })
        .transpose()?;
    let executor = sc_service::new_wasm_executor::<HostFunctions>(&config.executor);
    let (client, backend, keystore_container, task_manager) =
        sc_service::new_full_parts::<Block, RuntimeApi, _>(
            config,
            telemetry.as_ref().map(|(_, telemetry)| telemetry.handle()),
            executor,
            Vec::new(),
        )?;
    let client = Arc::new(client);
    let telemetry = telemetry.map(|(worker, telemetry)| {
        task_manager
            .spawn_handle()
            .spawn("telemetry", None, worker.run());
        telemetry
    });
    let select_chain = sc_consensus::LongestChain::new(backend.clone());
    let transaction_pool = Arc::from(
        sc_transaction_pool::Builder::new(
            task_manager.spawn_essential_handle(),
            client.clone(),
            config.role.is_authority().into(),
        )
        .with_options(config.transaction_pool.clone())
        .with_prometheus(config.prometheus_registry())
        .build(),
    );
    let (finality_import, finality_link) = sc_consensus_grandpa::block_import(
        client.clone(),
        JUSTIFICATION_PERIOD,
        &client,
        select_chain.clone(),
        telemetry.as_ref().map(Telemetry::handle),
    )?;
    let slot_duration = sc_consensus_aura::slot_duration(&*client)?;
    let import_queue = sc_consensus_aura::import_queue::<AuraPair, _, _, _, _, _>(
        ImportQueueParams {
            block_import: finality_import.clone(),
            justification_import: Some(Box::new(finality_import.clone())),
            client: client.clone(),
            create_inherent_data_providers: move |_, ()| async move { Ok(inherents(slot_duration)) },
            spawner: &task_manager.spawn_essential_handle(),
            registry: config.prometheus_registry(),
            check_for_equivocation: Default::default(),
            telemetry: telemetry.as_ref().map(Telemetry::handle),
            compatibility_mode: Default::default(),
        },
    )?;
    Ok(PartialComponents {
        client,
        backend,
        task_manager,
        import_queue,
        keystore_container,
        select_chain,
        transaction_pool,
        other: Extras {
            finality_import,
            finality_link,
            telemetry,
        },
    })
}

/// What every block states about itself: the time, and the slot that follows from it.
fn inherents(
    slot_duration: sc_consensus_aura::SlotDuration,
) -> (
    sp_consensus_aura::inherents::InherentDataProvider,
    sp_timestamp::InherentDataProvider,
) {
    let timestamp = sp_timestamp::InherentDataProvider::from_system_time();
    let slot = sp_consensus_aura::inherents::InherentDataProvider::from_timestamp_and_slot_duration(
        *timestamp,
        slot_duration,
    );
    (slot, timestamp)
}

/// Starts a node.
pub(crate) fn new_full(mut config: Configuration) -> Result<TaskManager, Error> {
    if config.chain_spec.chain_type() != ChainType::Live {
        // A local network may consist of two nodes.
        config.network.min_peers_to_start_warp_sync.get_or_insert(1);
    }
    if !matches!(config.network.network_backend, NetworkBackendType::Litep2p) {
        return Err(Error::Other(
            "this node speaks through litep2p only; leave --network-backend out".into(),
        ));
    }
    let PartialComponents {
        client,
        backend,
        mut task_manager,
        import_queue,
        keystore_container,
        select_chain,
        transaction_pool,
        other:
            Extras {
                finality_import,
                finality_link,
                mut telemetry,
            },
    } = new_partial(&config)?;

    let mut net_config = sc_network::config::FullNetworkConfiguration::<Block, _, Network>::new(
        &config.network,
        config.prometheus_registry().cloned(),
    );
    let metrics = <Network as NetworkBackend<Block, Hash>>::register_notification_metrics(
        config.prometheus_registry(),
    );
    let genesis = client.block_hash(0)?.ok_or_else(|| {
        Error::Other("the database has no genesis block; start with a new --base-path".into())
    })?;
    let finality_protocol =
        sc_consensus_grandpa::protocol_standard_name(&genesis, &config.chain_spec);
    let (finality_protocol_config, finality_notifications) =
        sc_consensus_grandpa::grandpa_peers_set_config::<Block, Network>(
            finality_protocol.clone(),
            metrics.clone(),
            net_config.peer_store_handle(),
        );
    net_config.add_notification_protocol(finality_protocol_config);
    let warp_sync = Arc::new(sc_consensus_grandpa::warp_proof::NetworkProvider::new(
        backend.clone(),
        finality_link.shared_authority_set().clone(),
        Vec::new(),
    ));

    let (network, system_rpc_tx, tx_handler_controller, sync_service, _bitswap) =
        sc_service::build_network(sc_service::BuildNetworkParams {
            config: &config,
            net_config,
            client: client.clone(),
            transaction_pool: transaction_pool.clone(),
            spawn_handle: task_manager.spawn_handle(),
            spawn_essential_handle: task_manager.spawn_essential_handle(),
            import_queue,
            block_announce_validator_builder: None,
            warp_sync_config: Some(WarpSyncConfig::WithProvider(warp_sync)),
            block_relay: None,
            metrics,
            gap_sync_body_policy: None,
        })?;

    if config.offchain_worker.enabled {
        let workers = sc_offchain::OffchainWorkers::new(sc_offchain::OffchainWorkerOptions {
            runtime_api_provider: client.clone(),
            is_validator: config.role.is_authority(),
            keystore: Some(keystore_container.keystore()),
            offchain_db: backend.offchain_storage(),
            transaction_pool: Some(OffchainTransactionPoolFactory::new(
                transaction_pool.clone(),
            )),
            network_provider: Arc::new(network.clone()),
            enable_http_requests: false,
            custom_extensions: |_| Vec::new(),
        })?;
        task_manager.spawn_handle().spawn(
            "offchain-workers",
            "offchain",
            workers
                .run(client.clone(), task_manager.spawn_handle())
                .boxed(),
        );
    }

    let role = config.role;
    let force_authoring = config.force_authoring;
    let enable_finality = !config.disable_grandpa;
    let name = config.network.node_name.clone();
    let registry = config.prometheus_registry().cloned();
    let rpc_builder = {
        let client = client.clone();
        let pool = transaction_pool.clone();
        Box::new(move |_| {
            crate::rpc::mount(crate::rpc::Sources {
                client: client.clone(),
                pool: pool.clone(),
            })
            .map_err(Into::into)
        })
    };
    sc_service::spawn_tasks(sc_service::SpawnTasksParams {
        config,
        client: client.clone(),
        backend,
        task_manager: &mut task_manager,
        keystore: keystore_container.keystore(),
        transaction_pool: transaction_pool.clone(),
        rpc_builder,
        network: network.clone(),
        system_rpc_tx,
        tx_handler_controller,
        sync_service: sync_service.clone(),
        telemetry: telemetry.as_mut(),
        tracing_execute_block: None,
    })?;

    let slot_duration = sc_consensus_aura::slot_duration(&*client)?;
    if role.is_authority() {
        let proposer = sc_basic_authorship::ProposerFactory::new(
            task_manager.spawn_handle(),
            client.clone(),
            transaction_pool.clone(),
            registry.as_ref(),
            telemetry.as_ref().map(Telemetry::handle),
        );
        let aura = sc_consensus_aura::start_aura::<AuraPair, _, _, _, _, _, _, _, _, _, _>(
            StartAuraParams {
                slot_duration,
                client,
                select_chain,
                block_import: finality_import,
                proposer_factory: proposer,
                create_inherent_data_providers: move |_, ()| async move { Ok(inherents(slot_duration)) },
                force_authoring,
                // Blocks go on while finality waits for authorities that are away.
                backoff_authoring_blocks: None::<()>,
                keystore: keystore_container.keystore(),
                sync_oracle: sync_service.clone(),
                justification_sync_link: sync_service.clone(),
                block_proposal_slot_portion: SlotProportion::new(2f32 / 3f32),
                max_block_proposal_slot_portion: None,
                telemetry: telemetry.as_ref().map(Telemetry::handle),
                compatibility_mode: Default::default(),
            },
        )?;
        task_manager
            .spawn_essential_handle()
            .spawn_blocking("aura", Some("block-authoring"), aura);
    }

    if enable_finality {
        let config = sc_consensus_grandpa::Config {
            gossip_duration: LONGEST_GOSSIP.min(slot_duration.as_duration()),
            justification_generation_period: JUSTIFICATION_PERIOD,
            name: Some(name),
            observer_enabled: false,
            keystore: role.is_authority().then(|| keystore_container.keystore()),
            local_role: role,
            telemetry: telemetry.as_ref().map(Telemetry::handle),
            protocol_name: finality_protocol,
        };
        let voter = sc_consensus_grandpa::run_grandpa_voter(sc_consensus_grandpa::GrandpaParams {
            config,
            link: finality_link,
            network,
            sync: sync_service,
            notification_service: finality_notifications,
            voting_rule: sc_consensus_grandpa::VotingRulesBuilder::default().build(),
            prometheus_registry: registry,
            shared_voter_state: SharedVoterState::empty(),
            telemetry: telemetry.as_ref().map(Telemetry::handle),
            offchain_tx_pool_factory: OffchainTransactionPoolFactory::new(transaction_pool),
        })?;
        task_manager
            .spawn_essential_handle()
            .spawn_blocking("grandpa-voter", None, voter);
    }
    Ok(task_manager)
}
