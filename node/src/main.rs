//! The program `dendra-node`. It is this one line, since its version names the commit: whatever stands here is compiled again with every one.

use std::process::ExitCode;

fn main() -> ExitCode {
    dendra_node_service::run(env!("SUBSTRATE_CLI_IMPL_VERSION"))
}
