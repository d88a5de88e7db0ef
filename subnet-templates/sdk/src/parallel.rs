//! Several computations at a time.

use std::thread;

/// Applies `compute` to all items, on at most `threads` threads; the results stand in the order of the items. Engines compute
/// what is asked at the same time together.
pub fn map<T: Sync, R: Send>(
    items: &[T],
    threads: usize,
    compute: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    let threads = threads.min(items.len());
    if threads <= 1 {
        return items.iter().map(compute).collect();
    }
    let compute = &compute;
    let mut results: Vec<(usize, R)> = thread::scope(|scope| {
        let share = |first| {
            scope.spawn(move || {
                let mine = items.iter().enumerate().skip(first).step_by(threads);
                mine.map(|(place, item)| (place, compute(item)))
                    .collect::<Vec<_>>()
            })
        };
        let workers: Vec<_> = (0..threads).map(share).collect();
        let joined = workers.into_iter().map(|worker| match worker.join() {
            Ok(results) => results,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        joined.flatten().collect()
    });
    results.sort_by_key(|(place, _)| *place);
    results.into_iter().map(|(_, result)| result).collect()
}
