//! A chain without miners and validators: a node, and its progress.

use std::time::{Duration, Instant};

use neuron_operator::stop::Stop;
use serde_json::json;

use crate::{
    failure::{Failure, Outcome},
    guard::Guard,
    network::{Place, node_ports, node_recipe, wait_for_blocks},
    program::Process,
    rpc::Rpc,
    screen::Screen,
    session::Options,
};

const ENDING: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_secs(1);

/// Runs a chain until it is stopped or the wanted block is final. Whether it ended in order.
///
/// **Errors:** the node does not start, or ends by itself.
pub fn run(options: &Options, stop: &Stop) -> Outcome<bool> {
    let mut screen = Screen::open(options.json);
    let started = Instant::now();
    let place = Place::make(options.keep.as_deref())?;
    let guard = Guard::start()?;
    let ports = node_ports(options.ports())?;
    let mut node = Process::start(&guard, node_recipe(place.path(), ports)?)?;
    let rpc = Rpc::on(ports[0]);
    wait_for_blocks(&mut node, &rpc)?;
    let [first, second] = ports;
    screen.say(&format!(
        "
The chain runs; its first block came after {:.1} s.
  RPC            ws://127.0.0.1:{first} and ws://127.0.0.1:{second}
  look at it     https://polkadot.js.org/apps/?rpc=ws://127.0.0.1:{first}
  rich accounts  //Alice (sudo), //Bob, //Charlie: 1 000 000 TAO each
  log            {}
  stop it        Ctrl-C
",
        started.elapsed().as_secs_f64(),
        node.recipe().log.display()
    ));
    let followed = follow(&mut node, &rpc, options, stop, &mut screen);
    node.ask_to_end();
    let in_order = node.wait_for_end(Instant::now() + ENDING)?;
    followed?;
    if !in_order {
        screen.say("the node did not end within 30 s of being asked and was killed");
    }
    Ok(in_order)
}

fn follow(
    node: &mut Process,
    rpc: &Rpc,
    options: &Options,
    stop: &Stop,
    screen: &mut Screen,
) -> Outcome {
    let mut shown = None;
    while !stop.is_stopping() {
        if let Some(status) = node.ended() {
            return Err(Failure::new(format!(
                "the node ended with {status}:\n{}",
                node.log_end()
            )));
        }
        if let (Ok(best), Ok(last)) = (rpc.best(), rpc.finalized()) {
            if shown != Some(last) {
                shown = Some(last);
                if options.json {
                    let line = json!({ "kind": "progress", "best": best, "final": last });
                    if screen.tell(&line).is_err() {
                        return Ok(());
                    }
                } else {
                    screen.say(&format!("block {best} best, {last} final"));
                }
            }
            if options.until.is_some_and(|until| last >= until) {
                return Ok(());
            }
        }
        std::thread::sleep(PAUSE);
    }
    Ok(())
}
