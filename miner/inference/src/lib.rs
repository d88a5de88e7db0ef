//! Language models on Candle: loading, batching, sampling, teacher-forced scores.
