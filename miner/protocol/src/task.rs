//! The address of a subnet's task at a miner.

/// The path of the task: `/v1/task/{netuid}/{template}`.
pub fn task_path(netuid: u16, template: &str) -> String {
    format!("/v1/task/{netuid}/{template}")
}

/// A task's path, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskPath {
    /// Subnet.
    pub netuid: u16,
    /// Name of its template.
    pub template: String,
}

impl TaskPath {
    /// Reads a path without query; only the spelling of [`task_path`] is accepted.
    pub fn read(path: &str) -> Option<Self> {
        let (netuid, template) = path.strip_prefix("/v1/task/")?.split_once('/')?;
        let read = Self {
            netuid: netuid.parse().ok()?,
            template: template.into(),
        };
        let name = !template.is_empty()
            && template
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        (name && task_path(read.netuid, template) == path).then_some(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_have_one_spelling() {
        let expected = TaskPath {
            netuid: 7,
            template: "next-token".into(),
        };
        assert_eq!(TaskPath::read(&task_path(7, "next-token")), Some(expected));
        for path in [
            "/v1/task/07/custom",
            "/v1/task/+7/custom",
            "/v1/task/70000/custom",
            "/v1/task/7/",
            "/v1/task/7",
            "/v1/task/7/cus/tom",
            "/v1/task/7/Custom",
            "/v2/task/7/custom",
        ] {
            assert_eq!(TaskPath::read(path), None, "{path}");
        }
    }
}
