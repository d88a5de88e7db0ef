//! Numbers of tests, read from the closing lines of their runners.

/// How many tests passed and failed.
#[derive(Clone, Copy, Default)]
pub(crate) struct Count {
    /// Tests that passed.
    pub(crate) passed: u64,
    /// Tests that failed.
    pub(crate) failed: u64,
}

impl Count {
    /// Reads `Summary [ 1.2s] 34 tests run: 33 passed (1 slow), 1 failed, 0 skipped`.
    pub(crate) fn of_nextest(line: &str) -> Option<Self> {
        let line = line.trim_start();
        if !line.starts_with("Summary [") {
            return None;
        }
        let (_, results) = line.split_once("run:")?;
        let number = |word: &str| {
            results
                .split(',')
                .filter_map(|part| part.trim().split_once(' '))
                .filter(|(_, name)| name.split_whitespace().next() == Some(word))
                .find_map(|(count, _)| count.parse::<u64>().ok())
                .unwrap_or(0)
        };
        Some(Self {
            passed: number("passed"),
            failed: number("failed") + number("timed"),
        })
    }
}

impl Count {
    /// Reads `test result: ok. 3 passed; 1 failed; 0 ignored; …`.
    pub(crate) fn of_cargo_test(line: &str) -> Option<Self> {
        let (_, results) = line.strip_prefix("test result:")?.split_once(". ")?;
        let number = |word: &str| {
            results
                .split(';')
                .filter_map(|part| part.trim().split_once(' '))
                .find(|(_, name)| *name == word)
                .and_then(|(count, _)| count.parse::<u64>().ok())
        };
        Some(Self {
            passed: number("passed")?,
            failed: number("failed")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Count;

    #[test]
    fn the_summary_of_the_rust_tests_is_read() {
        let count = |line| Count::of_nextest(line).map(|count| (count.passed, count.failed));
        assert_eq!(
            count(
                "     Summary [   1.234s] 34 tests run: 31 passed (2 slow), 2 failed, 1 timed out, 3 skipped"
            ),
            Some((31, 3))
        );
        assert_eq!(
            count("Summary [   0.1s] 5 tests run: 5 passed, 0 skipped"),
            Some((5, 0))
        );
        assert_eq!(count("     PASS [   0.1s] a test"), None);
    }

    #[test]
    fn the_summary_of_the_examples_is_read() {
        let line = "test result: FAILED. 3 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out";
        let count = Count::of_cargo_test(line).map(|count| (count.passed, count.failed));
        assert_eq!(count, Some((3, 1)));
        assert!(Count::of_cargo_test("test a ... ok").is_none());
    }
}
