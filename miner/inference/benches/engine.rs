//! Prefill, decode and examination on random weights.

use criterion::{Criterion, Throughput};
use model_inference::{Options, random_llama};
use subnet_sdk::{GenerationRequest, LanguageModel, Sampling};

fn engine(criterion: &mut Criterion) {
    for quantised in [false, true] {
        let Ok(model) = random_llama(quantised, &Options::default()) else {
            panic!("no model");
        };
        let mut group = criterion.benchmark_group(model.name().to_owned());
        group.sample_size(10);
        let prompt: Vec<u32> = (1..129).collect();
        group.throughput(Throughput::Elements(128));
        group.bench_function("prefill of 128 tokens", |bencher| {
            bencher.iter(|| model.predict(&prompt, 1));
        });
        group.bench_function("examination of 128 tokens", |bencher| {
            bencher.iter(|| model.examine(&prompt, 1, 0, Some(&Sampling::GREEDY)));
        });
        for requests in [1u64, 8] {
            group.throughput(Throughput::Elements(16 * requests));
            group.bench_function(format!("decode of 16 tokens by {requests}"), |bencher| {
                bencher.iter(|| {
                    std::thread::scope(|scope| {
                        for seed in 0..requests {
                            let model = &model;
                            scope.spawn(move || {
                                let request = GenerationRequest {
                                    prompt: vec![seed as u32 + 1],
                                    limit: 16,
                                    sampling: Sampling::GREEDY,
                                    stops_at_end: false,
                                    candidates: 0,
                                };
                                model.generate(&request, &mut |_| true)
                            });
                        }
                    });
                });
            });
        }
        group.finish();
    }
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    engine(&mut criterion);
    criterion.final_summary();
}
