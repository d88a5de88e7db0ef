//! What miner and validator share for the people who run them: configuration, logs, metrics, exit codes.
